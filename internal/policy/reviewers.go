package policy

import "slices"

// AppointmentFor returns the appointment of a post: the first whose condition holds, or nil.
func (r *ReviewerRules) AppointmentFor(fs FactSet) *Appointment {
	i := slices.IndexFunc(r.Appointments, func(a Appointment) bool { return a.When.Holds(fs) })
	if i < 0 {
		return nil
	}
	return &r.Appointments[i]
}

// SeatsFor returns who is to review a post, the first in the lead, and who acts on its objectives
// in their place, or nobody.
func (r *ReviewerRules) SeatsFor(fs FactSet) (review []Party, objectivesBy Party) {
	if a := r.AppointmentFor(fs); a != nil {
		return a.Seats, a.ObjectivesBy
	}
	if r.Default == string(LineManager) {
		return []Party{LineManager}, ""
	}
	return nil, ""
}

// Selects says whether the rules ask anything of a reviewer's own post.
func (r *ReviewerRules) Selects() bool { return !r.MayReview.Empty() }

// Empty says whether the condition asks nothing, and so holds for everybody.
func (c Condition) Empty() bool {
	return len(c.All) == 0 && len(c.Any) == 0 && c.Not == nil && c.Fact == ""
}
