package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestImportFindsPeopleByWhatIsSurestAndNeverByName(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	imported(t, hr, "Person ID,TRN,Payroll Number,Work Email,Forename,Surname,School,Job Title,Start Date",
		"7,1234567,P-7,ada@brightwater.example,Ada,Marsh,Northfield School,Teacher,2025-09-01")
	ada := w.staff(t, "mis:7")
	header := "Person ID,TRN,Payroll Number,Work Email,Forename,Surname"
	for row, outcome := range map[string]string{
		"7,,,,Ada,Marsh-Reed":                     "2 changed family_name",
		",1234567,,,Ada,Marsh":                    "2 unchanged",
		",,P-7,,Ada,Marsh":                        "2 unchanged",
		",,,ADA@brightwater.example,Ada,Marsh":    "2 unchanged",
		"7,,,ada.marsh@brightwater.example,Ada,M": "2 changed family_name,email",
		"7,7654321,,,Ada,Marsh":                   "2 changed external_ids",
		"99,,,ada@brightwater.example,Ada,Marsh":  "2 error identifiers_disagree",
		",7654321,P-7,,Ada,Marsh":                 "2 error identifiers_disagree",
		",,,,Ada,Marsh":                           "2 error missing_identifier",
	} {
		plan := planned(t, hr, header, row)
		require.Equal(t, []string{outcome}, outcomes(t, hr, plan.ID), row)
		if !strings.Contains(outcome, "missing") {
			require.Equal(t, ada.ID, importRows(t, hr, plan.ID)[0].PersonID.MustGet(), row)
		}
	}
	plan := planned(t, hr, header+",School", "8,,,other@brightwater.example,Ada,Marsh,Northfield School")
	require.Equal(t, []string{"2 new job_title_assumed start_assumed"}, outcomes(t, hr, plan.ID), "a namesake is somebody else")
	require.True(t, importRows(t, hr, plan.ID)[0].PersonID.IsNull())
}

func TestImportNeverMakesOnePersonOfTwo(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	header := "Person ID,TRN,Work Email,Forename,Surname,School,Job Title,Start Date"
	rest := ",Northfield School,Teacher,2025-09-01"
	imported(t, hr, header, "7,1234567,ada@brightwater.example,Ada,Marsh"+rest, "8,,bo@brightwater.example,Bo,Lind"+rest)
	plan := planned(t, hr, header,
		"7,1234567,bo@brightwater.example,Ada,Marsh"+rest,
		"8,1234567,bo@brightwater.example,Bo,Lind"+rest,
		"9,,new@brightwater.example,Cara,Noor"+rest,
		"10,,NEW@brightwater.example,Dee,Noor"+rest)
	require.Equal(t, []string{"2 error email_taken", "3 error shared_email external_id_taken", "4 new", "5 error shared_email identifiers_disagree"}, outcomes(t, hr, plan.ID))
	p := importRows(t, hr, plan.ID)[0].Problems[0]
	require.Equal(t, api.ImportProblem{Line: 2, Column: 3, Header: "Work Email", Field: "email", Code: "email_taken", Message: p.Message}, p)
	require.NotContains(t, strings.ToLower(p.Message), "bo@")
}

func TestImportTellsWhoCannotBeLineManager(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	old := w.teacher(t, "Olu Stone", w.North)
	r, err := w.HR.DeactivatePersonWithResponse(t.Context(), old.ID, &api.DeactivatePersonParams{IfMatch: dirETag(old.Version)}, api.EndFrom{On: dirDate("2026-10-05")})
	apitest.OK(t, r, err)
	rest := ",Northfield School,Teacher,2025-09-01,"
	plan := planned(t, hr, "Person ID,Work Email,Forename,Surname,School,Job Title,Start Date,Line Manager",
		"1,a@brightwater.example,Ada,Marsh"+rest+"nobody@brightwater.example",
		"2,b@brightwater.example,Bo,Lind"+rest+"Sam Hill",
		"3,c@brightwater.example,Sam,Hill"+rest+"3",
		"4,d@brightwater.example,Sam,Hill"+rest+"Ada Marsh",
		"5,e@brightwater.example,Eve,Reed"+rest+"Bo Lind",
		"6,f@brightwater.example,Fay,Reed"+rest+"Eve Reed",
		"7,g@brightwater.example,Gus,Reed"+rest+"Olu Stone",
		"8,h@brightwater.example,Hal,Reed"+rest+"Hana Reyes")
	require.Equal(t, []string{"2 error line_manager_unknown", "3 error line_manager_ambiguous", "4 error manages_themselves", "5 error line_manager_unknown",
		"6 error line_manager_unknown", "7 error line_manager_unknown", "8 error line_manager_unknown", "9 new"}, outcomes(t, hr, plan.ID),
		"somebody whose own rows cannot be applied will not be there")
	require.Equal(t, []any{8, "Line Manager", "line_manager", false}, func() []any {
		p := importRows(t, hr, plan.ID)[0].Problems[0]
		return []any{p.Column, p.Header, p.Field, p.Warning}
	}())
}

