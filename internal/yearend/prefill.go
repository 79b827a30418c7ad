package yearend

import (
	"context"
	"slices"

	"github.com/perennial-api/perennial/internal/form"
)

// Prefilled returns the answers of a step: what is saved, else, for whoever's turn it is, a first
// draft quoted from the year's check-ins. quoted says which of the two it is.
func (s *Service) Prefilled(ctx context.Context, a *Aggregate) (answers form.Answers, quoted bool, err error) {
	f := a.Form()
	if f == nil || a.Version > 0 {
		return a.Answers, false, nil
	}
	mine := slices.Contains(a.Case.Who(a.Rule.Rule.Party, a.Case.Barred(a.Rule)...), a.Case.Actor.PersonID)
	if !mine || !a.Case.Rules().CheckIns.FeedYearEnd {
		return form.Answers{}, false, nil
	}
	sent, err := s.SentCheckIns(ctx, a.Case.ID)
	if err != nil {
		return nil, false, err
	}
	answers = f.Quote(sent, counting(a.Case))
	return answers, len(answers) > 0, nil
}
