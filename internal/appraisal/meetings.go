package appraisal

import (
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/fault"
)

// Shared says whether the meeting's record stands: what is drafted, or opened again, is not yet said.
func (m MeetingFact) Shared() bool { return m.State == "shared" || m.State == "answered" }

// FormalReviews counts the formal interim reviews of the plan whose record is shared, and says how
// many the trust asks for before the reviewer's statement.
func (c *Case) FormalReviews() (held, needed int) {
	rules := &c.Rules().Meetings
	for _, p := range rules.Plan {
		if p.Formal && slices.ContainsFunc(c.Meetings, func(m MeetingFact) bool { return m.PlanCode == p.Code && m.Shared() }) {
			held++
		}
	}
	return held, rules.FormalMin
}

// FormalMissing refuses the statement on a year in which fewer formal interim reviews were held
// than the trust asks for.
func (c *Case) FormalMissing() []fault.Refusal {
	held, needed := c.FormalReviews()
	if held >= needed {
		return nil
	}
	return []fault.Refusal{{Code: "formal_reviews_missing", Detail: fmt.Sprintf("Formal interim reviews whose record is shared: %d of %d.", held, needed),
		Policy: c.Policy.Cite(&c.Rules().Meetings.FormalMin), Unblock: "Hold the meeting and share its record."}}
}
