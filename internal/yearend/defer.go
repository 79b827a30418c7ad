package yearend

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// What waits: an objective's judgement, the rating of the whole outcome, or the confirmation of a
// rating that was made while something waited.
const (
	ForObjective = "objective"
	ForOutcome   = "outcome"
	ForRating    = "rating"
)

// DeferralStatus says whether something waits still.
type DeferralStatus string

// The statuses of a deferral.
const (
	Awaiting DeferralStatus = "waiting"
	Resolved DeferralStatus = "resolved"
)

// DeferralEvent is what moves a deferral.
type DeferralEvent string

// ResolveIt is the judgement of what waited.
const ResolveIt DeferralEvent = "resolve"

// DeferralLifecycle is how a deferral ends: what waits is judged, once.
var DeferralLifecycle = lifecycle.Table[DeferralStatus, DeferralEvent]{
	Awaiting: {ResolveIt: Resolved},
}

// Deferral lets a part of the outcome wait for examination results, or its rating for confirmation.
type Deferral struct {
	record.Row
	AppraisalID  uuid.UUID
	WaitsFor     string
	ObjectiveID  *uuid.UUID
	Status       DeferralStatus
	Reason       *string
	BeyondReason *string
	DueOn        schooltime.Date
	ByID         uuid.UUID
	ResolvedBy   *uuid.UUID
	ResolvedAt   *time.Time
}

// TableName names the table.
func (Deferral) TableName() string { return "deferrals" }

// DeferralInput is a deferral as it is asked for. No day means that of the policy.
type DeferralInput struct {
	ObjectiveID  *uuid.UUID
	Reason       string
	DueOn        schooltime.Date
	BeyondReason string
}

// DeferringActs are what may be begun in the list of what waits.
var DeferringActs = []appraisal.Act[*appraisal.Case]{deferringOutcome}

func mayDefer(c *appraisal.Case) appraisal.Right {
	leaf := &c.Rules().Outcome.DeferralBy
	return appraisal.Right{Parties: *leaf, Leaf: leaf}
}

// deferrable refuses where nothing may wait, and what has been settled already.
func deferrable(c *appraisal.Case, waits bool, settledBy appraisal.ChainStep) []fault.Refusal {
	leaf := &c.Rules().Outcome.Deferral
	switch {
	case *leaf == "none":
		return []fault.Refusal{{Code: "nothing_may_wait", Detail: "In this trust no outcome waits for anything.", Policy: c.Policy.Cite(leaf)}}
	case waits:
		return []fault.Refusal{{Code: "already_waiting", Detail: "This waits already.", Policy: c.Policy.Cite(leaf), Unblock: "The deferral is resolved."}}
	case settledBy.Rule != nil && settledBy.Settled():
		return []fault.Refusal{{Code: "step_done", Detail: "The step that judges this is done.", Unblock: "A later step is returned to it."}}
	}
	return c.Frozen()
}

var deferringObjective = appraisal.Act[*JudgedObjective]{Name: "defer", Operation: "DeferOutcome",
	By: func(c *appraisal.Case, _ *JudgedObjective) appraisal.Right { return mayDefer(c) },
	From: func(c *appraisal.Case, j *JudgedObjective) []fault.Refusal {
		step, _ := c.JudgingStep("reviewer")
		return deferrable(c, c.WaitsOn(j.Objective.ID) != nil, step)
	},
	Needs: func(c *appraisal.Case, j *JudgedObjective) []fault.Refusal {
		out := c.UnderWay()
		if !j.Objective.Counts || !j.Objective.Live {
			out = append(out, fault.Refusal{Code: "objective_not_counted", Detail: "Only an agreed " + c.Terms().Objective.One + " that counts can wait.", Policy: c.Policy.Cite(&c.Rules().Objectives.Counted)})
		}
		return out
	}}

var deferringOutcome = appraisal.Act[*appraisal.Case]{Name: "defer", Operation: "DeferOutcome",
	By: func(c *appraisal.Case, _ *appraisal.Case) appraisal.Right { return mayDefer(c) },
	From: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal {
		return deferrable(c, c.OutcomeWaits(), ratingStep(c))
	},
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal { return c.UnderWay() }}

// ratingStep is the first step that makes a rating by the policy's method.
func ratingStep(c *appraisal.Case) appraisal.ChainStep {
	for _, s := range c.Chain(appraisal.OutcomeChain) {
		if a := (&Aggregate{Rule: s, Case: c}); a.Does("recommend") || a.Does("decide") {
			return s
		}
	}
	return appraisal.ChainStep{}
}

// decidingStep is the step whose rating the year ends with.
func decidingStep(c *appraisal.Case) (*Aggregate, bool) {
	for _, s := range c.Chain(appraisal.OutcomeChain) {
		a := &Aggregate{Rule: s, Case: c}
		a.Chain, a.Code = s.Chain, s.Rule.Code
		if a.Rates(Decided) {
			return a, true
		}
	}
	return nil, false
}

// Defer lets an objective, or the whole outcome, wait for examination results.
func (s *Service) DeferOutcome(ctx context.Context, id uuid.UUID, in DeferralInput) (*Waiting, error) {
	return s.Defer(ctx, id, func(c *appraisal.Case) (*Deferral, audit.Event, error) {
		if err := mayBeDeferred(c, in.ObjectiveID); err != nil {
			return nil, audit.Event{}, err
		}
		d := &Deferral{AppraisalID: c.ID, WaitsFor: ForOutcome, ObjectiveID: in.ObjectiveID, Status: Awaiting, Reason: &in.Reason, BeyondReason: textOrNil(in.BeyondReason), ByID: c.Actor.PersonID}
		if in.ObjectiveID != nil {
			d.WaitsFor = ForObjective
		}
		var err error
		if d.DueOn, err = dueOn(c, in); err != nil {
			return nil, audit.Event{}, err
		}
		return d, audit.Event{Type: "deferral.begun", Data: map[string]any{"waits_for": d.WaitsFor, "due_on": d.DueOn.String()}}, nil
	})
}

func mayBeDeferred(c *appraisal.Case, objective *uuid.UUID) error {
	if objective == nil {
		return fault.Check(appraisal.Decide(c, c, deferringOutcome))
	}
	for _, o := range c.Objectives {
		if o.ID == *objective {
			return fault.Check(appraisal.Decide(c, &JudgedObjective{Case: c, Objective: o}, deferringObjective))
		}
	}
	return fault.Body("/objective_id", "unknown_objective", "Name an objective of this appraisal.")
}

// dueOn is the day by which what waits is judged: the one asked for, else the policy's. One beyond the
// day by which everything is done is given a reason of its own.
func dueOn(c *appraisal.Case, in DeferralInput) (schooltime.Date, error) {
	leaf, due := &c.Rules().Outcome.DeferralDue, in.DueOn
	if due.IsZero() {
		day, err := leaf.On(c.Anchors())
		if err != nil || day.IsZero() {
			return day, wrong(c, leaf, "/due_on", "due_required", "The policy's rule yields no day here: give one.")
		}
		return day, nil
	}
	if due.Before(c.Today) {
		return due, fault.Body("/due_on", "in_the_past", "Give today or a later day.")
	}
	backstop := &c.Rules().Cycle.Backstop
	if last := c.Cycle.Due("backstop"); !last.IsZero() && due.After(last) && in.BeyondReason == "" {
		return due, wrong(c, backstop, "/beyond_reason", "reason_required", "Everything of the year is done by "+last.String()+": say why this waits longer.")
	}
	return due, nil
}
