package privacy

import (
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
)

// fits refuses a grant that the policy does not have, or that would open nothing.
func (n *NewGrant) fits(c *appraisal.Case) error {
	rules := &c.Rules().Privacy
	switch {
	case !slices.Contains(rules.Purposes, n.Purpose):
		return cited(c, &rules.Purposes, fault.Body("/purpose", "purpose_not_here", "Nobody reads a record for that purpose in this trust."))
	case n.ReaderID == c.PersonID:
		return fault.Body("/reader_id", "reader_is_reviewee", "People read their own record without being let in.")
	case n.ReaderID == c.Actor.PersonID:
		return fault.Body("/reader_id", "reader_is_grantor", "Nobody lets themselves in; whoever gives access reads the record already.")
	case n.FromOn.Before(c.Today):
		return fault.Body("/from_on", "in_the_past", "Access cannot be given for days that are over.")
	case n.UntilOn.Before(n.FromOn):
		return fault.Body("/until_on", "ends_before_it_begins", "The last day is before the first.")
	case n.FromOn.DaysUntil(n.UntilOn)+1 > rules.GrantDays:
		return cited(c, &rules.GrantDays, fault.Body("/until_on", "too_long", "Access is given for at most %s.", days(rules.GrantDays)))
	}
	return nil
}

func days(n int) string {
	if n == 1 {
		return "one day"
	}
	return fmt.Sprintf("%d days, the first and the last counted", n)
}

// cited adds to a fault of the body which rule of the trust it breaks.
func cited(c *appraisal.Case, leaf any, e *fault.Error) error {
	e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: c.Policy.Cite(leaf)}}
	return e
}
