package meeting

import (
	"fmt"

	"github.com/perennial-api/perennial/internal/fault"
)

// Guidance is something that the trust asks for and that refuses nothing.
type Guidance struct {
	Code   string
	Detail string
	Policy *fault.Citation
}

// Guidance says when and for how long the meeting is held, while it is still to be held.
func (a *Aggregate) Guidance() []Guidance {
	if a.State != Scheduled && a.State != Drafted {
		return nil
	}
	var out []Guidance
	add := func(code, detail string, leaf any) {
		out = append(out, Guidance{code, detail, a.Case.Policy.Cite(leaf)})
	}
	switch rule := &a.Case.Rules().Meetings.TimeRule; *rule {
	case "directed_time":
		add(*rule, "It is held in directed time; whoever has none agrees the time with their manager.", rule)
	case "directed_time_not_ppa":
		add(*rule, "It is held in working or directed time, and not in time for planning, preparation and assessment unless both agree to that.", rule)
	}
	switch length := &a.Plan.Length; *length {
	case "short":
		add("short", "It is planned as a short meeting.", length)
	case "longer":
		add("longer", "It is planned as a longer meeting.", length)
	}
	if most := &a.Plan.MaxMinutes; *most > 0 {
		add("max_minutes", fmt.Sprintf("It takes at most %d minutes.", *most), most)
	}
	return out
}
