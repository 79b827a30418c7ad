package dossier

import (
	"context"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/pay"
)

// TransferStore reads the appraisals that ended without an outcome.
type TransferStore interface {
	// Unpaid reads those that the operation reaches and whose pay nobody has decided, of closed years too.
	Unpaid(ctx context.Context, operation string) ([]*appraisal.Case, error)
}

// transferred are the years without an outcome whose pay is still to be decided: no chain says that it is
// somebody's turn.
func (s *Service) transferred(ctx context.Context) ([]appraisal.Waiting, error) {
	cases, err := s.store.Unpaid(ctx, "DecidePayOfTransferred")
	if err != nil {
		return nil, err
	}
	var out []appraisal.Waiting
	for _, c := range cases {
		if !pay.Transferable(c) {
			continue
		}
		w := waiter{c: c, me: c.Actor.PersonID}
		due, _ := pay.Deadline(c)
		w.add("decide_pay_of_transferred", "DecidePayOfTransferred", "The pay of somebody whose "+c.Terms().Process.One+" ended without an outcome.", 1, due)
		out = append(out, w.out...)
	}
	return out, nil
}
