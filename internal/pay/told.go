package pay

import (
	"slices"
	"strings"
	"time"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Settled is a step of the pay chain that is settled, of the round that stands or of an earlier one.
type Settled struct {
	Round  int
	Code   string
	DoneAt time.Time
	DoneOn schooltime.Date
}

// DecidesOn says whether the actor acts in the pay chain, leads the unit or administers the trust, and
// so knows of a decision before it is released. The person never does.
func DecidesOn(c *appraisal.Case) bool {
	me := c.Actor.PersonID
	if me == c.PersonID {
		return false
	}
	return c.Actor.Has(access.HR) || c.Actor.Heads(c.UnitID) || slices.ContainsFunc(c.Chain(appraisal.PayChain), func(s appraisal.ChainStep) bool {
		return s.DoneBy != nil && *s.DoneBy == me || slices.Contains(c.Who(s.Rule.Party), me)
	})
}

// Released says whether what the steps of the pay chain hold is released: every step that it waits for
// is settled.
func Released(c *appraisal.Case) bool {
	return c.Stage == appraisal.Released && c.ChainDone(appraisal.PayChain)
}

// release is a moment at which what a chain had decided was told.
type release struct {
	at time.Time
	on schooltime.Date
}

// releases are those of every round whose chain was done, in order: with the last step that it waits
// for, and with each step that came after.
func releases(c *appraisal.Case, done []Settled) []release {
	var out []release
	for round := 1; round <= c.Round; round++ {
		var waits []string
		for _, s := range c.Rules().Pay.Chain {
			if s.Required {
				waits = append(waits, s.Code)
			}
		}
		mine := slices.DeleteFunc(slices.Clone(done), func(s Settled) bool { return s.Round != round })
		slices.SortStableFunc(mine, func(a, b Settled) int { return a.DoneAt.Compare(b.DoneAt) })
		for _, s := range mine {
			waits = slices.DeleteFunc(waits, func(code string) bool { return code == s.Code })
			if len(waits) == 0 {
				out = append(out, release{s.DoneAt, s.DoneOn})
			}
		}
	}
	return out
}

// Tell writes into each decision on which day the person was told of it. One that the chain made is
// told with the release of the chain; one that was sent back and replaced before that never is. done
// are the settled steps of the chain, of every round.
func Tell(c *appraisal.Case, history []Decision, done []Settled) {
	moments := releases(c, done)
	for i := range history {
		history[i].ToldOn = toldOn(c, history[i], history[i+1:], moments)
	}
}

func toldOn(c *appraisal.Case, d Decision, later []Decision, moments []release) schooltime.Date {
	if !d.ofChain(c) {
		return d.DecidedOn
	}
	i := slices.IndexFunc(later, func(o Decision) bool { return o.ofChain(c) })
	for _, m := range moments {
		switch {
		case m.at.Before(d.DecidedAt):
		case i >= 0 && !later[i].DecidedAt.After(m.at):
			return schooltime.Date{}
		default:
			return schooltime.Max(m.on, d.DecidedOn)
		}
	}
	if i < 0 && Released(c) { // whatever the clocks of two servers say
		return d.DecidedOn
	}
	return schooltime.Date{}
}

// ofChain says whether a step of the pay chain made the decision. What is recorded where no step
// decides, an award beyond the rule and a decision on appeal are told as they are made.
func (d *Decision) ofChain(c *appraisal.Case) bool {
	return d.Kind == Decided && len(c.Rules().Pay.Chain) > 0 && c.Status != appraisal.Transferred
}

// As are the facts as the actor may know them. Whoever does not act on the pay knows what was released
// and no more: after a year was judged anew, what was released last.
func (f Facts) As(c *appraisal.Case) Facts {
	if DecidesOn(c) {
		return f
	}
	all := f.History
	f.History, f.Decision = nil, nil
	for _, d := range all {
		if !d.ToldOn.IsZero() {
			f.History = append(f.History, d)
		}
	}
	if n := len(f.History); n > 0 {
		f.Decision = &f.History[n-1]
	}
	if r := f.Recommended; r != nil && strings.HasPrefix(r.Step, appraisal.PayChain+".") && r.ByID != c.Actor.PersonID && !Released(c) {
		f.Recommended = nil
	}
	return f
}
