package httpapi_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestCycleLastsAsLongAsThePolicySays(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	p := y.policy("model")
	v := y.publish(p)
	r, err := y.HR.CreateCycleWithResponse(t.Context(), nil, api.CreateCycle{Name: " 2026-27 ", StartsOn: day("2026-09-01"), PolicyVersionID: v.ID})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	c := *r.JSON201
	require.Equal(t, "2026-27", c.Name)
	require.Equal(t, day("2027-08-31"), c.EndsOn)
	require.Equal(t, api.CycleStatusDraft, c.Status)
	require.Equal(t, `"1"`, r.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, "/v1/cycles/"+c.ID.String(), r.HTTPResponse.Header.Get("Location"))

	create := func(starts, ends string, version uuid.UUID) (*client.CreateCycleResponse, error) {
		e := day(ends)
		return y.HR.CreateCycleWithResponse(t.Context(), nil, api.CreateCycle{Name: "x", StartsOn: day(starts), EndsOn: &e, PolicyVersionID: version})
	}
	r, err = create("2027-09-01", "2027-09-01", v.ID)
	require.Equal(t, []string{"/ends_on ends_before_start"}, violationsAt(refusedWith(t, r, err, 422, "ends_before_start")))
	r, err = create("2027-09-01", "2030-09-01", v.ID)
	require.Equal(t, []string{"/ends_on too_long"}, violationsAt(refusedWith(t, r, err, 422, "too_long")))
	r, err = create("2027-09-01", "2028-08-31", p.ID)
	require.Equal(t, []string{"/policy_version_id unknown_policy_version"}, violationsAt(refusedWith(t, r, err, 422, "unknown_policy_version")))
	r, err = create("2025-09-01", "2026-08-31", v.ID)
	require.NoError(t, err)
	require.Equal(t, 201, r.StatusCode(), "the year before ends the day before")

	y.open(c)
	one := 1
	status := api.ListCyclesParamsStatusDraft
	drafts, err := y.HR.ListCyclesWithResponse(t.Context(), &api.ListCyclesParams{Status: &status})
	require.NoError(t, err)
	require.Len(t, drafts.JSON200.Items, 1)
	require.Equal(t, r.JSON201.ID, drafts.JSON200.Items[0].ID)
	newest, err := y.HR.ListCyclesWithResponse(t.Context(), &api.ListCyclesParams{Limit: &one})
	require.NoError(t, err)
	require.Equal(t, c.ID, newest.JSON200.Items[0].ID)
	cursor := newest.JSON200.NextCursor.MustGet()
	older, err := y.HR.ListCyclesWithResponse(t.Context(), &api.ListCyclesParams{Limit: &one, Cursor: &cursor})
	require.NoError(t, err)
	require.Equal(t, r.JSON201.ID, older.JSON200.Items[0].ID)
	require.True(t, older.JSON200.NextCursor.IsNull())
	other, err := y.HR.ListCyclesWithResponse(t.Context(), &api.ListCyclesParams{Limit: &one, Cursor: &cursor, Status: &status})
	refusedWith(t, other, err, 400, "bad_cursor")
}

func TestOfTwoCyclesOpenedAtOnceForTheSamePeopleOneIs(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	v := y.publish(y.policy("model"))
	statuses, drafts := make([]int, 4), make([]api.Cycle, 4)
	for i := range drafts {
		drafts[i] = y.cycle(v.ID, "2026-09-01")
	}
	var wait sync.WaitGroup
	for i, c := range drafts {
		wait.Go(func() {
			if r, err := y.HR.OpenCycleWithResponse(t.Context(), c.ID, &api.OpenCycleParams{IfMatch: etag(1)}); err == nil {
				statuses[i] = r.StatusCode()
			}
		})
	}
	wait.Wait()
	require.ElementsMatch(t, []int{200, 409, 409, 409}, statuses)
	require.Equal(t, 1, y.count("select count(*) from cycles where trust_id = $1 and status = 'open'", y.Trust))
}

func TestCycleOpensOnceAndClosesWhenEveryChainIsDone(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	c := y.cycle(y.publish(y.policy("model")).ID, "2026-09-01")
	early, err := y.HR.CloseCycleWithResponse(t.Context(), c.ID, &api.CloseCycleParams{IfMatch: etag(1)})
	refusedWith(t, early, err, 409, "wrong_status")
	c = y.open(c)
	require.Equal(t, api.CycleStatusOpen, c.Status)
	require.Equal(t, 2, c.Version)
	again, err := y.HR.OpenCycleWithResponse(t.Context(), c.ID, &api.OpenCycleParams{IfMatch: etag(2)})
	refusedWith(t, again, err, 409, "wrong_status")

	y.staff("Tomas", "Adeyemi", held{})
	y.staff("Mei", "Lindqvist", held{})
	enrolled, err := y.HR.EnrolPeopleWithResponse(t.Context(), c.ID, nil, api.EnrolPeople{})
	require.NoError(t, err)
	require.Equal(t, 2, enrolled.JSON200.Created)
	shut := func() (*client.CloseCycleResponse, error) {
		return y.HR.CloseCycleWithResponse(t.Context(), c.ID, &api.CloseCycleParams{IfMatch: etag(2)})
	}
	r, err := shut()
	problem := refusedWith(t, r, err, 409, "appraisals_open")
	require.Contains(t, problem.Detail, "2")
	y.exec("update appraisals set stage = 'released', turn = 'hr' where trust_id = $1", y.Trust)
	r, err = shut()
	refusedWith(t, r, err, 409, "appraisals_open") // released, and pay is in HR's turn
	y.exec("update appraisals set turn = '' where trust_id = $1 and person_id = (select min(person_id::text)::uuid from appraisals where trust_id = $1)", y.Trust)
	y.exec("update appraisals set status = 'ended', stage = 'running' where trust_id = $1 and turn <> ''", y.Trust)
	r, err = shut()
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, api.CycleStatusClosed, r.JSON200.Status)
	require.Equal(t, 1, y.count("select count(*) from appraisals where trust_id = $1 and status = 'closed' and version = 2", y.Trust))
	require.Equal(t, 1, y.count("select count(*) from appraisals where trust_id = $1 and status = 'ended'", y.Trust))
	require.Equal(t, 1, y.count("select count(*) from events where trust_id = $1 and type = 'appraisal.closed'", y.Trust))
	require.Equal(t, 1, y.count("select count(*) from events where trust_id = $1 and type = 'cycle.closed'", y.Trust))

	dates, err := y.HR.SetCycleDatesWithResponse(t.Context(), c.ID, &api.SetCycleDatesParams{IfMatch: etag(3)}, api.SetCycleDates{Items: []api.SetCycleDate{}})
	refusedWith(t, dates, err, 409, "cycle_closed")
	join, err := y.HR.EnrolPeopleWithResponse(t.Context(), c.ID, nil, api.EnrolPeople{})
	refusedWith(t, join, err, 409, "cycle_not_open")
}

func TestTwoCyclesAreOpenSideBySide(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2027-09-10")
	v := y.publish(y.policy("model"))
	last := y.open(y.cycle(v.ID, "2026-09-01"))
	now := y.open(y.cycle(v.ID, "2027-09-01"))
	require.Equal(t, api.CycleStatusOpen, last.Status)
	require.Equal(t, api.CycleStatusOpen, now.Status)
}

func TestEverybodyReadsCyclesAndOnlyHRWritesThem(t *testing.T) {
	t.Parallel()
	y, other := newYear(t, "2026-09-01"), newYear(t, "2026-09-01")
	person, _ := y.staff("Tomas", "Adeyemi", held{})
	teacher := y.as(person)
	v := y.publish(y.policy("model"))
	c := y.cycle(v.ID, "2026-09-01")
	for _, read := range []client.Answer{
		first(teacher.GetCycleWithResponse(t.Context(), c.ID)), first(teacher.ListCyclesWithResponse(t.Context(), nil)),
		first(teacher.ListCycleDatesWithResponse(t.Context(), c.ID, nil)), first(teacher.ListCheckInWindowsWithResponse(t.Context(), c.ID)),
		first(teacher.GetPayTableWithResponse(t.Context(), c.ID)),
	} {
		require.Equal(t, 200, read.StatusCode(), string(read.GetBody()))
	}
	writes := func(who *client.ClientWithResponses, id uuid.UUID, version int) []client.Answer {
		m := etag(version)
		return []client.Answer{
			first(who.UpdateCycleWithResponse(t.Context(), id, &api.UpdateCycleParams{IfMatch: m}, api.UpdateCycle{Name: key("x")})),
			first(who.OpenCycleWithResponse(t.Context(), id, &api.OpenCycleParams{IfMatch: m})),
			first(who.CloseCycleWithResponse(t.Context(), id, &api.CloseCycleParams{IfMatch: m})),
			first(who.SetCycleDatesWithResponse(t.Context(), id, &api.SetCycleDatesParams{IfMatch: m}, api.SetCycleDates{Items: []api.SetCycleDate{}})),
			first(who.SetCheckInWindowsWithResponse(t.Context(), id, &api.SetCheckInWindowsParams{IfMatch: m}, api.SetWindows{Items: []api.SetWindow{}})),
			first(who.SetPayTableWithResponse(t.Context(), id, &api.SetPayTableParams{IfMatch: m}, api.SetPayTable{Items: []api.SetPayRow{}})),
		}
	}
	create, err := teacher.CreateCycleWithResponse(t.Context(), nil, api.CreateCycle{Name: "x", StartsOn: day("2028-09-01"), PolicyVersionID: v.ID})
	refusedWith(t, create, err, 403, "role_not_admitted")
	for _, r := range writes(teacher, c.ID, 1) {
		refusedWith(t, r, nil, 403, "role_not_admitted")
	}
	for _, r := range writes(y.HR.ClientWithResponses, c.ID, 9) {
		require.Equal(t, 1, refusedWith(t, r, nil, 412, "stale_version").CurrentVersion.MustGet())
	}
	nobodys, err := y.HR.GetCycleWithResponse(t.Context(), uuid.New())
	require.NoError(t, err)
	for _, r := range append(writes(other.HR.ClientWithResponses, c.ID, 1), first(other.HR.GetCycleWithResponse(t.Context(), c.ID)),
		first(other.HR.ListCycleDatesWithResponse(t.Context(), c.ID, nil)), first(other.HR.ListCheckInWindowsWithResponse(t.Context(), c.ID)),
		first(other.HR.GetPayTableWithResponse(t.Context(), c.ID)), first(other.HR.PreviewEnrolmentWithResponse(t.Context(), c.ID, nil)),
		first(other.HR.EnrolPeopleWithResponse(t.Context(), c.ID, nil, api.EnrolPeople{}))) {
		sameAbsence(t, r, nobodys)
	}
	unmatched, err := y.HR.OpenCycleWithResponse(t.Context(), c.ID, &api.OpenCycleParams{}, droppingIfMatch)
	refusedWith(t, unmatched, err, 428, "version_required")
	foreign, err := other.HR.CreateCycleWithResponse(t.Context(), nil, api.CreateCycle{Name: "x", StartsOn: day("2028-09-01"), PolicyVersionID: v.ID})
	refusedWith(t, foreign, err, 422, "unknown_policy_version")
}

// edited publishes a policy with one change to what it first said.
func (y *year) edited(p api.Policy, change func(rules map[string]any)) api.PolicyVersion {
	y.t.Helper()
	doc := deepCopy(y.t, p.Draft)
	change(doc["rules"].(map[string]any))
	y.draft(p, doc)
	return y.publish(p)
}

func TestOpenCycleMovesOnlyToAPolicyThatKeepsWhatIsFrozen(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	p := y.policy("tsat")
	v := y.publish(p)
	c := y.cycle(v.ID, "2026-09-01")
	elsewhere := y.publish(y.policy("model"))
	move := func(to uuid.UUID) (*client.UpdateCycleResponse, error) {
		return y.HR.UpdateCycleWithApplicationMergePatchPlusJSONBodyWithResponse(t.Context(), c.ID,
			&api.UpdateCycleParams{IfMatch: etag(y.getCycle(c.ID).Version)}, api.UpdateCycle{PolicyVersionID: &to})
	}
	r, err := move(elsewhere.ID)
	refusedWith(t, r, err, 409, "other_policy")
	r, err = move(uuid.New())
	refusedWith(t, r, err, 422, "unknown_policy_version")

	// A draft moves freely.
	shorter := y.edited(p, func(rules map[string]any) { rules["cycle"].(map[string]any)["length_months"] = 6 })
	r, err = move(shorter.ID)
	require.NoError(t, err)
	require.Equal(t, shorter.ID, r.JSON200.PolicyVersionID)
	_, err = move(v.ID)
	require.NoError(t, err)
	y.open(c)

	frozen := y.edited(p, func(rules map[string]any) {
		rules["cycle"].(map[string]any)["length_months"] = 6
		rules["pay"].(map[string]any)["chain"].([]any)[0].(map[string]any)["due"] = map[string]any{"anchor": "cycle_end", "month_day": "10-25"}
		rules["objectives"].(map[string]any)["bank"] = false // may change at any time
	})
	r, err = move(frozen.ID)
	problem := refusedWith(t, r, err, 409, "frozen_while_open")
	require.Equal(t, []string{"frozen_while_open", "frozen_while_open"}, refusalCodes(problem), string(r.Body))
	require.Contains(t, problem.Refusals[0].Detail, "cycle.length_months")
	cited := problem.Refusals[0].Policy.MustGet()
	require.Equal(t, "cycle.length_months", cited.Parameter)
	require.EqualValues(t, 12, cited.Value.MustGet())
	require.Equal(t, api.PolicyCitationOriginTrust, cited.Origin)
	require.Contains(t, problem.Refusals[1].Detail, "pay.chain[0].due")
	require.Equal(t, v.ID, y.getCycle(c.ID).PolicyVersionID)

	allowed := y.edited(p, func(rules map[string]any) {
		outcome := rules["outcome"].(map[string]any)
		cell := outcome["grid"].(map[string]any)["cells"].([]any)[0].(map[string]any)
		cell["rating"] = "not_met" // was unset
		outcome["scale"].([]any)[0].(map[string]any)["label"] = "Not yet met"
		outcome["chain"].([]any)[3].(map[string]any)["due"] = map[string]any{"anchor": "cycle_end", "month_day": "10-21"}
		rules["objectives"].(map[string]any)["counted"] = 2
	})
	r, err = move(allowed.ID)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, allowed.ID, r.JSON200.PolicyVersionID)
	r, err = move(v.ID) // would unset the cell again and move a date back
	require.Len(t, refusedWith(t, r, err, 409, "frozen_while_open").Refusals, 2)
}

func TestCycleIsRenamed(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	c := y.openYear("model")
	r, err := y.HR.UpdateCycleWithResponse(t.Context(), c.ID, &api.UpdateCycleParams{IfMatch: etag(2)}, api.UpdateCycle{Name: key(" The first year ")})
	require.NoError(t, err)
	require.Equal(t, "The first year", r.JSON200.Name)
	require.Equal(t, 3, r.JSON200.Version)
	r, err = y.HR.UpdateCycleWithResponse(t.Context(), c.ID, &api.UpdateCycleParams{IfMatch: etag(3)}, api.UpdateCycle{Name: key("  ")})
	require.Equal(t, []string{"/name required"}, violationsAt(refusedWith(t, r, err, 422, "required")))
	require.Zero(t, y.count("select count(*) from events where trust_id = $1 and body like '%first year%'", y.Trust), "events hold no text")
}
