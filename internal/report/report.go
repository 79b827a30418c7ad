package report

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/yearend"
)

// Material is what the report of a year is made of. Everything in it is what the caller may read of
// that very thing.
type Material struct {
	Case        *appraisal.Case
	Following   bool // the caller reviews the person in the year after
	Steps       []yearend.Step
	Ratings     []yearend.Rating
	Objectives  []*objective.Aggregate
	Judgements  []yearend.Judgement // that count now
	Assessments []*assessment.Aggregate
	Recommended *pay.Recommendation // the one that counts
	Decision    *pay.Decision
	Corrections []*Matter
}

// Section is a section of the report as the caller receives it. Only what it holds is filled.
type Section struct {
	Rule        *policy.ReportSection
	DueOn       schooltime.Date
	ReceivedOn  schooltime.Date
	Late        bool
	Refusal     *fault.Refusal // why it is not visible yet
	Objectives  []*objective.Aggregate
	Assessments []*assessment.Aggregate
	Ratings     []yearend.Rating
	Answers     []Answers
	Needs       []Need
	Recommended *pay.Recommendation
	Decision    *pay.Decision
	Steps       []*yearend.Aggregate // comments or signatures
}

// Answers are what one step has said.
type Answers struct {
	Step  *yearend.Aggregate
	Parts []string // the sections of its form; nil: all
}

// Sections are the sections of the step's form that belong to the report.
func (a Answers) Sections() []form.Section {
	f := a.Step.Form()
	if f == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.Sections), func(s form.Section) bool {
		return len(a.Parts) > 0 && !slices.Contains(a.Parts, s.Code)
	})
}

// Need is a development need, with where it was said.
type Need struct {
	Source   string // objective or self_assessment
	SourceID uuid.UUID
	Text     string
}

// Store reads what reports are made of. Whatever the caller may not read is fault.Gone.
type Store interface {
	// Material reads a year; somebody who is no party leaves a disclosure.
	Material(ctx context.Context, appraisalID uuid.UUID) (*Material, error)
	// Start reads an appraisal, and the released year before it in the same post as far as the caller
	// may read it; nil where there is none.
	Start(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, *Material, error)
	GovernorsStore
}

// Service is the use cases of reports.
type Service struct{ store Store }

// NewService returns the use cases over a store.
func NewService(store Store) *Service { return &Service{store} }

// Get reads the report of a year.
func (s *Service) Get(ctx context.Context, appraisalID uuid.UUID) (*Material, error) {
	return s.store.Material(ctx, appraisalID)
}

// Start reads what a year starts from.
func (s *Service) Start(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, *Material, error) {
	return s.store.Start(ctx, appraisalID)
}

// ReleasedOn is the day of the release, or no day.
func (m *Material) ReleasedOn() schooltime.Date {
	var day schooltime.Date
	if m.Case.Stage != appraisal.Released {
		return day
	}
	for _, s := range m.Case.Chain(appraisal.OutcomeChain) {
		if s.Rule.Required && s.Settled() {
			day = schooltime.Max(day, s.DoneOn)
		}
	}
	return day
}

// parties are as what the caller receives the report.
func (m *Material) parties() []policy.Party {
	c := m.Case
	me := c.Actor.PersonID
	if me == c.PersonID {
		return []policy.Party{policy.Reviewee}
	}
	var out []policy.Party
	if m.Following || slices.Contains(c.Who(policy.Reviewer), me) {
		out = append(out, policy.Reviewer)
	}
	if c.Actor.Heads(c.UnitID) || c.LetIn() || slices.Contains(c.Who(policy.Head), me) || slices.Contains(c.Seated(appraisal.AppealDuty), me) {
		out = append(out, policy.Head)
	}
	if c.Actor.Has(access.HR) || slices.Contains(c.Who(policy.HR), me) {
		out = append(out, policy.HR)
	}
	return out
}

// receives says whether the caller is one of the parties to whom a section goes. Whoever was let in
// receives what is said on pay only where that is what they were let in for.
func (m *Material) receives(r *policy.ReportSection, mine []policy.Party) bool {
	if r.Holds == "pay" && m.Case.LetIn() && !m.Case.LetInFor("pay_decision") && len(pay.Reading(m.Case)) > 0 {
		return false
	}
	return slices.ContainsFunc(r.To, func(p policy.Party) bool {
		return slices.Contains(mine, p) || p != policy.Reviewee && slices.Contains(m.Case.Who(p), m.Case.Actor.PersonID)
	})
}

// Sections are the sections of the trust's report that the caller receives, in its order.
func (m *Material) Sections() []Section {
	rules, mine := m.Case.Rules().Report.Sections, m.parties()
	if len(rules) == 0 {
		rules = whateverStepsHold(m.Case)
	}
	out := []Section{}
	for i := range rules {
		if m.receives(&rules[i], mine) {
			out = append(out, m.section(&rules[i]))
		}
	}
	return out
}

// whateverStepsHold is the report of a trust that says nothing of its sections.
func whateverStepsHold(c *appraisal.Case) []policy.ReportSection {
	everybody := []policy.Party{policy.Reviewee, policy.Reviewer, policy.Head, policy.HR}
	var out []policy.ReportSection
	for _, s := range c.Chain(appraisal.OutcomeChain) {
		if s.Rule.Form != "" {
			out = append(out, policy.ReportSection{Code: s.Rule.Code, Label: s.Rule.Label, Holds: "answers", Step: s.Rule.Code, To: everybody})
		}
	}
	if len(c.Rules().Outcome.Scale) > 0 {
		out = append(out, policy.ReportSection{Code: "rating", Label: "Rating", Holds: "rating", To: everybody})
	}
	return out
}
