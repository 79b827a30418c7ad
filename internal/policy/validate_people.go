package policy

import (
	"fmt"
	"slices"
)

// people checks who is in the year, and that everybody can have a reviewer.
func (in *inspection) people() {
	in.exclusions()
	in.appointments()
	in.conditionAt(&in.Rules.Reviewers.MayReview)
	in.nobodyAppoints()
	p, c := &in.Rules.Population, &in.Rules.Cycle
	if p.ShortestMonths > c.LengthMonths {
		in.fault("nobody_long_enough", fmt.Sprintf("a year of fewer than %d months is not opened and none is longer than %d", p.ShortestMonths, c.LengthMonths),
			"lower shortest_months", &p.ShortestMonths, &c.LengthMonths)
	}
}

// exclusions checks that whoever may include somebody has something to decide.
func (in *inspection) exclusions() {
	for i := range in.Rules.Population.Exclusions {
		x := &in.Rules.Population.Exclusions[i]
		if len(x.MayInclude) > 0 && x.Effect != "exclude" {
			in.fault("nothing_to_include", fmt.Sprintf("the rule %s excludes nobody whom somebody could include", x.Code), "take may_include away", &x.MayInclude, &x.Effect)
		}
	}
}

// appointments checks the seats that follow from offices.
func (in *inspection) appointments() {
	list := in.Rules.Reviewers.Appointments
	unique(in, list, func(a *Appointment) *string { return &a.Code })
	for i := range list {
		a := &list[i]
		in.conditionAt(&a.When)
		if len(a.Seats) == 0 {
			in.fault("appointment_without_seats", fmt.Sprintf("the appointment %s gives nobody a seat", a.Code), "name who reviews, or take the appointment away", &a.Seats)
		}
		for j := range a.Seats {
			in.seat(&a.Seats[j])
			if slices.Contains(a.Seats[:j], a.Seats[j]) {
				in.fault("seat_twice", fmt.Sprintf("the appointment %s names %s twice", a.Code, a.Seats[j]), "name each once", &a.Seats[j])
			}
		}
		if a.ObjectivesBy != "" {
			in.seat(&a.ObjectivesBy)
		}
		if a.When.Empty() && i < len(list)-1 {
			in.fault("appointment_hidden", fmt.Sprintf("the appointment %s holds for everybody, so those after it never hold", a.Code), "put it last", &a.When)
		}
	}
}

// seat checks that a party can be found by the post that it reviews. An office of head would be
// anybody's head: the party head is that of the post, and never the person themselves.
func (in *inspection) seat(p *Party) {
	switch {
	case *p == "office:head":
		in.fault("seat_of_any_head", "office:head is the head of whatever school; a headteacher could review any other", "write head, or name another office", p)
	case *p != LineManager && *p != Head && !officePattern.MatchString(string(*p)):
		in.fault("seat_unknown", fmt.Sprintf("%s is no party that has a seat by the policy", *p), "use line_manager, head, or office: and a code", p)
	}
}

// nobodyAppoints reports reviewers that are to be appointed where nobody may appoint them.
func (in *inspection) nobodyAppoints() {
	r := &in.Rules.Reviewers
	everybody := slices.ContainsFunc(r.Appointments, func(a Appointment) bool { return a.When.Empty() })
	if r.Default == "appointed" && len(r.AppointedBy) == 0 && !everybody {
		in.fault("nobody_appoints", "reviewers are appointed and nobody may appoint them", "name who does in appointed_by, or let line managers review", &r.Default, &r.AppointedBy)
	}
}
