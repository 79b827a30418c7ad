package httpapi_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// byCalendar is a policy whose days follow the school calendar: objectives two school days after
// the first half of the autumn, the reflection on the last day before the summer's half term.
const byCalendar = `{"schema":1,"rules":{
	"objectives":{"due":{"anchor":"half_term","half_term":"autumn_1","days":2,"in":"school_days"},"amendable_until":"reflect"},
	"outcome":{"chain":[
		{"code":"reflect","label":"Reflection","order":1,"party":"reviewee","acts":["reflect"],"form":"reflection","required":true,"due":{"anchor":"half_term","half_term":"summer_1"}},
		{"code":"state","label":"Statement","order":2,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true,"due":{"anchor":"step","step":"reflect","days":5,"in":"working_days"}},
		{"code":"decide","label":"Decision","order":3,"party":"head","acts":["decide"],"form":"decision","required":true,"not_same_as":["state"]},
		{"code":"approve","label":"Approval","order":4,"party":"hr","acts":["approve"],"required":true}]}}}`

// calendars is a trust of two schools on that policy.
type calendars struct {
	*apitest.Process
	meadow uuid.UUID       // the second school
	gil    *apitest.Person // teaches there
}

func newCalendars(t *testing.T) *calendars {
	t.Helper()
	c := &calendars{}
	c.Process = apitest.NewProcess(t, apitest.ProcessSetup{Draft: true, Document: document(t, byCalendar), Before: func(p *apitest.Process) {
		c.meadow = addUnit(t, p.World, p.Root, "school", "Meadow School")
		c.gil = p.Invited(api.CreatePerson{GivenName: "Gil", FamilyName: "Thorn", Post: &api.CreatePost{UnitID: c.meadow, JobTitle: "Teacher of art",
			StaffType: "teaching", FromOn: apitest.Day("2024-09-01"), LineManagerID: &p.As("eve").ID}})
	}})
	return c
}

// etag is the version that the cycle has now.
func (c *calendars) etag() string {
	c.T.Helper()
	r, err := c.As("hr").GetCycleWithResponse(c.T.Context(), c.CycleID)
	apitest.OK(c.T, r, err)
	return r.HTTPResponse.Header.Get("ETag")
}

func (c *calendars) open() *client.OpenCycleResponse {
	c.T.Helper()
	r, err := c.As("hr").OpenCycleWithResponse(c.T.Context(), c.CycleID, &api.OpenCycleParams{IfMatch: c.etag()})
	require.NoError(c.T, err)
	return r
}

// dates reads the cycle's deadlines by the calendar of a unit, or the trust's own.
func (c *calendars) dates(unit *uuid.UUID) map[string]string {
	c.T.Helper()
	r, err := c.As("ada").ListCycleDatesWithResponse(c.T.Context(), c.CycleID, &api.ListCycleDatesParams{UnitID: unit})
	apitest.OK(c.T, r, err)
	found := map[string]string{}
	for _, d := range r.JSON200.Items {
		found[d.Code] = d.DueOn.String()
	}
	return found
}

// reflection is the day by which somebody's reflection is due.
func (c *calendars) reflection(who *apitest.Person) string {
	c.T.Helper()
	a, err := who.ListAppraisalsWithResponse(c.T.Context(), &api.ListAppraisalsParams{PersonID: &who.ID})
	apitest.OK(c.T, a, err)
	require.Len(c.T, a.JSON200.Items, 1)
	s, err := who.GetStepWithResponse(c.T.Context(), a.JSON200.Items[0].ID, "outcome.reflect")
	apitest.OK(c.T, s, err)
	return s.JSON200.Step.DueOn.MustGet().String()
}

func TestTwoSchoolsHaveTheDeadlinesOfTheirOwnCalendars(t *testing.T) {
	t.Parallel()
	c := newCalendars(t)
	hr, harbour := c.As("hr"), calendar2026("2026-10-26", "2026-10-30")
	require.NotContains(t, c.dates(nil), "objectives", "without a calendar the day is unknown")

	missing := apitest.Refused(t, c.open(), nil, 409, "calendar_missing")
	require.Len(t, missing.Refusals, 3, "two schools and the trust's own office: %v", missing.Refusals)
	named := map[uuid.UUID]bool{}
	for _, r := range missing.Refusals {
		require.Equal(t, "objectives.due", r.Policy.MustGet().Parameter)
		for _, unit := range []uuid.UUID{c.Root, c.School, c.meadow} {
			named[unit] = named[unit] || strings.Contains(r.Detail, unit.String())
		}
	}
	require.Equal(t, map[uuid.UUID]bool{c.Root: true, c.School: true, c.meadow: true}, named)

	apitest.OK(t, setCalendar(t, c.As("cho"), c.School, `"0"`, harbour), nil)
	require.Len(t, apitest.Refused(t, c.open(), nil, 409, "calendar_missing").Refusals, 2)
	early := calendar2026("2026-10-19", "2026-10-23")
	short := early
	short.Terms = early.Terms[:2]
	apitest.OK(t, setCalendar(t, hr, c.Root, `"0"`, short), nil)
	beyond := apitest.Refused(t, c.open(), nil, 409, "calendar_missing")
	require.Equal(t, "outcome.chain[0].due", beyond.Refusals[0].Policy.MustGet().Parameter, "there is no summer term")
	early.Terms[2] = schoolTerm("summer", "2027-04-12", "2027-07-16", "2027-05-24", "2027-05-28")
	apitest.OK(t, setCalendar(t, hr, c.Root, `"1"`, early), nil)
	apitest.OK(t, c.open(), nil)
	e, err := hr.EnrolPeopleWithResponse(t.Context(), c.CycleID, nil, api.EnrolPeople{})
	apitest.OK(t, e, err)

	require.Equal(t, "2026-11-03", c.dates(&c.School)["objectives"])
	require.Equal(t, "2026-10-27", c.dates(&c.meadow)["objectives"])
	require.Equal(t, "2026-10-27", c.dates(nil)["objectives"], "the trust's own")
	require.Equal(t, "2027-05-28", c.reflection(c.As("ada")))
	require.Equal(t, "2027-05-21", c.reflection(c.gil), "their school has the trust's calendar")
	require.Equal(t, "2027-05-28", c.dates(&c.meadow)["outcome.state"], "five working days, which go on in a half term")
	c.onlyLater(t, early)
}

// onlyLater says that a calendar moves no deadline of an open cycle earlier, and leaves none unknown.
func (c *calendars) onlyLater(t *testing.T, early api.SetSchoolCalendar) {
	t.Helper()
	hr := c.As("hr")
	earlier := calendar2026("2026-10-12", "2026-10-16")
	p := apitest.Refused(t, setCalendar(t, c.As("cho"), c.School, `"1"`, earlier), nil, 409, "date_earlier")
	require.Contains(t, p.Refusals[0].Detail, "objectives is due on 2026-11-03")
	earlier.Terms = earlier.Terms[1:]
	apitest.Refused(t, setCalendar(t, hr, c.meadow, `"0"`, earlier), nil, 409, "calendar_missing")
	require.Equal(t, "2026-11-03", c.dates(&c.School)["objectives"], "nothing was changed")
	early.Closures = []api.SchoolClosure{{StartsOn: apitest.Day("2026-10-26"), EndsOn: apitest.Day("2026-10-27"), Kind: "closure", Label: "Burst pipe"}}
	apitest.OK(t, setCalendar(t, hr, c.Root, `"2"`, early), nil)
	require.Equal(t, "2026-10-29", c.dates(&c.meadow)["objectives"], "a closure gives two days more")
}

func TestWindowsAreGeneratedByARuleWhileTheCycleIsADraft(t *testing.T) {
	t.Parallel()
	c := newCalendars(t)
	hr := c.As("hr")
	generate := func(who *apitest.Person, version string, change func(*api.GenerateWindows)) *client.GenerateCheckInWindowsResponse {
		body := api.GenerateWindows{FirstOn: apitest.Day("2026-10-01"), EveryWeeks: 2, OpensWeekday: "monday", ClosesWeekday: "friday", InTermOnly: true}
		if change != nil {
			change(&body)
		}
		r, err := who.GenerateCheckInWindowsWithResponse(t.Context(), c.CycleID, &api.GenerateCheckInWindowsParams{IfMatch: version}, body)
		require.NoError(t, err)
		return r
	}
	opens := func(r *client.GenerateCheckInWindowsResponse) (days []string) {
		apitest.OK(t, r, nil)
		for i, w := range r.JSON200.Items {
			require.Equal(t, i+1, w.N)
			days = append(days, w.OpensOn.String())
		}
		return days
	}
	apitest.Refused(t, generate(hr, c.etag(), nil), nil, 409, "calendar_missing")
	apitest.OK(t, setCalendar(t, hr, c.Root, `"0"`, calendar2026("2026-10-26", "2026-10-30")), nil)
	apitest.OK(t, setCalendar(t, hr, c.School, `"0"`, calendar2026("2026-10-19", "2026-10-23")), nil)

	made := generate(hr, c.etag(), nil)
	require.Equal(t, []string{"2026-10-05", "2026-10-19", "2026-11-02", "2026-11-16", "2026-11-30", "2026-12-14", "2027-01-04", "2027-01-18", "2027-02-01", "2027-02-22",
		"2027-03-08", "2027-04-12", "2027-04-26", "2027-05-10", "2027-05-24", "2027-06-07", "2027-06-21", "2027-07-05"}, opens(made))
	again := generate(hr, c.etag(), nil)
	require.Equal(t, made.JSON200.Items, again.JSON200.Items, "the same windows, by the same ids")
	require.Equal(t, []string{"2026-10-05", "2026-10-26"}, opens(generate(hr, c.etag(), func(b *api.GenerateWindows) {
		last := apitest.Day("2026-11-06")
		b.UnitID, b.LastOn = &c.School, &last
	})), "by the school's own half term")
	require.Equal(t, []string{"2027-07-30", "2027-08-20"}, opens(generate(hr, c.etag(), func(b *api.GenerateWindows) {
		b.FirstOn, b.EveryWeeks, b.OpensWeekday, b.ClosesWeekday, b.InTermOnly = apitest.Day("2027-07-30"), 3, "friday", "tuesday", false
	})), "every week counts, over the weekend")

	stranger := uuid.New()
	for pointer, change := range map[string]func(*api.GenerateWindows){
		"/first_on": func(b *api.GenerateWindows) { b.FirstOn = apitest.Day("2027-09-06") },
		"/last_on":  func(b *api.GenerateWindows) { last := apitest.Day("2026-09-30"); b.LastOn = &last },
		"/unit_id":  func(b *api.GenerateWindows) { b.UnitID = &stranger },
	} {
		r := generate(hr, c.etag(), change)
		require.Equal(t, 422, r.StatusCode(), pointer)
		require.Contains(t, string(r.Body), `"`+pointer+`"`)
	}
	apitest.Refused(t, generate(c.As("cho"), c.etag(), nil), nil, 403, "role_not_admitted")
	apitest.Refused(t, generate(hr, `"1"`, nil), nil, 412, "stale_version")
	apitest.OK(t, c.open(), nil)
	apitest.Refused(t, generate(hr, c.etag(), nil), nil, 409, "cycle_not_draft")
}
