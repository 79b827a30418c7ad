package pay

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// Payee is somebody whose year leads to a decision on pay, with the post's place in its range.
type Payee struct {
	Case  *appraisal.Case
	Facts Facts
	Range string // "" where the post does not say
	Point string
	FTE   int // in thousandths
}

// Preview is what a year would come to: nothing is decided by it.
type Preview struct {
	Rows  []PreviewRow
	Total PreviewRow // its unit and staff group are empty
}

// PreviewRow counts the people of one staff group of a unit. Each is in one of the first five
// counts. What is not covered, and what has no known cost, is counted by its reason and never guessed.
type PreviewRow struct {
	UnitID    uuid.UUID
	Group     policy.Group
	NotLinked int
	Decided   int // with an award, without one, or by exception
	Expected  int // as rated or recommended so far
	Waiting   int // nothing is rated or recommended yet
	Uncovered []Reason
	Awards    []AwardSum // of those who are decided or expected
	Priced    int        // of those, whose cost is known
	Unpriced  []Reason
	Cost      Cost
}

// Reason is why, and how many people.
type Reason struct {
	Code   string
	People int
}

// AwardSum is what one kind of award comes to: the amounts added up.
type AwardSum struct {
	Kind   string
	People int
	total  big.Rat
}

// Total is the sum as a decimal.
func (a *AwardSum) Total() string {
	s := a.total.FloatString(3)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// previewed works out what a year would come to. living is the cost-of-living rise in per cent; nil
// where it is not said.
func previewed(payees []Payee, points Points, living *big.Rat) Preview {
	var p Preview
	for _, payee := range payees {
		i := slices.IndexFunc(p.Rows, func(r PreviewRow) bool {
			return r.UnitID == payee.Case.UnitID && r.Group.Code == payee.Case.StaffGroup
		})
		if i < 0 {
			p.Rows, i = append(p.Rows, PreviewRow{UnitID: payee.Case.UnitID, Group: groupOf(payee.Case)}), len(p.Rows)
		}
		p.Rows[i].count(payee, points, living)
		p.Total.count(payee, points, living)
	}
	slices.SortFunc(p.Rows, func(a, b PreviewRow) int {
		return cmp.Or(strings.Compare(a.UnitID.String(), b.UnitID.String()), strings.Compare(a.Group.Code, b.Group.Code))
	})
	return p
}

func groupOf(c *appraisal.Case) policy.Group {
	for _, g := range c.Rules().Population.Groups {
		if g.Code == c.StaffGroup {
			return g
		}
	}
	return policy.Group{Code: c.StaffGroup, Label: c.StaffGroup}
}

// People are all who were counted.
func (r *PreviewRow) People() int {
	n := r.NotLinked + r.Decided + r.Expected + r.Waiting
	for _, u := range r.Uncovered {
		n += u.People
	}
	return n
}

// count adds one person, by what was decided, else by what is rated or recommended so far.
func (r *PreviewRow) count(payee Payee, points Points, living *big.Rat) {
	c, f := payee.Case, payee.Facts
	f.Rating = cmp.Or(f.Rating, f.Likely)
	o := Expected(c, f)
	decided := f.Decision != nil
	if decided {
		o = f.Decision.outcome(c.Rules().Pay.Link)
	}
	switch {
	case o.Result == NotOfYear:
		r.NotLinked++
		return
	case decided:
		r.Decided++
	case !o.Covered && waits(c, f, o):
		r.Waiting++
		return
	case !o.Covered:
		add(&r.Uncovered, o.Refusals[0].Code)
		return
	default:
		r.Expected++
	}
	r.award(payee, o, points, living)
}

// waits says whether the calculation lacks nothing but a rating or a recommendation.
func waits(c *appraisal.Case, f Facts, o Outcome) bool {
	return c.Rules().Pay.Link == linkMatrix && f.Rating == "" || o.Refusals[0].Code == notRecommended
}

func (r *PreviewRow) award(payee Payee, o Outcome, points Points, living *big.Rat) {
	for _, a := range o.Awards {
		i := slices.IndexFunc(r.Awards, func(s AwardSum) bool { return s.Kind == a.Kind })
		if i < 0 {
			r.Awards, i = append(r.Awards, AwardSum{Kind: a.Kind}), len(r.Awards)
		}
		r.Awards[i].People++
		if amount, ok := new(big.Rat).SetString(a.Amount); ok {
			r.Awards[i].total.Add(&r.Awards[i].total, amount)
		}
	}
	cost, why := points.price(payee, o.Awards, living)
	if o.Result == Progressed {
		why = outside
	}
	if why != "" {
		add(&r.Unpriced, why)
		return
	}
	r.Priced++
	r.Cost.Annual += cost.Annual
	r.Cost.OneOff += cost.OneOff
}

func add(reasons *[]Reason, code string) {
	for i := range *reasons {
		if (*reasons)[i].Code == code {
			(*reasons)[i].People++
			return
		}
	}
	*reasons = append(*reasons, Reason{code, 1})
}
