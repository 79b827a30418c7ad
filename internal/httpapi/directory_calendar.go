package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// GetSchoolCalendar handles GET /v1/units/{unit_id}/calendar.
func (s *Server) GetSchoolCalendar(ctx context.Context, r server.GetSchoolCalendarRequestObject) (server.GetSchoolCalendarResponseObject, error) {
	c, err := s.directory.Calendar(ctx, r.UnitID)
	if err != nil {
		return nil, err
	}
	return server.GetSchoolCalendar200JSONResponse{Body: toCalendar(c)}, nil
}

// SetSchoolCalendar handles PUT /v1/units/{unit_id}/calendar.
func (s *Server) SetSchoolCalendar(ctx context.Context, r server.SetSchoolCalendarRequestObject) (server.SetSchoolCalendarResponseObject, error) {
	c, err := s.directory.SetCalendar(ctx, r.UnitID, version(r.Params.IfMatch), fromCalendar(*r.Body))
	if err != nil {
		return nil, err
	}
	return server.SetSchoolCalendar200JSONResponse{Body: toCalendar(c)}, nil
}

func fromCalendar(b api.SetSchoolCalendar) schooltime.Calendar {
	return schooltime.Calendar{
		Terms:  mapped(b.Terms, fromTerm),
		Region: schooltime.Region(b.BankHolidays),
		Extra:  mapped(b.ExtraBankHolidays, fromDate),
		Closures: mapped(b.Closures, func(x api.SchoolClosure) schooltime.Closure {
			return schooltime.Closure{Span: schooltime.Span{StartsOn: fromDate(x.StartsOn), EndsOn: fromDate(x.EndsOn)}, Kind: string(x.Kind), Label: x.Label}
		}),
	}
}

func fromTerm(t api.SchoolTerm) schooltime.Term {
	term := schooltime.Term{Code: string(t.Code), Span: schooltime.Span{StartsOn: fromDate(t.StartsOn), EndsOn: fromDate(t.EndsOn)}}
	if h, err := t.HalfTerm.Get(); err == nil {
		term.HalfTerm = &schooltime.Span{StartsOn: fromDate(h.StartsOn), EndsOn: fromDate(h.EndsOn)}
	}
	return term
}

func toCalendar(u directory.UnitCalendar) api.SchoolCalendar {
	c := u.Content
	if c == nil {
		c = &schooltime.Calendar{Region: schooltime.NoRegion}
	}
	return api.SchoolCalendar{
		UnitID: u.UnitID, Version: u.Version, CalendarOf: null(u.Of), BankHolidays: api.SchoolCalendarBankHolidays(c.Region),
		Terms: mapped(c.Terms, toTerm), ExtraBankHolidays: toDays(c.Extra), BankHolidayDays: toDays(c.BankHolidays()),
		Closures: mapped(c.Closures, func(x schooltime.Closure) api.SchoolClosure {
			return api.SchoolClosure{StartsOn: toDate(x.StartsOn), EndsOn: toDate(x.EndsOn), Kind: api.SchoolClosureKind(x.Kind), Label: x.Label}
		}),
	}
}

func toTerm(t schooltime.Term) api.SchoolTerm {
	term := api.SchoolTerm{Code: api.SchoolTermCode(t.Code), StartsOn: toDate(t.StartsOn), EndsOn: toDate(t.EndsOn), HalfTerm: nullable.NewNullNullable[api.DaySpan]()}
	if h := t.HalfTerm; h != nil {
		term.HalfTerm.Set(api.DaySpan{StartsOn: toDate(h.StartsOn), EndsOn: toDate(h.EndsOn)})
	}
	return term
}

func toDays(days []schooltime.Date) []openapi_types.Date { return mapped(days, toDate) }
