package httpapi_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// told is what the governors of a unit are told, as somebody asks for it.
func told(p *apitest.Process, who string, unit uuid.UUID) api.GovernorsReport {
	p.T.Helper()
	r, err := p.As(who).GetGovernorsReportWithResponse(p.T.Context(), unit, &api.GetGovernorsReportParams{CycleID: &p.CycleID})
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

// countsOf are the counts of a part by code, -1 where one is withheld.
func countsOf(r api.GovernorsReport, part string) map[string]int {
	out := map[string]int{}
	for _, p := range r.Parts {
		if string(p.Code) != part {
			continue
		}
		for _, row := range p.Rows {
			out[row.Code] = -1
			if !row.Withheld {
				out[row.Code] = row.Count.MustGet()
			}
		}
	}
	return out
}

// governed is a small trust whose governors are told everything, and whose Ada has met the year.
func governed(t *testing.T, small string) *apitest.Process {
	t.Helper()
	var rules map[string]any
	require.NoError(t, json.Unmarshal([]byte(`{"outcome":{"chain":`+chainOf("")+`},"report":{"small_number":`+small+`,
		"governors":["completion","effectiveness","development_needs","ratings","pay","appeals","concerns"]}}`), &rules))
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: map[string]any{"schema": 1, "rules": rules}})
	state(p)
	return p
}

func TestGovernorsAreToldOfAYearWithoutNames(t *testing.T) {
	t.Parallel()
	p := governed(t, "1")
	ctx, hr := t.Context(), p.World.HR
	r := told(p, "cho", p.School)
	require.Equal(t, 4, r.People.Count.MustGet())
	require.Equal(t, map[string]int{"released": 1, "closing": 0, "running": 0, "setting": 3, "suspended": 0, "transferred": 0, "ended": 0}, countsOf(r, "completion"))
	require.Equal(t, map[string]int{"not_met": 0, "partially_met": 0, "met": 1, "exceeded": 0, "none": 3}, countsOf(r, "ratings"))
	require.Equal(t, map[string]int{"not_linked": 1, "none": 3}, countsOf(r, "pay"))
	require.Equal(t, map[string]int{"none": 4}, countsOf(r, "concerns"))
	require.Len(t, r.Parts, 7)
	require.Equal(t, 5, told(p, "hr", p.Root).People.Count.MustGet(), "with the chief executive")

	require.Len(t, r.Individuals, 4)
	var rated []string
	letters := map[string]bool{}
	for i, who := range r.Individuals {
		require.Equal(t, who, told(p, "hr", p.School).Individuals[i], "the same letters, whoever asks")
		letters[who.Letters] = true
		if v := who.Rating.MustGet(); v.Code == "met" {
			rated = append(rated, who.Pay.MustGet())
		}
	}
	require.Len(t, letters, 4)
	require.Equal(t, []string{"not_linked"}, rated)
	body, err := json.Marshal(r)
	require.NoError(t, err)
	for _, who := range []string{"ada", "ben", "cho", "dov"} {
		require.NotContains(t, string(body), p.As(who).ID.String())
		require.NotContains(t, string(body), p.Appraisal(who).ID.String())
	}

	params := &api.GetGovernorsReportParams{CycleID: &p.CycleID}
	reviewer, err := p.As("ben").GetGovernorsReportWithResponse(ctx, p.School, params)
	apitest.Refused(t, reviewer, err, 403, "role_not_admitted")
	above, err := p.As("cho").GetGovernorsReportWithResponse(ctx, p.Root, params)
	apitest.Refused(t, above, err, 403, "out_of_reach")
	nowhere, err := p.As("cho").GetGovernorsReportWithResponse(ctx, uuid.New(), params)
	apitest.Refused(t, nowhere, err, 404, "not_found")
	never, err := hr.GetGovernorsReportWithResponse(ctx, p.School, &api.GetGovernorsReportParams{CycleID: ptr(uuid.New())})
	apitest.Refused(t, never, err, 404, "not_found")
	u, err := hr.CreateUnitWithResponse(ctx, nil, api.CreateUnit{ParentID: p.School, Kind: "department", Name: "Science"})
	apitest.OK(t, u, err)
	headless, err := hr.GetGovernorsReportWithResponse(ctx, u.JSON201.ID, params)
	apitest.Refused(t, headless, err, 409, "unit_without_head")
}

func TestWhatGovernorsAreToldGivesNobodyAway(t *testing.T) {
	t.Parallel()
	p := governed(t, "2")
	school, trust := told(p, "cho", p.School), told(p, "hr", p.Root)
	require.True(t, school.People.Withheld, "the trust's five less the school's four would be the chief executive alone")
	require.Equal(t, 5, trust.People.Count.MustGet())
	require.Empty(t, school.Individuals, "a list of people would be their number")
	require.Equal(t, -1, countsOf(school, "ratings")["met"], "one person")
	require.Equal(t, -1, countsOf(school, "ratings")["none"], "everybody less these would be that one")
	require.Equal(t, -1, countsOf(trust, "ratings")["met"])
	require.Len(t, trust.Individuals, 5)
	for _, who := range trust.Individuals {
		require.True(t, who.Rating.IsNull())
		require.True(t, who.Pay.IsNull())
	}
	require.Equal(t, map[string]int{"none": 5}, countsOf(trust, "appeals"), "what holds of everybody tells nothing of one")
}
