package appraisal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// The two chains of an appraisal.
const (
	OutcomeChain = "outcome"
	PayChain     = "pay"
)

// The states of a step.
const (
	StepWaiting  = "waiting" // its turn has not come
	StepOpen     = "open"
	StepFinished = "done"
	StepDeclined = "declined"
	StepSkipped  = "skipped"
)

// ChainStep is a step of a chain with its rule and what is stored of it. Rows are written when a
// step is first saved; until then it is computed from rules and dates.
type ChainStep struct {
	Chain   string
	Rule    *policy.StepRule
	State   string
	DoneBy  *uuid.UUID
	DoneOn  schooltime.Date
	OpensOn schooltime.Date
	DueOn   schooltime.Date
}

// Name is the step as it is named in paths, such as outcome.reflect.
func (s ChainStep) Name() string { return s.Chain + "." + s.Rule.Code }

// Settled says that the chain no longer waits for the step.
func (s ChainStep) Settled() bool {
	return s.State == StepFinished || s.State == StepDeclined || s.State == StepSkipped
}

// Late says whether the deadline passed before the step was done.
func (s ChainStep) Late(today schooltime.Date) bool {
	if s.DueOn.IsZero() {
		return false
	}
	if s.Settled() {
		return s.DoneOn.After(s.DueOn)
	}
	return today.After(s.DueOn)
}

// Chain returns the steps of a chain in order, each with the state that it has today.
func (c *Case) Chain(chain string) []ChainStep {
	rules := c.Rules().Outcome.Chain
	if chain == PayChain {
		rules = c.Rules().Pay.Chain
	}
	out := make([]ChainStep, len(rules))
	for i := range rules {
		out[i] = ChainStep{Chain: chain, Rule: &rules[i], State: StepWaiting, DueOn: c.Cycle.Due(chain + "." + rules[i].Code)}
		out[i].OpensOn = c.opens(rules[i].Opens)
		for _, f := range c.Steps {
			if f.Chain == chain && f.Code == rules[i].Code {
				out[i].State, out[i].DoneBy, out[i].DoneOn = f.Result, f.DoneBy, f.DoneOn
			}
		}
		if out[i].State == StepOpen { // stored, but whether it is its turn is computed
			out[i].State = StepWaiting
		}
	}
	for i := range out {
		if out[i].State == StepWaiting && c.turnOf(out, i) {
			out[i].State = StepOpen
		}
	}
	slices.SortStableFunc(out, func(a, b ChainStep) int { return a.Rule.Order - b.Rule.Order })
	c.leaveOverdue(out)
	return out
}

// opens is the first day on which a step may be done, no later than the last day of a shortened
// period where it lies within a whole one. A rule without an anchor opens as soon as its turn comes.
func (c *Case) opens(r schooltime.Rule) schooltime.Date {
	own := c.anchors()
	day, err := r.On(own)
	if err != nil {
		return schooltime.Date{}
	}
	usual, _ := r.On(schooltime.Anchors{CycleStart: c.Cycle.StartsOn, CycleEnd: c.Cycle.EndsOn, Joining: c.Cycle.StartsOn, Calendar: own.Calendar}) // it yielded a day by the same calendar
	day = schooltime.Within(day, c.EndsOn, usual, c.Cycle.EndsOn)
	if r.Anchor == schooltime.StepDone {
		return c.Postponed(day, own.Steps[r.Step])
	}
	return c.Postponed(day, schooltime.Date{})
}

func (c *Case) turnOf(steps []ChainStep, i int) bool {
	if steps[i].Chain == PayChain && c.Stage != Released {
		return false
	}
	for _, s := range steps {
		if s.Rule.Order < steps[i].Rule.Order && s.Rule.Required && !s.Settled() {
			return false
		}
	}
	return steps[i].OpensOn.IsZero() || !c.Today.Before(steps[i].OpensOn)
}

func (c *Case) anchors() schooltime.Anchors {
	steps := map[string]schooltime.Date{}
	for _, f := range c.Steps {
		if f.Result == StepFinished {
			steps[f.Code] = f.DoneOn
		}
	}
	return schooltime.Anchors{CycleStart: c.StartsOn, CycleEnd: c.EndsOn, Joining: c.StartsOn, Steps: steps, Calendar: c.Org.Calendars.Of(c.UnitID)}
}

// Anchors are the days from which this appraisal's date rules count.
func (c *Case) Anchors() schooltime.Anchors { return c.anchors() }

// Step returns the step with the name, such as outcome.reflect.
func (c *Case) Step(chain, code string) (ChainStep, error) {
	for _, s := range c.Chain(chain) {
		if s.Rule.Code == code {
			return s, nil
		}
	}
	return ChainStep{}, fault.Gone()
}

// ChainDone says whether every required step of the chain is settled.
func (c *Case) ChainDone(chain string) bool {
	return !slices.ContainsFunc(c.Chain(chain), func(s ChainStep) bool { return s.Rule.Required && !s.Settled() })
}

// NextTurn is the party of the first required step that is not settled, or "".
func (c *Case) NextTurn() string {
	for _, chain := range []string{OutcomeChain, PayChain} {
		for _, s := range c.Chain(chain) {
			if s.Rule.Required && !s.Settled() {
				return string(s.Rule.Party)
			}
		}
	}
	return ""
}

// Barred are the people who may not do the step, for they did an earlier one that it names.
func (c *Case) Barred(s ChainStep) []uuid.UUID {
	var out []uuid.UUID
	for _, e := range c.Chain(s.Chain) {
		if slices.Contains(s.Rule.NotSameAs, e.Rule.Code) && e.DoneBy != nil {
			out = append(out, *e.DoneBy)
		}
	}
	return out
}
