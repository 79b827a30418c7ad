package appeal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Year is an appraisal as appeals begin from it.
type Year struct {
	Case      *appraisal.Case
	Decisions []pay.Decision // on pay, the first one first, each with the day on which the person was told
	Earlier   []uuid.UUID    // who did steps of earlier rounds
	Appeals   []*Aggregate   // the first one first
}

// Option is what may be appealed against, whether it may be now or not.
type Option struct {
	*Year
	Against Against
}

// Options are the two.
func (y *Year) Options() []Option { return []Option{{y, Pay}, {y, Statement}} }

// basis is the decision on pay that an appeal would be against, or nil: the last that the person was
// told of and that was not itself made on appeal.
func (y *Year) basis() *pay.Decision {
	for i := len(y.Decisions) - 1; i >= 0; i-- {
		if d := &y.Decisions[i]; d.Kind != pay.OnAppeal && !d.ToldOn.IsZero() {
			return d
		}
	}
	return nil
}

// stated says whether there is a statement to appeal against.
func (y *Year) stated() bool { return y.Case.Stage == appraisal.Released && len(y.Case.Stated()) > 0 }

// Since is the day on which the person was told of what is appealed against; no day while there is
// nothing.
func (o Option) Since() schooltime.Date {
	c := o.Case
	if o.Against == Pay {
		if d := o.basis(); d != nil {
			return d.ToldOn
		}
		return schooltime.Date{}
	}
	var released schooltime.Date
	if !o.stated() {
		return released
	}
	for _, s := range c.Chain(appraisal.OutcomeChain) {
		if s.Rule.Required {
			released = schooltime.Max(released, s.DoneOn)
		}
	}
	return released
}

// Until is the last day on which an appeal is in time; no day while there is nothing to appeal
// against, where there is no appeal, or where the calendar does not reach so far.
func (o Option) Until() schooltime.Date {
	rules, since := *leaf(o.Case, o.Against), o.Since()
	if len(rules) == 0 || since.IsZero() {
		return schooltime.Date{}
	}
	return count(o.Case, since, rules[0].LodgeDays, &rules[0])
}

// StatementUntil is the last day on which an appeal against the statement of a case is in time.
func StatementUntil(c *appraisal.Case) schooltime.Date {
	return Option{&Year{Case: c}, Statement}.Until()
}

// PayUntil is the last day on which an appeal against the decision on pay is in time.
func PayUntil(c *appraisal.Case, history []pay.Decision) schooltime.Date {
	return Option{&Year{Case: c, Decisions: history}, Pay}.Until()
}

// Late says whether an appeal of today would come late.
func (o Option) Late() bool {
	until := o.Until()
	return !until.IsZero() && o.Case.Today.After(until)
}

func (o Option) number() int {
	if o.Against == Statement {
		return o.Case.Round
	}
	if d := o.basis(); d != nil {
		return d.N
	}
	return 0
}

// TookPart are the people who took part in what the appeal would be against: whoever did a step of
// a chain, in this round or an earlier one, reviewed, or decided on pay.
func (o Option) TookPart() []uuid.UUID {
	c := o.Case
	out := append([]uuid.UUID{}, o.Earlier...) // never nil: that nobody took part is stored too
	for _, s := range c.Steps {
		if s.DoneBy != nil && s.Result == appraisal.StepFinished {
			out = append(out, *s.DoneBy)
		}
	}
	for _, s := range c.Seats {
		if s.Duty == appraisal.Review && !s.FromOn.After(c.Today) {
			out = append(out, s.PersonID)
		}
	}
	for _, d := range o.Decisions {
		if d.Result != pay.NotOfYear {
			out = append(out, d.DecidedBy)
		}
	}
	slices.SortFunc(out, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return slices.DeleteFunc(slices.Compact(out), func(p uuid.UUID) bool { return p == c.PersonID })
}

// Hears are the people before whom an appeal of today would come; empty where there is no stage.
func (o Option) Hears() []uuid.UUID {
	rules := *leaf(o.Case, o.Against)
	if len(rules) == 0 {
		return nil
	}
	return o.Case.Who(rules[0].Party, o.TookPart()...)
}

// Lodging is the act of appealing, for the person alone.
var Lodging = appraisal.Act[Option]{Name: "lodge", Operation: "LodgeAppeal", By: func(c *appraisal.Case, o Option) appraisal.Right {
	return appraisal.Right{Parties: []policy.Party{policy.Reviewee}, Leaf: leaf(c, o.Against)}
}, Needs: func(c *appraisal.Case, o Option) []fault.Refusal {
	at := leaf(c, o.Against)
	if len(*at) == 0 {
		return []fault.Refusal{{Never: true, Code: "no_appeal_here", Detail: "In this trust there is no appeal against that.", Policy: c.Policy.Cite(at)}}
	}
	if o.Since().IsZero() {
		return []fault.Refusal{nothingYet(o)}
	}
	for _, a := range o.Appeals {
		if a.Against == o.Against && a.Basis == o.number() && a.Status != Withdrawn {
			return []fault.Refusal{{Code: "appeal_exists", Detail: "There is an appeal against that already.", Unblock: "Go on with that one."}}
		}
	}
	if o.Late() {
		return lateness(c)
	}
	return nil
}}

func nothingYet(o Option) fault.Refusal {
	if o.Against == Pay {
		return fault.Refusal{Code: "pay_not_decided", Detail: "Nothing is decided on pay yet.", Unblock: "Pay is decided, or recorded as not linked when the outcome is released."}
	}
	return fault.Refusal{Code: "outcome_not_released", Detail: "There is no statement that is released.", Unblock: "The outcome chain is completed."}
}

// lateness refuses what comes late where nobody may admit it.
func lateness(c *appraisal.Case) []fault.Refusal {
	by := &c.Rules().Appeals.LateBy
	if *by != policy.Nobody && *by != "" {
		return nil
	}
	return []fault.Refusal{{Code: "too_late", Detail: "The days for an appeal are over.", Policy: c.Policy.Cite(by)}}
}
