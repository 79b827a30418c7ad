package objective

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
)

// CarryForward drafts an unfinished objective of an earlier year again in this one. That year keeps
// its own, with its outcome. An empty slot is the one it had, or extra where that one is taken.
func (s *Service) CarryForward(ctx context.Context, appraisalID, objectiveID uuid.UUID, slot string) (*Aggregate, error) {
	return s.CreateObjective(ctx, appraisalID, func(c *appraisal.Case) (*Aggregate, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(c, c, Carrying)); err != nil {
			return nil, audit.Event{}, err
		}
		old, err := s.source(ctx, c, objectiveID)
		if err != nil {
			return nil, audit.Event{}, err
		}
		levels, err := s.LinkedPriorities(ctx, old.Live.Priorities, c.UnitID)
		if err != nil {
			return nil, audit.Event{}, err
		}
		content := old.Live.Content.carried(slices.Collect(maps.Keys(levels)), c.StartsOn)
		if confirmed(c, content, levels) != nil {
			content.Priorities = nil // whom a link lets read it is confirmed when the draft is saved with it
		}
		return s.draft(ctx, c, NewObjective{Slot: carriedSlot(c, old.Slot, slot), Content: content, from: &old.ID}, Carrying)
	})
}

func carriedSlot(c *appraisal.Case, had, wanted string) string {
	switch {
	case wanted != "":
		return wanted
	case SlotOf(c, had) == nil || taken(c, had):
		return ExtraSlot
	}
	return had
}

// source is the objective of an earlier year that is to be carried.
func (s *Service) source(ctx context.Context, c *appraisal.Case, id uuid.UUID) (*Aggregate, error) {
	old, err := s.Objective(ctx, id)
	if fault.KindOf(err) == fault.NotFound || err == nil && (old.Case.PersonID != c.PersonID || !old.Case.StartsOn.Before(c.StartsOn)) {
		return nil, fault.Body("/objective_id", "not_an_earlier_objective", "There is no such objective in an earlier year of this person.")
	}
	if err != nil {
		return nil, err
	}
	var out []fault.Refusal
	if refused := standing(old); len(refused) > 0 {
		out = append(out, refused...)
	} else if old.Completion == Complete {
		out = append(out, fault.Refusal{Code: "objective_complete", Detail: "It is complete; only an unfinished objective is carried forward."})
	}
	if slices.ContainsFunc(present(c), func(o appraisal.ObjectiveFact) bool { return o.FromID != nil && *o.FromID == id }) {
		out = append(out, fault.Refusal{Code: "already_carried", Detail: "It was carried into this year already."})
	}
	return old, fault.Check(out)
}
