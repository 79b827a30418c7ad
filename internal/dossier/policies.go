package dossier

import (
	"context"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// PolicyStore reads what waits on policies.
type PolicyStore interface {
	// ReviewsDue counts the policies whose newest version is to be looked at again by a day, and
	// returns the earliest of those days.
	ReviewsDue(ctx context.Context, by schooltime.Date) (int, schooltime.Date, error)
	// OpenOverrides counts what schools propose for themselves and nobody has decided on.
	OpenOverrides(ctx context.Context) (int, error)
}

// reviewNotice is how many days before its review a policy is shown to HR.
const reviewNotice = 60

// policies are what waits for HR on the trust's policies.
func (s *Service) policies(ctx context.Context, out []appraisal.Waiting) ([]appraisal.Waiting, error) {
	today := access.From(ctx).Today
	n, first, err := s.store.ReviewsDue(ctx, today.AddDays(reviewNotice))
	if err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "review_policy", Count: n, Operation: "UpdatePolicy", DueOn: first, Late: today.After(first), Detail: "Policies that are to be looked at again."})
	}
	if n, err = s.store.OpenOverrides(ctx); err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "decide_policy_overrides", Count: n, Operation: "ListPolicyOverrides", Detail: "What schools propose for their own part of a policy."})
	}
	return out, nil
}
