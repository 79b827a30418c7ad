package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	openapi_types "github.com/oapi-codegen/runtime/types"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func schoolTerm(code, starts, ends, halfFrom, halfTo string) api.SchoolTerm {
	return api.SchoolTerm{Code: api.SchoolTermCode(code), StartsOn: apitest.Day(starts), EndsOn: apitest.Day(ends),
		HalfTerm: nullable.NewNullableWithValue(api.DaySpan{StartsOn: apitest.Day(halfFrom), EndsOn: apitest.Day(halfTo)})}
}

// calendar2026 is a school year whose autumn half term is the given week.
func calendar2026(halfFrom, halfTo string) api.SetSchoolCalendar {
	return api.SetSchoolCalendar{BankHolidays: "england_and_wales", Closures: []api.SchoolClosure{}, Terms: []api.SchoolTerm{
		schoolTerm("autumn", "2026-09-02", "2026-12-18", halfFrom, halfTo),
		schoolTerm("spring", "2027-01-04", "2027-03-25", "2027-02-15", "2027-02-19"),
		schoolTerm("summer", "2027-04-12", "2027-07-21", "2027-05-31", "2027-06-04"),
	}}
}

func setCalendar(t *testing.T, who *apitest.Person, unit uuid.UUID, version string, body api.SetSchoolCalendar) *client.SetSchoolCalendarResponse {
	t.Helper()
	r, err := who.SetSchoolCalendarWithResponse(t.Context(), unit, &api.SetSchoolCalendarParams{IfMatch: version}, body)
	require.NoError(t, err)
	return r
}

func addUnit(t *testing.T, w *apitest.World, parent uuid.UUID, kind, name string) uuid.UUID {
	t.Helper()
	u, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: parent, Kind: api.CreateUnitKind(kind), Name: name})
	apitest.OK(t, u, err)
	return u.JSON201.ID
}

func TestUnitHasItsOwnCalendarOrThatAboveIt(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	ctx, hr, cho := t.Context(), p.As("hr"), p.As("cho")
	science := addUnit(t, p.World, p.School, "department", "Science")
	other := addUnit(t, p.World, p.Root, "school", "Meadow School")

	none, err := p.As("ada").GetSchoolCalendarWithResponse(ctx, science)
	apitest.OK(t, none, err)
	require.Equal(t, `"0"`, none.HTTPResponse.Header.Get("ETag"))
	require.True(t, none.JSON200.CalendarOf.IsNull(), "nobody has given one")
	require.Equal(t, api.SchoolCalendarBankHolidays("none"), none.JSON200.BankHolidays)

	set := setCalendar(t, hr, p.Root, `"0"`, calendar2026("2026-10-26", "2026-10-30"))
	apitest.OK(t, set, nil)
	require.Equal(t, `"1"`, set.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, p.Root, set.JSON200.CalendarOf.MustGet())
	require.Len(t, set.JSON200.BankHolidayDays, 7, "Christmas to the end of May: %v", set.JSON200.BankHolidayDays)

	body := calendar2026("2026-10-19", "2026-10-23")
	body.ExtraBankHolidays = []openapi_types.Date{apitest.Day("2027-06-14"), apitest.Day("2027-06-07"), apitest.Day("2027-06-14")}
	body.Closures = []api.SchoolClosure{{StartsOn: apitest.Day("2026-09-03"), EndsOn: apitest.Day("2026-09-04"), Kind: "inset", Label: "Training"}}
	apitest.OK(t, setCalendar(t, cho, p.School, `"0"`, body), nil)
	got, err := p.As("ada").GetSchoolCalendarWithResponse(ctx, science)
	apitest.OK(t, got, err)
	require.Equal(t, p.School, got.JSON200.CalendarOf.MustGet(), "the school's before the trust's")
	require.Equal(t, 0, got.JSON200.Version, "none of its own")
	require.Equal(t, body.Terms, got.JSON200.Terms)
	require.Equal(t, body.Closures, got.JSON200.Closures)
	require.Len(t, got.JSON200.ExtraBankHolidays, 2, "each once")
	require.Len(t, got.JSON200.BankHolidayDays, 9)

	apitest.Refused(t, setCalendar(t, cho, p.School, `"0"`, body), nil, 412, "stale_version")
	apitest.OK(t, setCalendar(t, cho, p.School, `"1"`, body), nil)
	apitest.Refused(t, setCalendar(t, hr, other, `"3"`, body), nil, 412, "stale_version")
	apitest.Refused(t, setCalendar(t, cho, other, `"0"`, body), nil, 403, "out_of_reach")
	apitest.Refused(t, setCalendar(t, p.As("ada"), p.School, `"2"`, body), nil, 403, "role_not_admitted")
	apitest.Refused(t, setCalendar(t, hr, uuid.New(), `"0"`, body), nil, 404, "not_found")
}

func TestCalendarWhoseDaysDoNotFitIsRefused(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	day := apitest.Day
	for _, c := range []struct {
		why, code, pointer string
		spoil              func(*api.SetSchoolCalendar)
	}{
		{"a term that ends before it starts", "ends_before_start", "/terms/0/ends_on", func(c *api.SetSchoolCalendar) { c.Terms[0].EndsOn = day("2026-09-01") }},
		{"terms that overlap", "overlaps", "/terms/1/starts_on", func(c *api.SetSchoolCalendar) { c.Terms[1].StartsOn = day("2026-12-18") }},
		{"a term of more than a year", "too_long", "/terms/2/ends_on", func(c *api.SetSchoolCalendar) { c.Terms[2].EndsOn = day("2028-04-13") }},
		{"terms of many years", "too_long", "/terms", func(c *api.SetSchoolCalendar) {
			c.Terms[2] = schoolTerm("summer", "2058-04-12", "2058-07-21", "2058-05-31", "2058-06-04")
		}},
		{"a half term outside its term", "outside_term", "/terms/2/half_term", func(c *api.SetSchoolCalendar) {
			c.Terms[2].HalfTerm.Set(api.DaySpan{StartsOn: day("2027-07-21"), EndsOn: day("2027-07-23")})
		}},
		{"a closure that ends before it starts", "ends_before_start", "/closures/0/ends_on", func(c *api.SetSchoolCalendar) {
			c.Closures = []api.SchoolClosure{{StartsOn: day("2026-10-02"), EndsOn: day("2026-10-01"), Kind: "closure"}}
		}},
		{"a closure of years", "too_long", "/closures/0/ends_on", func(c *api.SetSchoolCalendar) {
			c.Closures = []api.SchoolClosure{{StartsOn: day("2026-10-02"), EndsOn: day("2029-10-01"), Kind: "closure"}}
		}},
	} {
		body := calendar2026("2026-10-26", "2026-10-30")
		c.spoil(&body)
		r := setCalendar(t, w.HR, w.Root, `"0"`, body)
		problem := apitest.Refused(t, r, nil, 422, c.code)
		require.Equal(t, c.pointer, problem.Errors[0].Pointer, c.why)
	}
}
