package brightwater

import (
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
)

// terms are those of a school year, as month and day: from, until, and the half-term holiday.
var terms = []struct {
	code  api.SchoolTermCode
	dates [4]string
}{
	{"autumn", [4]string{"09-02", "12-18", "10-26", "10-30"}},
	{"spring", [4]string{"01-04", "03-25", "02-15", "02-19"}},
	{"summer", [4]string{"04-12", "07-21", "05-31", "06-04"}},
}

// calendar gives the trust the terms of the year and of the one before, in which working weeks and
// working days are counted.
func (b *builder) calendar() error {
	body := api.SetSchoolCalendar{BankHolidays: "england_and_wales", Closures: []api.SchoolClosure{}}
	for _, year := range []int{b.year - 1, b.year} {
		y := builder{year: year}
		for _, t := range terms {
			half := api.DaySpan{StartsOn: toDate(y.day(t.dates[2])), EndsOn: toDate(y.day(t.dates[3]))}
			body.Terms = append(body.Terms, api.SchoolTerm{Code: t.code, StartsOn: toDate(y.day(t.dates[0])), EndsOn: toDate(y.day(t.dates[1])), HalfTerm: nullable.NewNullableWithValue(half)})
		}
	}
	c, err := b.hr.GetSchoolCalendarWithResponse(b.ctx, b.t.Units["trust"])
	if err := done(c, err); err != nil {
		return err
	}
	r, err := b.hr.SetSchoolCalendarWithResponse(b.ctx, b.t.Units["trust"], &api.SetSchoolCalendarParams{IfMatch: c.HTTPResponse.Header.Get("ETag")}, body)
	return done(r, err)
}
