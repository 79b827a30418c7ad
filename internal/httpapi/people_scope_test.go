package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func drafted(p *apitest.Process, starts string, version uuid.UUID, scope *api.CycleScope) api.Cycle {
	p.T.Helper()
	body := api.CreateCycle{Name: "A year", PolicyVersionID: version, Scope: scope}
	if starts != "" {
		body.StartsOn = apitest.Day(starts)
	}
	r, err := p.World.HR.CreateCycleWithResponse(p.T.Context(), nil, body)
	apitest.OK(p.T, r, err)
	return *r.JSON201
}

func opened(p *apitest.Process, c api.Cycle) (*client.OpenCycleResponse, error) {
	return p.World.HR.OpenCycleWithResponse(p.T.Context(), c.ID, &api.OpenCycleParams{IfMatch: etag(c.Version)})
}

func forUnits(units ...uuid.UUID) *api.CycleScope {
	return &api.CycleScope{UnitIds: units, StaffGroups: []string{}}
}

// A school joins the trust on 1 September 2026. It closes its last year under a policy of its own,
// and is in the trust's year from then on.
func TestASchoolThatJoinsClosesItsLastYearUnderItsOwnPolicy(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	cove := unitOf(p, "Cove School")
	nia := p.Invited(api.CreatePerson{GivenName: "Nia", FamilyName: "Cole", Post: &api.CreatePost{UnitID: cove, JobTitle: "Teacher of art", StaffType: "teaching", FromOn: apitest.Day("2020-09-01")}})
	_, own := p.Publish(map[string]any{"schema": 1, "rules": map[string]any{"objectives": map[string]any{"drafter": "reviewer", "approver": "reviewee", "on_disagreement": "reviewer"}}})

	// Its year ended the day before: the trust's last year and its own close side by side.
	theirs := drafted(p, "2025-09-01", own, forUnits(cove))
	require.Equal(t, []uuid.UUID{cove}, []uuid.UUID(theirs.Scope.UnitIds))
	last, next := drafted(p, "2025-09-01", p.PolicyVersion, nil), p.CycleID
	for _, c := range []api.Cycle{theirs, last} {
		r, err := opened(p, c)
		apitest.OK(t, r, err)
	}
	this, err := p.World.HR.GetCycleWithResponse(t.Context(), next)
	apitest.OK(t, this, err)
	r, err := opened(p, *this.JSON200)
	apitest.OK(t, r, err)
	hr := p.World.HR.ClientWithResponses
	require.Equal(t, api.EnrolmentResult{Created: 1, WithoutReviewer: 1}, enrol(t, hr, theirs.ID))
	require.Equal(t, 5, enrol(t, hr, last.ID).Created)
	require.Equal(t, 6, enrol(t, hr, next).Created)
	posts, err := nia.ListPostsWithResponse(t.Context(), nia.ID)
	apitest.OK(t, posts, err)
	post := posts.JSON200.Items[0].ID
	require.Equal(t, "in_other_cycle", inOrOut(placeIn(p, last.ID, post)))
	require.Equal(t, "in", inOrOut(placeIn(p, next, post)))
	mine, err := nia.ListAppraisalsWithResponse(t.Context(), nil)
	apitest.OK(t, mine, err)
	require.Len(t, mine.JSON200.Items, 2)
	require.ElementsMatch(t, []uuid.UUID{theirs.ID, next}, []uuid.UUID{mine.JSON200.Items[0].CycleID, mine.JSON200.Items[1].CycleID})
	refused, err := p.World.HR.EnrolPeopleWithResponse(t.Context(), theirs.ID, nil, api.EnrolPeople{PostIds: []uuid.UUID{p.Posts["ada"]}})
	apitest.Refused(t, refused, err, 422, "unknown_post")
}

func TestYearsForTheSamePeopleAreNotOpenAtTheSameTime(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	cove := unitOf(p, "Cove School")
	_, layered := p.Publish(map[string]any{"schema": 1, "schools": map[string]any{cove.String(): map[string]any{"rules": map[string]any{"cycle": map[string]any{"starts_on": "01-01", "length_months": 9}}}}})
	calendar := drafted(p, "", layered, forUnits(cove))
	require.Equal(t, "2027-01-01 2027-09-30", calendar.StartsOn.String()+" "+calendar.EndsOn.String(), "the school's own layer says when and how long")

	teachers := drafted(p, "", p.PolicyVersion, &api.CycleScope{UnitIds: []uuid.UUID{p.School}, StaffGroups: []string{"teaching"}})
	support := drafted(p, "", p.PolicyVersion, &api.CycleScope{UnitIds: []uuid.UUID{p.School}, StaffGroups: []string{"support"}})
	for _, c := range []api.Cycle{teachers, support, calendar} {
		r, err := opened(p, c)
		apitest.OK(t, r, err)
	}
	all, err := p.World.HR.GetCycleWithResponse(t.Context(), p.CycleID)
	apitest.OK(t, all, err)
	r, err := opened(p, *all.JSON200)
	require.Equal(t, []string{"cycles_overlap", "cycles_overlap", "cycles_overlap"}, refusalCodes(refusedWith(t, r, err, 409, "cycles_overlap")))
	require.Equal(t, 3, enrol(t, p.World.HR.ClientWithResponses, teachers.ID).Created, "ada, ben and cho")
	require.Equal(t, 1, enrol(t, p.World.HR.ClientWithResponses, support.ID).Created, "dov")
	require.Equal(t, "not in the plan", inOrOut(placeIn(p, teachers.ID, p.Posts["dov"])))

	bad, err := p.World.HR.CreateCycleWithResponse(t.Context(), nil, api.CreateCycle{Name: "x", PolicyVersionID: p.PolicyVersion, Scope: &api.CycleScope{UnitIds: []uuid.UUID{uuid.New()}, StaffGroups: []string{"caretakers"}}})
	require.Equal(t, []string{"/scope/unit_ids/0 unknown_unit", "/scope/staff_groups/0 unknown_staff_group"}, violationsAt(refusedWith(t, bad, err, 422, "unknown_unit")))

	// A draft made by mistake is discarded; what was opened stays.
	discard := func(by *apitest.Person, id uuid.UUID, version int) (*client.DeleteCycleResponse, error) {
		return by.DeleteCycleWithResponse(t.Context(), id, &api.DeleteCycleParams{IfMatch: etag(version)})
	}
	d, err := discard(p.As("cho"), p.CycleID, all.JSON200.Version)
	apitest.Refused(t, d, err, 403, "role_not_admitted")
	d, err = discard(p.World.HR, p.CycleID, all.JSON200.Version+1)
	apitest.Refused(t, d, err, 412, "stale_version")
	d, err = discard(p.World.HR, p.CycleID, all.JSON200.Version)
	apitest.OK(t, d, err)
	d, err = discard(p.World.HR, p.CycleID, all.JSON200.Version)
	apitest.Refused(t, d, err, 404, "not_found")
	d, err = discard(p.World.HR, teachers.ID, teachers.Version+1)
	apitest.Refused(t, d, err, 409, "wrong_status")
}
