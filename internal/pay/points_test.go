package pay

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/perennial-api/perennial/internal/appraisal"
)

var scale = Points{Items: []Point{{PayRange: "main", Point: "M1", AnnualPence: 3000001}, {PayRange: "main", Point: "M2", AnnualPence: 3200002}, {PayRange: "main", Point: "M3", AnnualPence: 3500000},
	{Area: "city", PayRange: "main", Point: "M1", AnnualPence: 4000000}}}

func TestAnAwardCostsWhatItsPointsAndPerCentAreOfTheHoursWorked(t *testing.T) {
	for name, tc := range map[string]struct {
		point  string
		fte    int
		awards []Award
		living string
		want   Cost
		why    string
	}{
		"no award":                        {point: "M9", fte: 1000},
		"a point":                         {point: "M1", fte: 1000, awards: []Award{{pointsKind, "1"}}, want: Cost{Annual: 200001}},
		"half the hours, rounded to even": {point: "M1", fte: 500, awards: []Award{{pointsKind, "1"}}, want: Cost{Annual: 100000}},
		"a half that is odd goes up":      {point: "M2", fte: 500, awards: []Award{{costOfLiving, "0"}}, living: "0.05", want: Cost{Annual: 800}},
		"two points and a bonus":          {point: "M1", fte: 800, awards: []Award{{pointsKind, "2"}, {bonusPercent, "3"}}, want: Cost{Annual: 399999, OneOff: 72000}},
		"per cent of the present pay":     {point: "M3", fte: 1000, awards: []Award{{"percent", "2.5"}, {costOfLiving, "0"}}, living: "3", want: Cost{Annual: 192500}},
		"the cost of living is not said":  {point: "M3", fte: 1000, awards: []Award{{costOfLiving, "0"}}, why: livingUnknown},
		"a point that is not the trust's": {point: "M9", fte: 1000, awards: []Award{{pointsKind, "1"}}, why: pointUnknown},
		"beyond the last point":           {point: "M3", fte: 1000, awards: []Award{{pointsKind, "1"}}, why: beyondRange},
		"beyond any number of points":     {point: "M3", fte: 1000, awards: []Award{{pointsKind, "9999"}}, why: beyondRange},
		"part of a point":                 {point: "M1", fte: 1000, awards: []Award{{pointsKind, "0.5"}}, why: partOfPoint},
	} {
		var living *big.Rat
		if tc.living != "" {
			living, _ = new(big.Rat).SetString(tc.living)
		}
		c := &appraisal.Case{Org: &appraisal.Org{}}
		cost, why := scale.price(Payee{Case: c, Range: "main", Point: tc.point, FTE: tc.fte}, tc.awards, living)
		assert.Equal(t, tc.want, cost, name)
		assert.Equal(t, tc.why, why, name)
	}
}

func TestMoneyIsRoundedOnceHalfToEven(t *testing.T) {
	for text, want := range map[string]int64{"0.5": 0, "1.5": 2, "2.5": 2, "2.5001": 3, "2.4999": 2, "7": 7, "0": 0} {
		v, _ := new(big.Rat).SetString(text)
		assert.Equal(t, want, pence(v), text)
	}
}
