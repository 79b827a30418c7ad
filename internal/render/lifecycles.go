package main

import (
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/concern"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/privacy"
	"github.com/perennial-api/perennial/internal/report"
	"github.com/perennial-api/perennial/internal/yearend"
)

// drawing is a lifecycle table as it is shown. The table does not say where a record starts.
type drawing struct {
	table string // the variable, such as cycle.Lifecycle
	title string
	about string
	start string
	moves []lifecycle.Move
}

var drawings = []drawing{
	{"cycle.Lifecycle", "Cycle", "The appraisal year of a trust: a draft while its dates and tables are prepared, open while it is worked in, and history once it is closed.",
		string(cycle.Draft), cycle.Lifecycle.Moves()},
	{"appraisal.StageLifecycle", "Appraisal: stage", "How far one person's year is, from setting objectives to the released outcome.",
		string(appraisal.Setting), appraisal.StageLifecycle.Moves()},
	{"appraisal.StatusLifecycle", "Appraisal: status", "Whether the appraisal is under way. It ends before its time when somebody leaves, and closes with its cycle. " +
		"A capability process suspends it, or ends it without an outcome (transferred), as the policy has it.",
		string(appraisal.Open), appraisal.StatusLifecycle.Moves()},
	{"objective.ApprovalLifecycle", "Objective: approval", "How far the agreement on an objective is. One that was agreed once stays live while a change to it is amending, proposed, " +
		"sent back or escalated, and only such a change can be discarded. Escalated is a disagreement that was handed on; it is determined from proposed or " +
		"changes_requested only where the policy lets the reviewer settle it.",
		string(objective.Draft), objective.ApprovalLifecycle.Moves()},
	{"objective.CompletionLifecycle", "Objective: completion", "Whether an objective is complete, whatever its approval.",
		string(objective.Incomplete), objective.CompletionLifecycle.Moves()},
	{"objective.ValidationLifecycle", "Objective: validation", "Whether a complete objective was achieved, as validated at year end.",
		string(objective.Unvalidated), objective.ValidationLifecycle.Moves()},
	{"assessment.Lifecycle", "Self-assessment", "What somebody says of themselves against standards. Whoever rates again has not finished; a reset clears what was said and makes it private.",
		string(assessment.Started), assessment.Lifecycle.Moves()},
	{"checkin.Lifecycle", "Check-in", "What a person writes in a window of the year. A draft is seen by its author alone, and what was sent is never changed; the reviewer acknowledges it and may go on commenting.",
		string(checkin.Draft), checkin.Lifecycle.Moves()},
	{"meeting.Lifecycle", "Meeting", "A planned meeting and its record. Whoever drafts the record alone sees it until it is shared, unless the trust shows drafts to the reviewee; then it is answered by the reviewee, once. " +
		"It is final, unless the trust lets its writer open it again; what was shared is then kept.",
		string(meeting.Scheduled), meeting.Lifecycle.Moves()},
	{"concern.Lifecycle", "Concern", "A concern about somebody's work: informal, or raised as a formal record, which is frozen when it is confirmed. Monitoring may be extended; it ends in the concern being closed, " +
		"or in a capability process. A serious concern goes there at once where the policy has it so.",
		string(concern.Informal), concern.Lifecycle.Moves()},
	{"policy.OverrideLifecycle", "Policy override", "What a school proposes for its own layer of a policy. HR takes it into the draft or declines it with a reason; what was decided stays decided.",
		string(policy.Proposed), policy.OverrideLifecycle.Moves()},
	{"privacy.GrantLifecycle", "Access grant", "Somebody who is no party was let in to read an appraisal for a purpose. It ends by itself after its last day, and before that where whoever may give it ends it.",
		string(privacy.Given), privacy.GrantLifecycle.Moves()},
	{"privacy.BreachLifecycle", "Breach", "A record was read wrongly. HR records what was found, as often as there is more, and closes it when something was done about it.",
		string(privacy.Reported), privacy.BreachLifecycle.Moves()},
	{"report.Lifecycle", "Correction", "Something in a released outcome that is put right beside it. What was decided on it stays decided; the person may put their disagreement beside a refusal.",
		string(report.Requested), report.Lifecycle.Moves()},
	{"yearend.Lifecycle", "Step", "One step of the outcome or pay chain. Only a comment or a signature is declined, and a decision is never skipped. " +
		"A later step returns the chain to it, with a reason, until the chain is released; the steps in between open again too.",
		string(yearend.Open), yearend.Lifecycle.Moves()},
	{"yearend.DeferralLifecycle", "Deferral", "Something of the outcome that waits for examination results while the rest goes on: an objective, the whole outcome, or the confirmation of a rating that was provisional.",
		string(yearend.Awaiting), yearend.DeferralLifecycle.Moves()},
	{"appeal.Lifecycle", "Appeal", "An appeal against the decision on pay or against the statement. One that comes late starts as awaiting_admission; any other starts as lodged. " +
		"It goes on from decided where the person takes it before the next stage.",
		string(appeal.Lodged), appeal.Lifecycle.Moves()},
}

const aboutLifecycles = `# Lifecycles

<!-- Rendered from the lifecycle tables by internal/render; do not edit. -->

A status moves by its table and in no other way. Whether somebody may cause an event now is said by the trust's policy,
the dates and the record; each record answers it in ` + "`allowed_actions`" + `. An event that the table does not have for a
status is refused with 409 ` + "`wrong_status`" + `.
`

// renderLifecycles writes docs/lifecycles.md: every table as a diagram and as rows.
func renderLifecycles() []byte {
	m := &markdown{}
	m.line("%s", aboutLifecycles)
	for _, d := range drawings {
		m.line("## %s\n\n%s\n\n`%s`\n\n```mermaid\nstateDiagram-v2", d.title, d.about, d.table)
		m.line("    [*] --> %s", d.start)
		for _, a := range d.arrows() {
			m.line("    %s", a)
		}
		m.line("```\n")
		m.table("from", "event", "to")
		for _, move := range d.inOrder() {
			m.row(move.From, move.Event, move.To)
		}
		m.line("")
	}
	return []byte(m.String())
}

// inOrder returns the moves as a record meets them: those from its start, then those from wherever
// they lead.
func (d drawing) inOrder() []lifecycle.Move {
	var out []lifecycle.Move
	met := []string{d.start}
	for i := 0; i < len(met); i++ {
		for _, m := range d.moves {
			if m.From != met[i] {
				continue
			}
			out = append(out, m)
			if !slices.Contains(met, m.To) {
				met = append(met, m.To)
			}
		}
	}
	return out
}

// arrows draws events between the same two statuses as one arrow, and the end of whatever has no
// way on.
func (d drawing) arrows() []string {
	var arrows, ends []string
	moves := d.inOrder()
	for i, m := range moves {
		same := func(o lifecycle.Move) bool { return o.From == m.From && o.To == m.To }
		if slices.IndexFunc(moves, same) == i {
			arrows = append(arrows, m.From+" --> "+m.To+": "+strings.Join(d.events(same), ", "))
		}
		if !slices.ContainsFunc(moves, func(o lifecycle.Move) bool { return o.From == m.To && o.To != m.To }) && !slices.Contains(ends, m.To) {
			ends = append(ends, m.To)
		}
	}
	for _, status := range ends {
		arrows = append(arrows, status+" --> [*]")
	}
	return arrows
}

func (d drawing) events(of func(lifecycle.Move) bool) []string {
	var out []string
	for _, m := range d.moves {
		if of(m) {
			out = append(out, m.Event)
		}
	}
	return out
}
