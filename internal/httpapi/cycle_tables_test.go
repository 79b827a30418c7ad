package httpapi_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// dates reads the deadlines of a cycle as "code group" → day, with * behind the trust's own.
func (y *year) dates(c api.Cycle) map[string]string {
	y.t.Helper()
	r, err := y.HR.ListCycleDatesWithResponse(y.t.Context(), c.ID, nil)
	require.NoError(y.t, err)
	require.NotNil(y.t, r.JSON200, string(r.Body))
	found := map[string]string{}
	for _, d := range r.JSON200.Items {
		name, own := d.Code, ""
		if !d.StaffGroup.IsNull() {
			name += " " + d.StaffGroup.MustGet()
		}
		if d.Own {
			own = "*"
		}
		found[name] = d.DueOn.String() + own
	}
	return found
}

func (y *year) setDates(c api.Cycle, items ...api.SetCycleDate) (*client.SetCycleDatesResponse, error) {
	y.t.Helper()
	return y.HR.SetCycleDatesWithResponse(y.t.Context(), c.ID, &api.SetCycleDatesParams{IfMatch: etag(y.getCycle(c.ID).Version)},
		api.SetCycleDates{Items: append([]api.SetCycleDate{}, items...)})
}

func due(code, on string) api.SetCycleDate { return api.SetCycleDate{Code: code, DueOn: day(on)} }

func (y *year) tsatWithSupportDates() api.Cycle {
	y.t.Helper()
	p := y.policy("tsat")
	doc := deepCopy(y.t, p.Draft)
	doc["groups"] = document(y.t, `{"support":{"objectives":{"due":{"anchor":"cycle_start","month_day":"11-14"}}}}`)
	y.draft(p, doc)
	return y.cycle(y.publish(p).ID, "2026-09-01")
}

func TestDeadlinesFollowThePolicyUntilTheTrustSetsItsOwn(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	c := y.tsatWithSupportDates()
	require.Equal(t, map[string]string{
		"objectives": "2026-10-31", "objectives support": "2026-11-14",
		"meeting.setting": "2026-10-31", "meeting.mid_year": "2027-02-28", "meeting.year_end": "2027-09-30",
		"outcome.reflect": "2027-09-15", "outcome.state": "2027-09-30", "outcome.decide": "2027-10-20", "outcome.approve": "2027-10-20",
		"pay.decide_pay": "2027-10-31", "backstop": "2027-10-31",
	}, y.dates(c))

	central := due("outcome.state", "2027-10-02")
	central.StaffGroup = key("central")
	r, err := y.setDates(c, due("objectives", "2026-10-23"), central)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, 2, r.JSON200.Version)
	require.Equal(t, `"2"`, r.HTTPResponse.Header.Get("ETag"))
	now := y.dates(c)
	require.Equal(t, "2026-10-23*", now["objectives"])
	require.NotContains(t, now, "objectives support", "a date for all holds for every group")
	require.Equal(t, "2027-09-30", now["outcome.state"])
	require.Equal(t, "2027-10-02*", now["outcome.state central"])

	cleared, err := y.setDates(c)
	require.NoError(t, err)
	require.Len(t, cleared.JSON200.Items, 11)
	require.Equal(t, 3, y.count("select count(*)+1 from events where trust_id = $1 and type = 'cycle.dates_set'", y.Trust))
}

func TestDatesThatDoNotFitTheCycleAreRefused(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	c := y.tsatWithSupportDates()
	nobody := due("objectives", "2026-10-23")
	nobody.StaffGroup = key("caretakers")
	r, err := y.setDates(c, due("objectives", "2026-10-23"), due("outcome.sing", "2027-09-15"), nobody, due("objectives", "2026-10-24"),
		due("backstop", "2026-08-31"), due("pay.decide_pay", "2028-09-01"))
	require.Equal(t, []string{"/items/1/code unknown_deadline", "/items/2/staff_group unknown_staff_group", "/items/3/code duplicate",
		"/items/4/due_on outside_cycle", "/items/5/due_on outside_cycle"}, violationsAt(refusedWith(t, r, err, 422, "unknown_deadline")))
	require.Equal(t, 1, y.getCycle(c.ID).Version)
}

func TestDeadlinesOfAnOpenCycleOnlyMoveLater(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	c := y.tsatWithSupportDates()
	_, err := y.setDates(c, due("outcome.reflect", "2027-09-10"))
	require.NoError(t, err)
	y.open(c)
	r, err := y.setDates(c, due("outcome.reflect", "2027-09-09"), due("objectives", "2026-11-01"))
	problem := refusedWith(t, r, err, 409, "date_earlier")
	// For all, and for each of the three staff groups; support has until the 14th for objectives.
	require.Len(t, problem.Refusals, 5, string(r.Body))
	require.Contains(t, problem.Refusals[0].Detail, "outcome.reflect is due on 2027-09-10")
	r, err = y.setDates(c, due("outcome.reflect", "2027-09-12"), due("objectives", "2026-11-20"))
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	r, err = y.setDates(c, due("outcome.reflect", "2027-09-12")) // objectives would fall back to October
	refusedWith(t, r, err, 409, "date_earlier")
	require.Equal(t, "2026-11-20*", y.dates(c)["objectives"])
}

func window(opens, closes string) api.SetWindow {
	return api.SetWindow{OpensOn: day(opens), ClosesOn: day(closes)}
}

func (y *year) setWindows(c api.Cycle, items ...api.SetWindow) (*client.SetCheckInWindowsResponse, error) {
	y.t.Helper()
	return y.HR.SetCheckInWindowsWithResponse(y.t.Context(), c.ID, &api.SetCheckInWindowsParams{IfMatch: etag(y.getCycle(c.ID).Version)},
		api.SetWindows{Items: append([]api.SetWindow{}, items...)})
}

func TestWindowsComeInOrderWithinThePeriod(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	c := y.cycle(y.publish(y.policy("tsat")).ID, "2026-09-01")
	r, err := y.setWindows(c, window("2026-08-31", "2026-09-04"), window("2026-10-09", "2026-10-05"), window("2026-10-12", "2026-10-16"),
		window("2026-10-16", "2026-10-20"), window("2027-08-30", "2027-09-03"))
	require.Equal(t, []string{"/items/0/opens_on outside_period", "/items/1/closes_on closes_before_opening", "/items/3/opens_on overlaps",
		"/items/4/closes_on outside_period"}, violationsAt(refusedWith(t, r, err, 422, "outside_period")))

	r, err = y.setWindows(c, window("2026-10-05", "2026-10-09"), window("2026-11-02", "2026-11-06"))
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, `"2"`, r.HTTPResponse.Header.Get("ETag"))
	before := r.JSON200.Items
	require.Equal(t, []int{1, 2}, []int{before[0].N, before[1].N})
	r, err = y.setWindows(c, window("2026-09-07", "2026-09-11"), window("2026-10-05", "2026-10-09"), window("2026-11-03", "2026-11-06"))
	require.NoError(t, err)
	after := r.JSON200.Items
	require.Equal(t, before[0].ID, after[1].ID, "an unchanged window keeps its id under another number")
	require.Equal(t, 2, after[1].N)
	require.NotEqual(t, before[1].ID, after[2].ID)
	list, err := y.HR.ListCheckInWindowsWithResponse(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, after, list.JSON200.Items)
	require.Equal(t, 3, list.JSON200.Version)
	r, err = y.setWindows(c)
	require.NoError(t, err)
	require.Empty(t, r.JSON200.Items)
}

func TestWindowsThatHaveOpenedOrAreInUseStay(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	c := y.cycle(y.publish(y.policy("tsat")).ID, "2026-09-01")
	past, today, next := window("2026-09-07", "2026-09-11"), window("2026-10-05", "2026-10-09"), window("2026-11-02", "2026-11-06")
	r, err := y.setWindows(c, past, today, next, window("2026-12-01", "2026-12-04"))
	require.NoError(t, err)
	inUse := r.JSON200.Items[3].ID
	y.open(c)
	_, post := y.staff("Tomas", "Adeyemi", held{})
	enrolled, err := y.HR.EnrolPeopleWithResponse(t.Context(), c.ID, nil, api.EnrolPeople{})
	require.NoError(t, err)
	require.Equal(t, 1, enrolled.JSON200.Created)
	y.exec(`insert into check_ins (trust_id, id, appraisal_id, window_id, state, policy_version_id)
		select trust_id, $2, id, $3, 'draft', $4 from appraisals where trust_id = $1 and post_id = $5`, y.Trust, uuid.New(), inUse, c.PolicyVersionID, post)
	y.On("2026-10-05")

	r, err = y.setWindows(c, window("2026-10-05", "2026-10-10"), window("2026-11-09", "2026-11-13"))
	require.Equal(t, []string{"window_opened", "window_opened", "window_in_use", "window_in_past"}, refusalCodes(refusedWith(t, r, err, 409, "window_opened")))
	r, err = y.setWindows(c, past, today, window("2026-10-12", "2026-10-16"), window("2026-12-01", "2026-12-04"))
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, inUse, r.JSON200.Items[3].ID)
}

func (y *year) setPay(c api.Cycle, rows ...api.SetPayRow) (*client.SetPayTableResponse, error) {
	y.t.Helper()
	return y.HR.SetPayTableWithResponse(y.t.Context(), c.ID, &api.SetPayTableParams{IfMatch: etag(y.getCycle(c.ID).Version)},
		api.SetPayTable{Items: append([]api.SetPayRow{}, rows...)})
}

func awards(pairs ...string) []api.Award {
	list := []api.Award{}
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, api.Award{Kind: api.AwardKind(pairs[i]), Amount: pairs[i+1]})
	}
	return list
}

func TestPayTableIsReplacedWhole(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	c := y.cycle(y.publish(y.policy("tsat")).ID, "2026-09-01")
	top := nullable.NewNullableWithValue(awards("bonus_percent", "2.5", "cost_of_living", "0"))
	r, err := y.setPay(c, api.SetPayRow{StaffGroup: "teaching", Rating: "not_met", Awards: awards()},
		api.SetPayRow{StaffGroup: "teaching", Rating: "met", Awards: awards("points", "1"), TopOfRangeAwards: top},
		api.SetPayRow{StaffGroup: "support", Rating: "met", Awards: awards("percent", "2.25"), TopOfRangeAwards: nullable.NewNullableWithValue(awards())})
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, `"2"`, r.HTTPResponse.Header.Get("ETag"))
	none := nullable.NewNullNullable[[]api.Award]()
	want := []api.PayRow{
		{StaffGroup: "support", Rating: "met", Awards: awards("percent", "2.25"), TopOfRangeAwards: nullable.NewNullableWithValue(awards())},
		{StaffGroup: "teaching", Rating: "met", Awards: awards("points", "1"), TopOfRangeAwards: top},
		{StaffGroup: "teaching", Rating: "not_met", Awards: awards(), TopOfRangeAwards: none},
	}
	require.Equal(t, want, r.JSON200.Items)
	got, err := y.HR.GetPayTableWithResponse(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, want, got.JSON200.Items)
	require.Equal(t, 1, y.count("select count(*) from pay_rows where trust_id = $1 and top_awards is null", y.Trust))
	r, err = y.setPay(c)
	require.NoError(t, err)
	require.Empty(t, r.JSON200.Items)
}

func TestPayRowsMustFitThePolicy(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	p := y.policy("tsat")
	c := y.cycle(y.publish(p).ID, "2026-09-01")
	row := func(group, rating string, a []api.Award) api.SetPayRow {
		return api.SetPayRow{StaffGroup: group, Rating: rating, Awards: a}
	}
	r, err := y.setPay(c, row("caretakers", "met", awards()), row("teaching", "splendid", awards()), row("teaching", "met", awards("points", "0", "points", "1")),
		row("teaching", "met", awards("cost_of_living", "3")))
	require.Equal(t, []string{"/items/0/staff_group unknown_staff_group", "/items/1/rating unknown_rating", "/items/2/awards/0/amount amount_missing",
		"/items/2/awards/1/kind duplicate", "/items/3/rating duplicate", "/items/3/awards/0/amount amount_not_taken"},
		violationsAt(refusedWith(t, r, err, 422, "unknown_staff_group")))
	for i, amount := range []string{"-1", "1e3", "2,5", ""} {
		r, err = y.setPay(c, row("teaching", "met", awards("points", amount)))
		require.Equal(t, []string{"/items/0/awards/0/amount pattern"}, violationsAt(refusedWith(t, r, err, 422, "invalid_request")), fmt.Sprint(i))
	}

	// A row of a rating that a later draft version drops keeps the cycle from opening.
	r, err = y.setPay(c, row("support", "met", awards("points", "1")))
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	_, err = y.setDates(c, due("pay.decide_pay", "2027-11-05"))
	require.NoError(t, err)
	y.draft(p, rules(t, "model", `{"population":{"groups":[{"code":"teaching","label":"All","when":{}}]}}`))
	v := y.publish(p)
	moved, err := y.HR.UpdateCycleWithResponse(t.Context(), c.ID, &api.UpdateCycleParams{IfMatch: etag(3)}, api.UpdateCycle{PolicyVersionID: &v.ID})
	require.NoError(t, err)
	require.NotNil(t, moved.JSON200, string(moved.Body))
	opened, err := y.HR.OpenCycleWithResponse(t.Context(), c.ID, &api.OpenCycleParams{IfMatch: etag(4)})
	require.Equal(t, []string{"dates_do_not_fit", "pay_table_does_not_fit"}, refusalCodes(refusedWith(t, opened, err, 409, "dates_do_not_fit")))
}
