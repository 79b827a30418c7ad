package objective

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Finish marks the objective as complete. Before the period's end it asks what comes next, where
// the policy wants to know.
func (s *Service) Finish(ctx context.Context, id uuid.UUID, version int, whatNext string) (*Aggregate, error) {
	return s.ChangeObjective(ctx, id, version, func(o *Aggregate) ([]*Revision, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(o.Case, o, completing)); err != nil {
			return nil, audit.Event{}, err
		}
		leaf := &rules(o.Case).WhatNext
		if *leaf && whatNext == "" && o.Case.Today.Before(o.Case.EndsOn) {
			e := fault.Body("/what_next", "what_next_required", "It is complete before the year's end: say what comes next.")
			e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: o.Case.Policy.Cite(leaf)}}
			return nil, audit.Event{}, e
		}
		o.Completion, o.CompletedOn, o.Progress = Complete, o.Case.Today, 100
		if whatNext != "" {
			o.WhatNext = &whatNext
		}
		return nil, audit.Event{Type: "objective.completed", Data: map[string]any{"on": o.CompletedOn.String(), "early": o.Case.Today.Before(o.Case.EndsOn)}}, nil
	})
}

// Undo takes back that an objective is complete, where it was marked by mistake.
func (s *Service) Undo(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.ChangeObjective(ctx, id, version, func(o *Aggregate) ([]*Revision, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(o.Case, o, reopening)); err != nil {
			return nil, audit.Event{}, err
		}
		next, err := CompletionLifecycle.Next(o.Completion, Reopen)
		if err != nil {
			return nil, audit.Event{}, err
		}
		was := o.CompletedOn
		o.Completion, o.CompletedOn, o.WhatNext = next, schooltime.Date{}, nil
		return nil, audit.Event{Type: "objective.reopened", Data: map[string]any{"completed_on": was.String()}}, nil
	})
}

// Validate says at year end whether a complete objective was achieved.
func (s *Service) Validate(ctx context.Context, id uuid.UUID, version int, agree bool, remark string) (*Aggregate, error) {
	return s.ChangeObjective(ctx, id, version, func(o *Aggregate) ([]*Revision, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(o.Case, o, validating)); err != nil {
			return nil, audit.Event{}, err
		}
		event := Disagree
		if agree {
			event = Agree
		}
		was := o.Validation
		next, err := ValidationLifecycle.Next(was, event)
		if err != nil {
			return nil, audit.Event{}, err
		}
		o.Validation = next
		s.remark(o, "validation", remark)
		return nil, audit.Event{Type: "objective.validated", Data: map[string]any{"from": was, "to": next}}, nil
	})
}

// SetProgress says how far the objective is, in per cent.
func (s *Service) SetProgress(ctx context.Context, id uuid.UUID, version, percent int, remark string) (*Aggregate, error) {
	return s.ChangeObjective(ctx, id, version, func(o *Aggregate) ([]*Revision, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(o.Case, o, progressing)); err != nil {
			return nil, audit.Event{}, err
		}
		was := o.Progress
		o.Progress = percent
		s.remark(o, "progress", remark)
		return nil, audit.Event{Type: "objective.progressed", Data: map[string]any{"from": was, "to": percent}}, nil
	})
}

// Delete removes a draft that was never agreed.
func (s *Service) Delete(ctx context.Context, id uuid.UUID, version int) error {
	return s.DeleteObjective(ctx, id, version, func(o *Aggregate) (audit.Event, error) {
		return audit.Event{Type: "objective.deleted", Data: map[string]any{"slot": o.Slot}}, fault.Check(appraisal.Decide(o.Case, o, deleting))
	})
}

// Prioritise marks which objectives count for the outcome.
func (s *Service) Prioritise(ctx context.Context, appraisalID uuid.UUID, version int, ids []uuid.UUID) (*appraisal.Case, error) {
	return s.SetCounts(ctx, appraisalID, version, func(c *appraisal.Case) ([]uuid.UUID, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(c, c, Prioritising)); err != nil {
			return nil, audit.Event{}, err
		}
		for _, id := range ids {
			if !slices.ContainsFunc(present(c), func(o appraisal.ObjectiveFact) bool { return o.ID == id }) {
				return nil, audit.Event{}, fault.Body("/objective_ids", "unknown_objective", "One of them is no objective of this appraisal.")
			}
		}
		leaf := &rules(c).Counted
		if n, limited := leaf.N(); limited && len(ids) > n {
			return nil, audit.Event{}, fault.Check([]fault.Refusal{{Code: "too_many_count", Detail: "More objectives are marked than count.", Policy: c.Policy.Cite(leaf), Unblock: "Mark fewer."}})
		}
		return ids, audit.Event{Type: "appraisal.objectives_prioritised", Data: map[string]any{"objectives": ids}}, nil
	})
}

// Late says whether objectives are late: the deadline has passed and a required slot is not agreed.
func Late(c *appraisal.Case) (due schooltime.Date, late bool) {
	due = c.Cycle.Due("objectives")
	required, agreed := Required(c)
	return due, !due.IsZero() && c.Today.After(due) && agreed < required
}
