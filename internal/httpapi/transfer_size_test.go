package httpapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// A trust of 700 people in eighteen schools and a central team, each school's staff managed by its
// head, and the heads by the chief executive.
func sevenHundred() []string {
	list := []string{"Person ID,Forename,Surname,Work Email,School,Job Title,Role,Line Manager,Start Date,FTE,QTS,Pay Range,Pay Point,TRN,Payroll Number"}
	given := []string{"Ada", "Bo", "Cara", "Dev", "Eve", "Fay", "Gus", "Hal", "Ines", "Jo"}
	family := []string{"Marsh", "Lind", "Noor", "Okoro", "Reed", "Stone", "Vale"}
	for i := range 700 {
		unit, title, role, manager := fmt.Sprintf("School number %d", i%18+1), "Teacher", "Teacher", fmt.Sprint(1000+i%18)
		switch {
		case i == 18:
			unit, title, role, manager = "Central team", "Chief executive", "", ""
		case i < 18:
			title, manager = "Headteacher", "1018"
		case i%12 == 0:
			unit, title, role, manager = "Central team", "Officer", "Support", "1018"
		case i%3 == 0:
			title, role = "Teaching assistant", "Support"
		}
		list = append(list, fmt.Sprintf("%d,%s,%s %c,p%d@brightwater.example,%s,%s,%s,%s,2024-09-01,0.8,Y,Main,M%d,%07d,P%d",
			1000+i, given[i%10], family[i%7], 'A'+i%26, i, unit, title, role, manager, i%6+1, i, i))
	}
	return list
}

func TestSevenHundredPeopleAreImportedInAMoment(t *testing.T) {
	w := dirWorld{World: apitest.NewWorld(t, "2026-10-05")}
	w.unit(t, "central", "Shared services", w.Root)
	list, hr := sevenHundred(), w.HR.ClientWithResponses
	start := time.Now()
	plan := planned(t, hr, list...)
	planning := time.Since(start)
	require.Equal(t, api.ImportSummary{Rows: 700, New: 700}, plan.Summary)
	require.Len(t, plan.UnitsToCreate, 18)
	start = time.Now()
	applied(t, hr, plan, false)
	applying := time.Since(start)
	start = time.Now()
	again := imported(t, hr, list...)
	t.Logf("700 people: planned in %v, applied in %v; planned and applied again in %v", planning, applying, time.Since(start))
	require.Less(t, planning+applying, 30*time.Second, "far more than the machine is busy with")
	require.Equal(t, api.ImportSummary{Rows: 700, Unchanged: 700}, again.Summary)
	require.Equal(t, 701, w.count(t, "select count(*) from people where trust_id = $1", w.Trust))
	require.Equal(t, 699, w.count(t, "select count(*) from line_managers where trust_id = $1", w.Trust))
	require.Equal(t, 700*2+699+18+1, w.count(t, "select count(*) from events where trust_id = $1 and block_n = (select block_n from events where trust_id = $1 and type = 'import.applied' order by block_n limit 1)", w.Trust),
		"one block holds it all")
}

func TestRowsOfAnImportArePagedAndFiltered(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	list := []string{"Person ID,Forename,Surname,School,Start Date"}
	for i := range 9 {
		list = append(list, fmt.Sprintf("%d,Ada,Marsh,Northfield School,%s", i, map[bool]string{true: "2025-09-01", false: "never"}[i%3 > 0]))
	}
	first, second := planned(t, hr, list...), planned(t, hr, list...)
	limit, action, lines := 2, api.ListImportRowsParamsAction("new"), []int{}
	q := &api.ListImportRowsParams{Limit: &limit, Action: &action}
	for {
		r, err := w.HR.ListImportRowsWithResponse(t.Context(), first.ID, q)
		apitest.OK(t, r, err)
		for _, row := range r.JSON200.Items {
			require.Equal(t, api.ImportRowAction("new"), row.Action)
			lines = append(lines, row.Line)
		}
		if r.JSON200.NextCursor.IsNull() {
			break
		}
		q.Cursor = new(r.JSON200.NextCursor.MustGet())
	}
	require.Equal(t, []int{3, 4, 6, 7, 9, 10}, lines)
	r, err := w.HR.ListImportRowsWithResponse(t.Context(), second.ID, q)
	dirRefused(t, r, err, 400, "bad_cursor")
	one := 1
	l, err := w.HR.ListImportsWithResponse(t.Context(), &api.ListImportsParams{Limit: &one})
	apitest.OK(t, l, err)
	require.Equal(t, []api.Import{second}, l.JSON200.Items, "the newest first")
	l, err = w.HR.ListImportsWithResponse(t.Context(), &api.ListImportsParams{Limit: &one, Cursor: new(l.JSON200.NextCursor.MustGet())})
	apitest.OK(t, l, err)
	require.Equal(t, []api.Import{first}, l.JSON200.Items)
	require.True(t, l.JSON200.NextCursor.IsNull())
}

func TestListIsKeptInItsOwnEncodingUntilItIsApplied(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	text, err := charmap.Windows1252.NewEncoder().String("Person ID;Forename;Surname;School;Shoe size;Date of Birth;Email;Work Email\n1;Zoë;Müller;Northfield School;5;1990-01-01;;\n")
	require.NoError(t, err)
	c, err := w.HR.CreateImportWithBodyWithResponse(t.Context(), nil, "text/csv", strings.NewReader(text))
	apitest.OK(t, c, err)
	require.True(t, c.JSON201.FileName.IsNull())
	applied(t, w.HR.ClientWithResponses, *c.JSON201, false)
	require.Equal(t, "Zoë Müller", w.staff(t, "mis:1").GivenName+" "+w.staff(t, "mis:1").FamilyName)
	fields := map[string]bool{}
	for _, col := range c.JSON201.Columns {
		fields[col.Header] = !col.Field.IsNull()
		require.Equal(t, col.Field.IsNull(), !col.Note.IsNull(), "a column that is not used says why")
	}
	require.Equal(t, map[string]bool{"Person ID": true, "Forename": true, "Surname": true, "School": true, "Shoe size": false, "Date of Birth": false, "Email": true, "Work Email": false}, fields)
	require.Equal(t, "column_not_used", c.JSON201.Warnings[0].Code)
}

func TestPlansLogsAndEventsOfAnImportHoldNobodysData(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	list := []string{"Person ID,Forename,Surname,Work Email,School,Job Title,Start Date,Line Manager,Payroll Number",
		"quixotic-1,Quixotica,Zyzzyva,quixotica@brightwater.example,Northfield School,Zymurgist,2025-09-01,,zymo-1",
		"quixotic-2,Quixotus,Zyzzyva,quixotica@brightwater.example,Northfield School,Zymurgist,2025-09-01,Quixotica Zyzzyva,zymo-2",
		"quixotic-3,Quixotus,Zyzzyva,not an address,Northfield School,Zymurgist,2025-09-01,,zymo-2"}
	plan := planned(t, w.HR.ClientWithResponses, list...)
	require.Equal(t, 2, plan.Summary.Errors)
	applied(t, w.HR.ClientWithResponses, plan, true)
	for what, query := range map[string]string{
		"events": "select count(*) from events where trust_id = $1 and body ~* 'quixot|zyzz|zym'",
		"rows":   "select count(*) from import_rows where trust_id = $1 and (problems::text || changes::text) ~* 'quixot|zyzz|zym'",
		"plans":  "select count(*) from imports where trust_id = $1 and (plan::text || content) ~* 'quixot|zyzz|zym'",
	} {
		require.Zero(t, w.count(t, query, w.Trust), what)
	}
	for _, word := range []string{"quixot", "zyzz", "zym"} {
		require.NotContains(t, strings.ToLower(apitest.Logs()), word)
	}
}
