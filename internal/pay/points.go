package pay

import (
	"fmt"
	"math/big"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
)

// Point is a pay point of the trust for a year: data, for none is shipped. Money is whole pence.
type Point struct {
	TrustID     uuid.UUID
	CycleID     uuid.UUID
	Area        string // "" where the trust pays the same everywhere
	PayRange    string
	Point       string
	AnnualPence int64
}

// TableName names the table.
func (Point) TableName() string { return "pay_points" }

// Area is the area in which a unit, and those below it without one of their own, pays.
type Area struct {
	TrustID uuid.UUID
	CycleID uuid.UUID
	UnitID  uuid.UUID
	Area    string
}

// TableName names the table.
func (Area) TableName() string { return "pay_areas" }

// Points are the pay points of a year and the areas of its units. Version is the cycle's.
type Points struct {
	Version int
	Items   []Point
	Areas   []Area
}

// check refuses points and areas that are given twice, and points of one range with the same pay:
// points follow each other by what they pay.
func (p Points) check() error {
	var wrong []fault.Violation
	at := func(i int, list, field, code, detail string) {
		wrong = append(wrong, fault.Violation{In: "body", Pointer: fmt.Sprintf("/%s/%d/%s", list, i, field), Code: code, Detail: detail})
	}
	points, pay, units := map[[3]string]bool{}, map[string]bool{}, map[uuid.UUID]bool{}
	for i, v := range p.Items {
		key, paid := [3]string{v.Area, v.PayRange, v.Point}, fmt.Sprintf("%q %q %d", v.Area, v.PayRange, v.AnnualPence)
		switch {
		case points[key]:
			at(i, "items", "point", "duplicate", "The point is given twice.")
		case pay[paid]:
			at(i, "items", "annual_pence", "same_pay", "Another point of this range pays the same; points follow each other by what they pay.")
		}
		points[key], pay[paid] = true, true
	}
	for i, v := range p.Areas {
		if units[v.UnitID] {
			at(i, "areas", "unit_id", "duplicate", "The unit is given twice.")
		}
		units[v.UnitID] = true
	}
	if len(wrong) == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, wrong[0].Code, "The list has faults; errors lists them all.")
	e.Violations = wrong[:min(len(wrong), 200)]
	return e
}

// area is that of the unit, or of the nearest one above it that has one.
func (p Points) area(c *appraisal.Case) string {
	for _, u := range c.Org.Upwards(c.UnitID) {
		for _, a := range p.Areas {
			if a.UnitID == u.ID {
				return a.Area
			}
		}
	}
	return ""
}

// of are the points of a range in an area, by what they pay, and where the person's point is among
// them; -1 where it is not.
func (p Points) of(area, payRange, point string) (points []Point, at int) {
	at = -1
	for _, v := range p.Items {
		if v.Area != area || v.PayRange != payRange {
			continue
		}
		if v.Point == point {
			at = len(points)
		}
		points = append(points, v)
	}
	return points, at
}

// Cost is what awards cost in a full year, in pence: what stays, and what is paid once.
type Cost struct{ Annual, OneOff int64 }

// Why a cost is not known.
const (
	pointUnknown  = "pay_point_unknown"
	beyondRange   = "beyond_range"
	partOfPoint   = "part_of_a_point"
	livingUnknown = "cost_of_living_not_given"
	outside       = "award_settled_outside"
)

// price works out what awards cost for one person: points are the pay of the later point less that
// of the present one, the rest is per cent of the present pay, all of it for the hours that the post
// has. Each of the two sums is rounded once, at its end, half to even. why says what is not known.
func (p Points) price(payee Payee, awards []Award, living *big.Rat) (cost Cost, why string) {
	if len(awards) == 0 {
		return cost, ""
	}
	points, at := p.of(p.area(payee.Case), payee.Range, payee.Point)
	if at < 0 {
		return cost, pointUnknown
	}
	annual, once := new(big.Rat), new(big.Rat)
	now := new(big.Rat).SetInt64(points[at].AnnualPence)
	for _, a := range awards {
		amount, ok := new(big.Rat).SetString(a.Amount)
		switch {
		case a.Kind == costOfLiving && living == nil:
			return cost, livingUnknown
		case a.Kind == costOfLiving:
			annual.Add(annual, share(now, living))
		case !ok, a.Kind == pointsKind && !amount.IsInt():
			return cost, partOfPoint
		case a.Kind == pointsKind && !amount.Num().IsInt64(), a.Kind == pointsKind && amount.Num().Int64() >= int64(len(points)-at):
			return cost, beyondRange
		case a.Kind == pointsKind:
			annual.Add(annual, new(big.Rat).SetInt64(points[at+int(amount.Num().Int64())].AnnualPence-points[at].AnnualPence))
		case a.Kind == bonusPercent:
			once.Add(once, share(now, amount))
		default:
			annual.Add(annual, share(now, amount))
		}
	}
	hours := big.NewRat(int64(payee.FTE), 1000)
	return Cost{Annual: pence(annual.Mul(annual, hours)), OneOff: pence(once.Mul(once, hours))}, ""
}

// share is so many per cent of an amount.
func share(of, percent *big.Rat) *big.Rat {
	v := new(big.Rat).Mul(of, percent)
	return v.Quo(v, big.NewRat(100, 1))
}

// pence rounds to whole pence, half to even.
func pence(v *big.Rat) int64 {
	two := new(big.Int).Lsh(v.Num(), 1)
	two.Add(two, v.Denom()) // floor((2n + d) / 2d) rounds half up
	q, rest := new(big.Int).DivMod(two, new(big.Int).Lsh(v.Denom(), 1), new(big.Int))
	if rest.Sign() == 0 && q.Bit(0) == 1 {
		q.Sub(q, big.NewInt(1))
	}
	return q.Int64()
}
