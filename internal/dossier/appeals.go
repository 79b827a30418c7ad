package dossier

import (
	"context"
	"slices"

	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
)

// AppealStore reads the appraisals with an appeal that waits for somebody.
type AppealStore interface {
	AppealCases(ctx context.Context) ([]*appraisal.Case, error)
}

// Appeals lists the appeals of one case that wait for its actor.
func Appeals(c *appraisal.Case) []appraisal.Waiting {
	w := waiter{c: c, me: c.Actor.PersonID}
	for _, f := range c.Appeals {
		asked := slices.Contains(c.Stated(), w.me)
		switch {
		case !slices.Contains(c.AppealWith(f), w.me):
		case f.Status == string(appeal.AwaitingAdmission):
			w.add("admit_appeal", "AdmitLateAppeal", "An appeal that came late is admitted or refused.", 1, f.DueOn)
		case f.Status == string(appeal.AwaitingConsent) && asked:
			w.add("consent_to_amendment", "ConsentToAmendment", "An amendment of the statement is proposed.", 1, f.DueOn)
		case f.Status == string(appeal.Lodged):
			w.add("decide_appeal", "DecideAppeal", "An appeal is to be heard.", 1, f.DueOn)
		}
	}
	return w.out
}

func (s *Service) appeals(ctx context.Context) ([]appraisal.Waiting, error) {
	cases, err := s.store.AppealCases(ctx)
	if err != nil {
		return nil, err
	}
	var out []appraisal.Waiting
	for _, c := range cases {
		out = append(out, Appeals(c)...)
	}
	return out, nil
}
