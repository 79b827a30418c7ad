package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// sendList sends a staff list, each line of which is one row.
func sendList(t *testing.T, c *client.ClientWithResponses, lines ...string) (*client.CreateImportResponse, error) {
	t.Helper()
	name := "staff.csv"
	return c.CreateImportWithBodyWithResponse(t.Context(), &api.CreateImportParams{FileName: &name}, "text/csv", strings.NewReader(strings.Join(lines, "\n")+"\n"))
}

func planned(t *testing.T, c *client.ClientWithResponses, lines ...string) api.Import {
	t.Helper()
	r, err := sendList(t, c, lines...)
	apitest.OK(t, r, err)
	return *r.JSON201
}

func importRows(t *testing.T, c *client.ClientWithResponses, id uuid.UUID) []api.ImportRow {
	t.Helper()
	r, err := c.ListImportRowsWithResponse(t.Context(), id, nil)
	apitest.OK(t, r, err)
	require.True(t, r.JSON200.NextCursor.IsNull())
	return r.JSON200.Items
}

// outcomes are the rows in short: the action, what changes, and the codes of the problems.
func outcomes(t *testing.T, c *client.ClientWithResponses, id uuid.UUID) []string {
	t.Helper()
	out := []string{}
	for _, r := range importRows(t, c, id) {
		line := fmt.Sprint(r.Line, " ", r.Action)
		if len(r.Changes) > 0 {
			line += " " + strings.Join(r.Changes, ",")
		}
		for _, p := range r.Problems {
			line += " " + p.Code
		}
		out = append(out, line)
	}
	return out
}

func applyImport(t *testing.T, c *client.ClientWithResponses, i api.Import, allowErrors bool) (*client.ApplyImportResponse, error) {
	t.Helper()
	return c.ApplyImportWithResponse(t.Context(), i.ID, &api.ApplyImportParams{IfMatch: dirETag(i.Version)}, api.ApplyImport{AllowErrors: &allowErrors})
}

func applied(t *testing.T, c *client.ClientWithResponses, i api.Import, allowErrors bool) api.Import {
	t.Helper()
	r, err := applyImport(t, c, i, allowErrors)
	apitest.OK(t, r, err)
	require.Equal(t, api.ImportStateApplied, r.JSON200.State)
	return *r.JSON200
}

// imported plans and applies a list without errors.
func imported(t *testing.T, c *client.ClientWithResponses, lines ...string) api.Import {
	t.Helper()
	return applied(t, c, planned(t, c, lines...), false)
}

// staff finds somebody by an outside id, such as mis:7.
func (w dirWorld) staff(t *testing.T, id string) api.Person {
	t.Helper()
	r, err := w.HR.ListPeopleWithResponse(t.Context(), &api.ListPeopleParams{ExternalID: &id})
	apitest.OK(t, r, err)
	require.Len(t, r.JSON200.Items, 1, id)
	return r.JSON200.Items[0]
}

func (w dirWorld) events(t *testing.T) int {
	t.Helper()
	return w.count(t, "select count(*) from events where trust_id = $1", w.Trust)
}

const wideHeader = "Person ID,Forename,Surname,Work Email,School,Job Title,Role,Line Manager,Start Date,FTE,Contract,Contract End,QTS,Induction Start,Induction End,Probation End,Pay Range,Pay Point,Top of Range,TRN,Payroll Number,Department"

var wideList = []string{wideHeader,
	"7,Ada,Marsh,ada.marsh@brightwater.example,northfield SCHOOL,Teacher of science,Teacher,ruth.okoro@brightwater.example,01/09/2025,0.8,,,Y,01/09/2025,31/08/2027,,Main,M4,N,1234567,P-7,Science",
	"8,Ruth,Okoro,ruth.okoro@brightwater.example,Northfield School,Headteacher,,,01/09/2020,1,Permanent,,Y,,,,Leadership,L12,Y,,,",
	"9,Bo,Lind,bo.lind@brightwater.example,100123,Teaching assistant,Support staff,8,05/10/2026,50%,Fixed term,31/08/2027,N,,,05/04/2027,,,,,,",
	"10,Cara,Noor,cara.noor@brightwater.example,Northfield School,Caretaker,,Ruth Okoro,01/09/2024,0.5,,,,,,,,,,,,",
	"10,Cara,Noor,cara.noor@brightwater.example,Central team,Minibus driver,,\"Okoro, Ruth\",01/09/2024,0.5,,,,,,,,,,,,",
}

func TestImportOfANewStaffListIsPlannedThenApplied(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	w.unit(t, "central", "Shared services", w.Root)
	before := w.events(t)
	r, err := sendList(t, w.HR.ClientWithResponses, wideList...)
	apitest.OK(t, r, err)
	plan := *r.JSON201
	require.Equal(t, "/v1/imports/"+plan.ID.String(), r.HTTPResponse.Header.Get("Location"))
	require.Equal(t, `"1"`, r.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, api.ImportSummary{Rows: 5, New: 5}, plan.Summary)
	require.Equal(t, []string{"100123"}, plan.UnitsToCreate)
	require.Equal(t, api.ImportStatePlanned, plan.State)
	require.Equal(t, "staff.csv", plan.FileName.MustGet())
	require.Equal(t, w.HR.ID, plan.CreatedBy)
	require.Empty(t, plan.Warnings)
	require.Equal(t, []string{"2 new", "3 new", "4 new", "5 new", "6 new"}, outcomes(t, w.HR.ClientWithResponses, plan.ID))
	require.Equal(t, 1, w.count(t, "select count(*) from people where trust_id = $1", w.Trust), "a plan changes nothing")
	require.Equal(t, before+1, w.events(t), "but that it was made is known")

	done := applied(t, w.HR.ClientWithResponses, plan, false)
	require.Equal(t, 2, done.Version)
	require.Equal(t, plan.Summary, done.Summary)
	require.False(t, done.AppliedAt.IsNull())
	require.Equal(t, 1, w.count(t, "select count(*) from imports where trust_id = $1 and content = ''", w.Trust), "the file is forgotten")
	for _, row := range importRows(t, w.HR.ClientWithResponses, plan.ID) {
		require.False(t, row.PersonID.IsNull(), "each row shows to whom it led")
	}
	for what, n := range map[string]int{"unit.created": 4, "person.created": 4, "post.created": 5, "line_manager.set": 4, "import.planned": 1, "import.applied": 1} {
		require.Equal(t, n, w.count(t, "select count(*) from events where trust_id = $1 and type = $2 and actor_id = $3", w.Trust, what, w.HR.ID), what)
	}
}

func TestEveryFactOfTheListReachesTheDirectory(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	team := w.unit(t, "central", "Shared services", w.Root)
	imported(t, w.HR.ClientWithResponses, wideList...)
	ada, ruth, bo, cara := w.staff(t, "mis:7"), w.staff(t, "mis:8"), w.staff(t, "mis:9"), w.staff(t, "mis:10")
	require.Equal(t, []api.ExternalID{{System: "mis", Value: "7"}, {System: "payroll", Value: "P-7"}, {System: "trn", Value: "1234567"}}, ada.ExternalIds)
	require.Equal(t, "ada.marsh@brightwater.example", ada.Email.MustGet())
	require.Len(t, ada.Posts, 1)
	p := ada.Posts[0]
	require.Equal(t, w.North.ID, p.UnitID)
	require.Equal(t, []any{"Teacher of science", "teaching", "teacher", "Science", "0.8", "Main", "M4"},
		[]any{p.JobTitle, p.StaffType, p.RoleCode.MustGet(), p.Department.MustGet(), p.Fte, p.PayRange.MustGet(), p.PayPoint.MustGet()})
	require.Equal(t, []bool{true, false}, []bool{p.Qts.MustGet(), p.AtTopOfRange.MustGet()})
	require.Equal(t, dirDate("2025-09-01"), p.FromOn)
	require.Equal(t, dirDate("2025-09-01"), p.InductionStartsOn.MustGet())
	require.Equal(t, dirDate("2027-09-01"), p.InductionEndsOn.MustGet(), "a list gives the last day, the directory the first day after")
	require.Equal(t, ruth.ID, p.LineManager.MustGet().PersonID)
	require.Equal(t, dirDate("2025-09-01"), p.LineManager.MustGet().FromOn)
	require.Equal(t, "teaching", ruth.Posts[0].StaffType, "a headteacher by title and QTS")
	require.True(t, ruth.Posts[0].LineManager.IsNull())

	b := bo.Posts[0]
	require.Equal(t, []any{"support", "support", "0.5", api.PostContract("fixed_term")}, []any{b.StaffType, b.RoleCode.MustGet(), b.Fte, b.Contract})
	require.Equal(t, dirDate("2027-08-31"), b.ContractEndsOn.MustGet())
	require.Equal(t, dirDate("2027-04-06"), b.ProbationEndsOn.MustGet())
	u, err := w.HR.GetUnitWithResponse(t.Context(), b.UnitID)
	apitest.OK(t, u, err)
	require.Equal(t, []any{"100123", "100123", api.UnitKind("school"), true, w.Root}, []any{u.JSON200.Name, u.JSON200.Code.MustGet(), u.JSON200.Kind, u.JSON200.Decides, u.JSON200.ParentID.MustGet()})

	require.Len(t, cara.Posts, 2, "one person with two rows has two posts")
	kinds := map[uuid.UUID]string{}
	for _, p := range cara.Posts {
		kinds[p.UnitID] = p.StaffType
		require.Equal(t, ruth.ID, p.LineManager.MustGet().PersonID)
	}
	require.Equal(t, map[uuid.UUID]string{w.North.ID: "support", team.ID: "central"}, kinds)
}

func TestImportingTheSameListAgainChangesNothing(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	w.unit(t, "central", "Shared services", w.Root)
	imported(t, w.HR.ClientWithResponses, wideList...)
	people, events := w.count(t, "select sum(version) from people where trust_id = $1", w.Trust), w.events(t)
	again := imported(t, w.HR.ClientWithResponses, wideList...)
	require.Equal(t, api.ImportSummary{Rows: 5, Unchanged: 5}, again.Summary)
	require.Empty(t, again.UnitsToCreate)
	require.Equal(t, people, w.count(t, "select sum(version) from people where trust_id = $1", w.Trust))
	require.Equal(t, events+2, w.events(t), "that it was planned and applied, and nothing else")
}

func TestImportChangesWhatTheListSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	w.unit(t, "central", "Shared services", w.Root)
	imported(t, hr, wideList...)
	ada, ruth := w.staff(t, "mis:7"), w.staff(t, "mis:8")

	plan := imported(t, hr, "Person ID,Forename,Surname,School,Job Title,Pay Point,Department,Line Manager ID",
		"7,Ada,Marsh,Northfield School,Head of science,M5,,9", "8,Ruth,Okoro,Northfield School,Headteacher,,,")
	require.Equal(t, []string{"2 changed job_title,department,pay_point,line_manager", "3 changed pay_point"}, outcomes(t, hr, plan.ID))
	now := w.staff(t, "mis:7")
	require.Equal(t, ada.Version, now.Version, "the person is as before")
	is, was := now.Posts[0], ada.Posts[0]
	require.Equal(t, was.ID, is.ID)
	require.Equal(t, was.Version+1, is.Version)
	require.Equal(t, "Head of science", is.JobTitle)
	require.Equal(t, "M5", is.PayPoint.MustGet())
	require.True(t, is.Department.IsNull(), "an empty cell takes away what may be absent")
	require.Equal(t, []any{was.Fte, was.PayRange, was.Qts, was.InductionEndsOn, was.FromOn, was.StaffType}, []any{is.Fte, is.PayRange, is.Qts, is.InductionEndsOn, is.FromOn, is.StaffType},
		"a column that is not there takes nothing away")
	require.Equal(t, w.staff(t, "mis:9").ID, is.LineManager.MustGet().PersonID)
	require.Equal(t, dirDate("2026-10-05"), is.LineManager.MustGet().FromOn)
	m, err := w.HR.ListLineManagersWithResponse(t.Context(), is.ID)
	apitest.OK(t, m, err)
	require.Len(t, m.JSON200.Items, 2)
	require.Equal(t, ruth.ID, m.JSON200.Items[1].PersonID)
	require.Equal(t, dirDate("2026-10-05"), m.JSON200.Items[1].UntilOn.MustGet())
	for what, n := range map[string]int{"post.updated": 2, "post.line_manager_set": 1, "line_manager.ended": 1, "person.updated": 0} {
		require.Equal(t, n, w.count(t, "select count(*) from events where trust_id = $1 and type = $2", w.Trust, what), what)
	}
}
