package appraisal

import "github.com/google/uuid"

// ObjectiveReviewers are the people who act on objectives as the reviewer: those seated for
// objectives, else those seated to review. The reviewee is never among them.
func (c *Case) ObjectiveReviewers() []uuid.UUID {
	return without(people(c.objectiveSeats()), []uuid.UUID{c.PersonID})
}

// ObjectiveLeads are those of them who lead; where no seat leads, all of them.
func (c *Case) ObjectiveLeads() []uuid.UUID {
	seats := c.objectiveSeats()
	var leads []Seat
	for _, s := range seats {
		if s.Lead {
			leads = append(leads, s)
		}
	}
	if len(leads) == 0 {
		leads = seats
	}
	return without(people(leads), []uuid.UUID{c.PersonID})
}

func (c *Case) objectiveSeats() []Seat {
	for _, duty := range []Duty{ObjectivesDuty, Review} {
		var held []Seat
		for _, s := range c.Seats {
			if s.Duty == duty && s.Holds(c.Today) {
				held = append(held, s)
			}
		}
		if len(held) > 0 {
			return held
		}
	}
	return nil
}

func people(seats []Seat) []uuid.UUID {
	out := []uuid.UUID{}
	for _, s := range seats {
		out = append(out, s.PersonID)
	}
	return out
}
