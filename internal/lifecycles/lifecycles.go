// Package lifecycles lists every lifecycle of the product under the name that the contract gives it
// (x-lifecycle). docs/lifecycles.md is drawn from the list, and the tests reach every status in it.
package lifecycles

import (
	"slices"

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

// Drawing is a lifecycle table as it is shown. The table does not say where a record starts.
type Drawing struct {
	Name  string // as in x-lifecycle, and the anchor in docs/lifecycles.md
	Table string // the variable, such as cycle.Lifecycle
	Title string
	About string
	Start string
	Moves []lifecycle.Move
}

// All is every lifecycle, in the order of a year.
var All = []Drawing{
	{"cycle", "cycle.Lifecycle", "Cycle", "The appraisal year of a trust: a draft while its dates and tables are prepared, open while it is worked in, and history once it is closed.",
		string(cycle.Draft), cycle.Lifecycle.Moves()},
	{"appraisal-stage", "appraisal.StageLifecycle", "Appraisal: stage", "How far one person's year is, from setting objectives to the released outcome.",
		string(appraisal.Setting), appraisal.StageLifecycle.Moves()},
	{"appraisal-status", "appraisal.StatusLifecycle", "Appraisal: status", "Whether the appraisal is under way. It ends before its time when somebody leaves, and closes with its cycle. " +
		"A capability process suspends it, or ends it without an outcome (transferred), as the policy has it.",
		string(appraisal.Open), appraisal.StatusLifecycle.Moves()},
	{"objective-approval", "objective.ApprovalLifecycle", "Objective: approval", "How far the agreement on an objective is. One that was agreed once stays live while a change to it is amending, proposed, " +
		"sent back or escalated, and only such a change can be discarded. Escalated is a disagreement that was handed on; it is determined from proposed or " +
		"changes_requested only where the policy lets the reviewer settle it.",
		string(objective.Draft), objective.ApprovalLifecycle.Moves()},
	{"objective-completion", "objective.CompletionLifecycle", "Objective: completion", "Whether an objective is complete, whatever its approval.",
		string(objective.Incomplete), objective.CompletionLifecycle.Moves()},
	{"objective-validation", "objective.ValidationLifecycle", "Objective: validation", "Whether a complete objective was achieved, as validated at year end.",
		string(objective.Unvalidated), objective.ValidationLifecycle.Moves()},
	{"self-assessment", "assessment.Lifecycle", "Self-assessment", "What somebody says of themselves against standards. Whoever rates again has not finished; a reset clears what was said and makes it private.",
		string(assessment.Started), assessment.Lifecycle.Moves()},
	{"check-in", "checkin.Lifecycle", "Check-in", "What a person writes in a window of the year. A draft is seen by its author alone, and what was sent is never changed; the reviewer acknowledges it and may go on commenting.",
		string(checkin.Draft), checkin.Lifecycle.Moves()},
	{"meeting", "meeting.Lifecycle", "Meeting", "A planned meeting and its record. Whoever drafts the record alone sees it until it is shared, unless the trust shows drafts to the reviewee; then it is answered by the reviewee, once. " +
		"It is final, unless the trust lets its writer open it again; what was shared is then kept.",
		string(meeting.Scheduled), meeting.Lifecycle.Moves()},
	{"concern", "concern.Lifecycle", "Concern", "A concern about somebody's work: informal, or raised as a formal record, which is frozen when it is confirmed. Monitoring may be extended; it ends in the concern being closed, " +
		"or in a capability process. A serious concern goes there at once where the policy has it so.",
		string(concern.Informal), concern.Lifecycle.Moves()},
	{"policy-override", "policy.OverrideLifecycle", "Policy override", "What a school proposes for its own layer of a policy. HR takes it into the draft or declines it with a reason; what was decided stays decided.",
		string(policy.Proposed), policy.OverrideLifecycle.Moves()},
	{"access-grant", "privacy.GrantLifecycle", "Access grant", "Somebody who is no party was let in to read an appraisal for a purpose. It ends by itself after its last day, and before that where whoever may give it ends it.",
		string(privacy.Given), privacy.GrantLifecycle.Moves()},
	{"breach", "privacy.BreachLifecycle", "Breach", "A record was read wrongly. HR records what was found, as often as there is more, and closes it when something was done about it.",
		string(privacy.Reported), privacy.BreachLifecycle.Moves()},
	{"correction", "report.Lifecycle", "Correction", "Something in a released outcome that is put right beside it. What was decided on it stays decided; the person may put their disagreement beside a refusal.",
		string(report.Requested), report.Lifecycle.Moves()},
	{"step", "yearend.Lifecycle", "Step", "One step of the outcome or pay chain. Only a comment or a signature is declined, and a decision is never skipped. " +
		"A later step returns the chain to it, with a reason, until the chain is released; the steps in between open again too.",
		string(yearend.Open), yearend.Lifecycle.Moves()},
	{"deferral", "yearend.DeferralLifecycle", "Deferral", "Something of the outcome that waits for examination results while the rest goes on: an objective, the whole outcome, or the confirmation of a rating that was provisional.",
		string(yearend.Awaiting), yearend.DeferralLifecycle.Moves()},
	{"appeal", "appeal.Lifecycle", "Appeal", "An appeal against the decision on pay or against the statement. One that comes late starts as awaiting_admission; any other starts as lodged. " +
		"It goes on from decided where the person takes it before the next stage.",
		string(appeal.Lodged), appeal.Lifecycle.Moves()},
}

// InOrder returns the moves as a record meets them: those from its start, then those from wherever
// they lead.
func (d Drawing) InOrder() []lifecycle.Move {
	var out []lifecycle.Move
	met := []string{d.Start}
	for i := 0; i < len(met); i++ {
		for _, m := range d.Moves {
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

// Statuses returns every status that is drawn, as a record meets them.
func (d Drawing) Statuses() []string {
	out := []string{d.Start}
	for _, m := range d.InOrder() {
		if !slices.Contains(out, m.To) {
			out = append(out, m.To)
		}
	}
	return out
}
