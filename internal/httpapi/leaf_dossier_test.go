package httpapi_test

import (
	"fmt"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func init() {
	leafTables["dossier"] = []leafRow{
		{path: "population.absence_basis", a: `"evidence_of_the_year"`, b: `"evidence_then_prior_years"`, under: `{"outcome":{"inputs":[],"chain":` + chainOf("") + `}}`, probe: awayForMost,
			wantA: "a short absence: 0 years; a long one: 0 years", wantB: "a short absence: 0 years; a long one: 1 years, rated met, A good year."},
	}
}

// awayForMost is what Ada's second year shows of her first, after a short absence and after a long one.
func awayForMost(p *apitest.Process) string {
	p.T.Helper()
	state(p)
	p.On("2027-09-01")
	cycle := nextYear(goalsOf(p))
	ada := p.As("ada")
	list, err := ada.ListAppraisalsWithResponse(p.T.Context(), &api.ListAppraisalsParams{CycleID: &cycle})
	apitest.OK(p.T, list, err)
	earlier := func() string {
		r, err := p.As("ben").GetDossierWithResponse(p.T.Context(), list.JSON200.Items[0].ID)
		apitest.OK(p.T, r, err)
		years := r.JSON200.EarlierYears.Items
		out := fmt.Sprintf("%d years", len(years))
		if len(years) > 0 {
			out += ", rated " + years[0].Rating.MustGet().Code + ", " + years[0].Statement[0].Text
		}
		return out
	}
	away := func(from, until string) {
		r, err := p.World.HR.RecordAbsenceWithResponse(p.T.Context(), ada.ID, nil, api.RecordAbsence{FromOn: apitest.Day(from), UntilOn: ptr(apitest.Day(until))})
		apitest.OK(p.T, r, err)
	}
	away("2027-09-06", "2027-10-18")
	out := "a short absence: " + earlier()
	away("2027-11-01", "2028-06-01")
	return out + "; a long one: " + earlier()
}
