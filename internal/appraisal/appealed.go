package appraisal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// The statuses in which an appeal waits for somebody.
const (
	AppealAwaitsAdmission = "awaiting_admission"
	AppealLodged          = "lodged"
	AppealAwaitsConsent   = "awaiting_consent"
)

// AppealFact is an appeal as the other parts see it: at which stage it is and whom it waits for.
type AppealFact struct {
	ID          uuid.UUID
	AppraisalID uuid.UUID
	Against     string
	Status      string
	Party       policy.Party // who hears the stage that it is at
	DueOn       schooltime.Date
	TookPart    []uuid.UUID     `gorm:"serializer:json"` // who took part in what it is against
	RedoneOn    schooltime.Date // when it had the year judged anew, if it did
}

// AppealWith are the people for whom an appeal waits: whoever admits a late one, hears it, or is
// asked to consent to an amendment. Nobody who took part in what it is against admits or hears it.
func (c *Case) AppealWith(f AppealFact) []uuid.UUID {
	switch f.Status {
	case AppealAwaitsAdmission:
		return c.Who(c.Rules().Appeals.LateBy, f.TookPart...)
	case AppealLodged:
		return c.Who(f.Party, f.TookPart...)
	case AppealAwaitsConsent:
		return append(c.Who(f.Party, f.TookPart...), c.Stated()...)
	}
	return nil
}

// Stated are the people who made the statement on the year that stands.
func (c *Case) Stated() []uuid.UUID {
	var out []uuid.UUID
	for _, s := range c.Chain(OutcomeChain) {
		if s.State == StepFinished && s.DoneBy != nil && slices.Contains(s.Rule.Acts, "state") {
			out = append(out, *s.DoneBy)
		}
	}
	return without(out, []uuid.UUID{c.PersonID})
}

// hears says whether an appeal of the case waits for the person.
func (c *Case) hears(person uuid.UUID) bool {
	return slices.ContainsFunc(c.Appeals, func(f AppealFact) bool { return slices.Contains(c.AppealWith(f), person) })
}

// HearsPay says whether an appeal against the pay of the case waits for the person.
func (c *Case) HearsPay(person uuid.UUID) bool {
	return slices.ContainsFunc(c.Appeals, func(f AppealFact) bool { return f.Against == "pay" && slices.Contains(c.AppealWith(f), person) })
}

// SeatAppeals seats whoever an appeal waits for and who does not reach the case otherwise, and ends
// the seats of those for whom none waits any more.
func (c *Case) SeatAppeals() {
	var with []uuid.UUID
	for _, f := range c.Appeals {
		for _, p := range c.AppealWith(f) {
			if !c.Reached(p) && !slices.Contains(c.Seated(Review), p) {
				with = append(with, p)
			}
		}
	}
	for i, s := range c.Seats {
		if s.Duty == AppealDuty && s.Holds(c.Today) && !slices.Contains(with, s.PersonID) {
			c.Seats[i].UntilOn = c.Today
			c.Pending.Ended = append(c.Pending.Ended, c.Seats[i])
		}
	}
	c.OpenSeat(AppealDuty, "appeal", with...)
}

// Fits says whether the facts of somebody's own post let them review the case.
func (c *Case) Fits(facts policy.FactSet) bool {
	return !c.Rules().Reviewers.Selects() || c.mayReview(facts)
}
