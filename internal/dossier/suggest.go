package dossier

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/policy"
)

// Suggestion is what can be quoted into an open step of the caller. Nothing of it is written: whoever
// does the step takes what they want of it.
type Suggestion struct {
	Step     appraisal.ChainStep
	Sections []Quote
}

// Quote is text for one section of a form; ObjectiveID says for which objective, where the section is
// asked for each. Sources are those of its lines, in order.
type Quote struct {
	Section     *form.Section
	ObjectiveID *uuid.UUID
	Text        string
	Sources     []Source
}

// line is one quotation.
type line struct {
	text   string
	source Source
}

// suggest offers quotations for the open steps of the caller.
func suggest(y *Year, m *Material) []Suggestion {
	var out []Suggestion
	c := m.Case
	if len(c.UnderWay()) > 0 {
		return nil
	}
	for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
		for _, step := range c.Chain(chain) {
			f, ok := c.Rules().Forms[step.Rule.Form]
			if !ok || step.State != appraisal.StepOpen || !slices.Contains(c.Who(step.Rule.Party, c.Barred(step)...), c.Actor.PersonID) {
				continue
			}
			q := quoting{y: y, m: m, states: slices.Contains(step.Rule.Acts, "state")}
			if q.run(f); len(q.found) > 0 {
				out = append(out, Suggestion{step, q.found})
			}
		}
	}
	return out
}

// quoting finds what the sections of one form can quote. What is not from a check-in is offered once:
// of an objective in the first text that is asked for each, and what the reviewer wrote in the first
// text of a statement that quotes nothing else.
type quoting struct {
	y                *Year
	m                *Material
	states           bool
	perDone, allDone bool
	found            []Quote
}

func (q *quoting) run(f form.Form) {
	for i := range f.Sections {
		s := &f.Sections[i]
		switch {
		case s.Kind != form.Text:
		case s.Per != "":
			q.each(s)
		case len(s.Prefill) > 0:
			q.add(s, nil, q.checkIns(s, func(v any) any { return v }))
		case q.states && !q.allDone:
			q.allDone = true
			q.add(s, nil, q.reviewers())
		}
	}
}

func (q *quoting) add(s *form.Section, objective *uuid.UUID, lines []line) {
	if len(lines) == 0 {
		return
	}
	texts, sources := make([]string, len(lines)), make([]Source, len(lines))
	for i, l := range lines {
		texts[i], sources[i] = l.text, l.source
	}
	text, n := s.Join(texts)
	q.found = append(q.found, Quote{Section: s, ObjectiveID: objective, Text: text, Sources: sources[:n]})
}

// each quotes what concerns one objective after another.
func (q *quoting) each(s *form.Section) {
	first := !q.perDone
	q.perDone = true
	for i := range q.y.Objectives {
		o := &q.y.Objectives[i]
		if !o.Counts {
			continue
		}
		lines := q.checkIns(s, func(v any) any { of, _ := v.(map[string]any); return of[o.ID.String()] })
		for _, e := range o.Entries {
			if first && (e.Kind == "note" || e.Kind == "evidence" || e.Kind == "answer" && e.Source.Kind == "meeting") {
				lines = append(lines, e.line())
			}
		}
		q.add(s, &o.ID, lines)
	}
}

func (e Entry) line() line { return line{form.Line(e.from, e.On, e.Text), e.Source} }

// checkIns quotes the sections of the check-ins that a section names, where they feed the year's end.
func (q *quoting) checkIns(s *form.Section, of func(any) any) []line {
	var out []line
	if !q.m.Case.Rules().CheckIns.FeedYearEnd {
		return nil
	}
	for _, k := range q.m.CheckIns {
		for _, code := range s.Prefill {
			if text, _ := of(k.Answers[code]).(string); text != "" {
				sent := form.Sent{N: k.Window.N, SentOn: k.SentOn}
				out = append(out, line{sent.Line(text), Source{Kind: "check_in", ID: k.ID}})
			}
		}
	}
	return out
}

// reviewers quotes what the reviewer has written in the year, and the records of meetings.
func (q *quoting) reviewers() []line {
	var out []line
	for i := range q.y.Meetings {
		for _, e := range q.y.Meetings[i].Entries {
			if e.Kind == "answer" {
				out = append(out, e.line())
			}
		}
	}
	for _, e := range q.y.General {
		if e.Source.Kind == "note" && e.Party == policy.Reviewer {
			out = append(out, e.line())
		}
	}
	return out
}
