package dossier

import (
	"context"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/yearend"
)

// DeferralStore reads the appraisals of which something waits for examination results.
type DeferralStore interface {
	// DeferredCases reads those whose records the operation reaches, of closed years too: what waits
	// may wait longer than its year.
	DeferredCases(ctx context.Context, operation string) ([]*appraisal.Case, error)
}

// deferrals are what waits for results, for whoever judges it when they come.
func (s *Service) deferrals(ctx context.Context) ([]appraisal.Waiting, error) {
	cases, err := s.store.DeferredCases(ctx, "ResolveDeferral")
	if err != nil {
		return nil, err
	}
	var out []appraisal.Waiting
	for _, c := range cases {
		w := waiter{c: c, me: c.Actor.PersonID}
		for _, d := range c.Deferrals {
			if yearend.Resolvable(c, d) {
				w.add("resolve_deferral", "ResolveDeferral", waitingFor(c, d), 1, d.DueOn)
			}
		}
		out = append(out, w.out...)
	}
	return out, nil
}

func waitingFor(c *appraisal.Case, d appraisal.DeferralFact) string {
	switch d.WaitsFor {
	case yearend.ForObjective:
		return appraisal.Sentence(c.Terms().Objective.One) + " that waits for examination results."
	case yearend.ForOutcome:
		return "An outcome that waits for examination results."
	}
	return "A provisional rating to be confirmed or changed."
}
