package moderation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/yearend"
)

// Item is one appraisal whose step is completed, and the step's version as the caller knows it.
type Item struct {
	AppraisalID uuid.UUID
	Version     int
}

// CompleteMany completes the same step of many years, each as it would be by itself and only where
// it confirms what was recommended. One that is refused leaves the others; atomic stores all or
// nothing. The answer has one entry for each item, nil where it was done.
func (s *Service) CompleteMany(ctx context.Context, n yearend.Name, items []Item, atomic bool) ([]error, error) {
	ids := make([]uuid.UUID, len(items))
	for i, item := range items {
		ids[i] = item.AppraisalID
	}
	steps, err := s.store.LockSteps(ctx, n, ids)
	if err != nil {
		return nil, err
	}
	results := make([]error, len(items))
	for i, item := range items {
		a, ok := steps[item.AppraisalID]
		switch {
		case slices.Contains(ids[:i], item.AppraisalID):
			results[i] = fault.Body("/appraisal_id", "repeated", "The appraisal is there twice.")
		case !ok:
			results[i] = fault.Gone()
		default:
			results[i] = s.store.TryStep(ctx, a, item.Version, func(ctx context.Context) ([]audit.Event, error) { return s.steps.Confirm(ctx, a) })
		}
		if results[i] != nil && fault.KindOf(results[i]) == fault.Internal {
			return nil, results[i]
		}
	}
	if atomic {
		return results, together(results)
	}
	return results, nil
}

// together is one error about all the items that failed, each by its place in the body. One fault
// gives its own code, several a common one.
func together(results []error) error {
	all := fault.New(fault.Invalid, "invalid_request", "Some of the steps cannot be completed, so none was. errors lists them all; the mode partial completes the others.")
	for i, err := range results {
		e, ok := errors.AsType[*fault.Error](err)
		if !ok {
			continue
		}
		at := fmt.Sprintf("/items/%d", i)
		if len(e.Violations) == 1 {
			at += e.Violations[0].Pointer
		}
		all.Violations = append(all.Violations, fault.Violation{In: "body", Pointer: at, Code: e.Code, Detail: e.Message})
		all.Refusals = append(all.Refusals, e.Refusals...)
	}
	switch len(all.Violations) {
	case 0:
		return nil
	case 1:
		all.Code, all.Message = all.Violations[0].Code, all.Violations[0].Detail
	}
	all.Violations, all.Refusals = all.Violations[:min(len(all.Violations), maxTold)], all.Refusals[:min(len(all.Refusals), maxRefusals)]
	return all
}

// How many faults and refusals one answer tells, as the contract has it.
const (
	maxTold     = 200
	maxRefusals = 50
)
