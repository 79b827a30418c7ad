package report

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/yearend"
)

func (m *Material) section(r *policy.ReportSection) Section {
	s := Section{Rule: r}
	s.DueOn, _ = r.Due.On(m.Case.Anchors())                               // a rule that is absent yields no day
	if r.Holds != "answers" || r.Step == "" || m.Case.DoneAgain(r.Step) { // all but what the reviewee wrote before, which stands
		s.DueOn = m.Case.DueAnew(s.DueOn)
	}
	switch r.Holds {
	case "objectives":
		s.Objectives, s.ReceivedOn = m.Objectives, m.ReleasedOn()
	case "standards":
		s.Assessments, s.ReceivedOn = m.Assessments, m.ReleasedOn()
	case "development":
		s.Needs, s.ReceivedOn = m.needs(), m.ReleasedOn()
	case "rating":
		m.rating(&s)
	case "answers":
		m.answers(&s)
	case "pay":
		m.pay(&s)
	case "comments":
		s.Steps = m.doing("comment")
	case "signatures":
		s.Steps = m.doing("sign")
	}
	s.late(m.Case.Today)
	return s
}

// late marks a section that its parties received after its day, or have not received yet.
func (s *Section) late(today schooltime.Date) {
	for _, a := range s.Steps {
		if a.Rule.Settled() {
			s.ReceivedOn = schooltime.Max(s.ReceivedOn, a.Rule.DoneOn)
		}
	}
	if s.DueOn.IsZero() {
		return
	}
	if s.ReceivedOn.IsZero() {
		s.Late = today.After(s.DueOn)
		return
	}
	s.Late = s.ReceivedOn.After(s.DueOn)
}

// needs are the development needs of the year that the caller may read: what agreed objectives
// need, and what the person proposed beside their self-assessments.
func (m *Material) needs() []Need {
	out := []Need{}
	for _, o := range m.Objectives {
		if o.Live != nil && o.Live.CPDSupport != "" {
			out = append(out, Need{"objective", o.ID, o.Live.CPDSupport})
		}
	}
	for _, a := range m.Assessments {
		for _, p := range a.CPD {
			out = append(out, Need{"self_assessment", a.ID, p.Text})
		}
	}
	return out
}

// Judged are the judgements of an objective that the caller may see, by the rule that shows them
// wherever they are read.
func (m *Material) Judged(objective uuid.UUID) []yearend.Judgement {
	var out []yearend.Judgement
	shown := &yearend.JudgedObjective{Case: m.Case}
	for _, j := range m.Judgements {
		if j.ObjectiveID == objective && shown.Visible(j) {
			out = append(out, j)
		}
	}
	return out
}

func (m *Material) rating(s *Section) {
	for _, r := range yearend.VisibleRatings(m.Case, m.Ratings) {
		if r.Kind == yearend.Decided {
			s.Ratings, s.ReceivedOn = append(s.Ratings, r), m.ReleasedOn()
		}
	}
	if len(s.Ratings) > 0 {
		return
	}
	if s.Refusal = yearend.OutcomeVisible(m.Case); s.Refusal == nil {
		s.Refusal = &fault.Refusal{Code: "not_rated", Detail: "The year has no rating.", Policy: m.Case.Policy.Cite(&m.Case.Rules().Outcome.Method)}
	}
}

// pay is what the report recommends, and what was decided on it. A recommendation that is made in the
// pay chain, after the report, is none of the report's; one is read by whoever reads the pay.
func (m *Material) pay(s *Section) {
	if r := m.Recommended; r != nil && strings.HasPrefix(r.Step, appraisal.OutcomeChain+".") && yearend.OutcomeVisible(m.Case) == nil && len(pay.Reading(m.Case)) == 0 {
		s.Recommended = r
	}
	if s.Decision = m.Decision; s.Decision != nil {
		s.ReceivedOn = s.Decision.ToldOn
		return
	}
	if s.Recommended != nil {
		return
	}
	s.Refusal = &fault.Refusal{Code: "pay_not_decided", Detail: "Pay is not decided yet.", Unblock: "The steps of the pay chain are completed."}
}

// answers fills a section with what its step has said; without one, with what the steps that state
// have.
func (m *Material) answers(s *Section) {
	for _, a := range m.aggregates() {
		if a.Rule.Chain != appraisal.OutcomeChain || s.Rule.Step != "" && a.Rule.Rule.Code != s.Rule.Step || s.Rule.Step == "" && !a.Does("state") {
			continue
		}
		switch {
		case !a.Rule.Settled():
			s.Refusal = &fault.Refusal{Code: "not_written_yet", Detail: a.Rule.Rule.Label + " is not done yet.",
				Unblock: a.Rule.Name() + " is completed by " + m.Case.PartyName(a.Rule.Rule.Party) + "."}
		case a.Result != yearend.Done:
			s.Refusal = &fault.Refusal{Code: "not_written", Detail: a.Rule.Rule.Label + " was not written."}
		case !a.Visible():
			if s.Refusal = yearend.OutcomeVisible(m.Case); s.Refusal == nil {
				s.Refusal = &fault.Refusal{Code: "outcome_not_released", Detail: "This is read when the outcome is released.", Unblock: "The remaining steps of the outcome chain are completed."}
			}
		default:
			s.Answers, s.ReceivedOn = append(s.Answers, Answers{a, s.Rule.Parts}), schooltime.Max(s.ReceivedOn, m.receivedOn(s.Rule, a))
		}
	}
	if len(s.Answers) > 0 {
		s.Refusal = nil
	}
}

// receivedOn is the day on which all parties of a section have what a step said: with its release,
// where the person is one of them and sees it no earlier.
func (m *Material) receivedOn(r *policy.ReportSection, a *yearend.Aggregate) schooltime.Date {
	if slices.Contains(r.To, policy.Reviewee) && a.Rule.Rule.Party != policy.Reviewee && m.Case.Rules().Outcome.Visible == "released" {
		return m.ReleasedOn()
	}
	return a.Rule.DoneOn
}

// doing are the steps of the outcome chain with an act.
func (m *Material) doing(act string) []*yearend.Aggregate {
	return slices.DeleteFunc(m.aggregates(), func(a *yearend.Aggregate) bool {
		return a.Rule.Chain != appraisal.OutcomeChain || !a.Does(act)
	})
}

// aggregates are the steps of the outcome chain with what is stored of them.
func (m *Material) aggregates() []*yearend.Aggregate {
	var out []*yearend.Aggregate
	for _, rule := range m.Case.Chain(appraisal.OutcomeChain) {
		a := &yearend.Aggregate{Rule: rule, Case: m.Case, Ratings: m.Ratings}
		for _, s := range m.Steps {
			if s.Chain == rule.Chain && s.Code == rule.Rule.Code {
				a.Step = s
			} else if s.Chain == rule.Chain {
				a.Siblings = append(a.Siblings, s)
			}
		}
		out = append(out, a)
	}
	return out
}
