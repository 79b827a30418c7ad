package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
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

func TestImportFindsTheSchoolByNumberNameOrItsUsualWord(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr, urn := w.HR.ClientWithResponses, "100/4567"
	east, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "Eastfield School", Code: &urn})
	apitest.OK(t, east, err)
	science := w.unit(t, "department", "Science", w.North.ID)
	list := []string{"Person ID,Forename,Surname,School,Job Title,Start Date"}
	for i, school := range []string{"1004567", "SOUTHFIELD  school", "science", "Trust", "Central", "Westfield School", "westfield school"} {
		list = append(list, fmt.Sprintf("%d,Ada,Marsh,%s,Cook,2025-09-01", i, school))
	}
	require.Equal(t, []string{"Westfield School"}, imported(t, hr, list...).UnitsToCreate)
	at := func(i int) uuid.UUID { return w.staff(t, fmt.Sprint("mis:", i)).Posts[0].UnitID }
	require.Equal(t, []uuid.UUID{east.JSON201.ID, w.South.ID, science.ID, w.Root, w.Root}, []uuid.UUID{at(0), at(1), at(2), at(3), at(4)},
		"without a central team the trust itself is it")
	require.Equal(t, at(5), at(6))
	require.Equal(t, "central", w.staff(t, "mis:3").Posts[0].StaffType)

	w.unit(t, "central", "Finance team", w.Root)
	w.unit(t, "central", "Estates team", w.Root)
	plan := planned(t, hr, list[0], "90,Bo,Lind,Central,Clerk,2025-09-01", "91,Cy,Lind,estates TEAM,Clerk,2025-09-01")
	require.Equal(t, []string{"2 error ambiguous_school", "3 new"}, outcomes(t, hr, plan.ID))
}

func TestSchoolMayBeUnsaidOnlyWhereThereIsNone(t *testing.T) {
	t.Parallel()
	header, row := "Person ID,Forename,Surname,Job Title,Start Date", "1,Ada,Marsh,Teacher,2025-09-01"
	one := dirWorld{World: apitest.NewWorld(t, "2026-10-05")}
	imported(t, one.HR.ClientWithResponses, header, row)
	require.Equal(t, one.Root, one.staff(t, "mis:1").Posts[0].UnitID)
	require.Equal(t, "teaching", one.staff(t, "mis:1").Posts[0].StaffType)
	w := newDirWorld(t)
	require.Equal(t, []string{"2 error missing_school"}, outcomes(t, w.HR.ClientWithResponses, planned(t, w.HR.ClientWithResponses, header, row).ID))
	imported(t, w.HR.ClientWithResponses, header+",School", row+",Northfield School")
	require.Equal(t, []string{"2 changed job_title"}, outcomes(t, w.HR.ClientWithResponses, planned(t, w.HR.ClientWithResponses, header, "1,Ada,Marsh,Head of year,2025-09-01").ID),
		"of somebody with one post it need not be said")
}

func TestPostIsTheOneAtTheSameSchool(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	header := "Person ID,Forename,Surname,School,Job Title,Start Date"
	imported(t, hr, header, "1,Ada,Marsh,Northfield School,Teacher,2025-09-01", "1,Ada,Marsh,Northfield School,Head of year,2025-09-01")
	science := w.unit(t, "department", "Science", w.North.ID)
	for _, p := range w.staff(t, "mis:1").Posts {
		r, err := w.HR.UpdatePostWithResponse(t.Context(), p.ID, &api.UpdatePostParams{IfMatch: dirETag(p.Version)}, api.UpdatePost{UnitID: &science.ID})
		apitest.OK(t, r, err)
	}
	for _, c := range []struct {
		rows, outcomes []string
	}{
		{[]string{"1,Ada,Marsh,Northfield School,Head of year,2025-09-01", "1,Ada,Marsh,Northfield School,Teacher,2025-09-01"}, []string{"2 unchanged", "3 unchanged"}},
		{[]string{"1,Ada,Marsh,Northfield School,Teacher of maths,2025-09-01", "1,Ada,Marsh,Northfield School,Head of year,2025-09-01"}, []string{"2 changed job_title", "3 unchanged"}},
		{[]string{"1,Ada,Marsh,Southfield School,Teacher,2025-09-01"}, []string{"2 new"}},
		{[]string{"1,Ada,Marsh,Northfield School,A,2025-09-01", "1,Ada,Marsh,Northfield School,B,2025-09-01", "1,Ada,Marsh,Northfield School,C,2025-09-01"},
			[]string{"2 changed job_title", "3 changed job_title", "4 new"}},
	} {
		require.Equal(t, c.outcomes, outcomes(t, hr, planned(t, hr, append([]string{header}, c.rows...)...).ID), "a department belongs to its school")
	}
}
