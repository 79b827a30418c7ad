package httpapi

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/cycle"
)

// ListCycleDates handles GET /v1/cycles/{cycle_id}/dates.
func (s *Server) ListCycleDates(ctx context.Context, r server.ListCycleDatesRequestObject) (server.ListCycleDatesResponseObject, error) {
	t, err := s.cycles.Dates(ctx, r.CycleID, r.Params.UnitID)
	if err != nil {
		return nil, err
	}
	return server.ListCycleDates200JSONResponse{Body: toDates(t)}, nil
}

// SetCycleDates handles PUT /v1/cycles/{cycle_id}/dates.
func (s *Server) SetCycleDates(ctx context.Context, r server.SetCycleDatesRequestObject) (server.SetCycleDatesResponseObject, error) {
	t, err := s.cycles.SetDates(ctx, r.CycleID, version(r.Params.IfMatch), mapped(r.Body.Items, func(d api.SetCycleDate) cycle.Date {
		return cycle.Date{Code: d.Code, StaffGroup: deref(d.StaffGroup), DueOn: fromDate(d.DueOn)}
	}))
	if err != nil {
		return nil, err
	}
	return server.SetCycleDates200JSONResponse{Body: toDates(t)}, nil
}

// ListCheckInWindows handles GET /v1/cycles/{cycle_id}/check-in-windows.
func (s *Server) ListCheckInWindows(ctx context.Context, r server.ListCheckInWindowsRequestObject) (server.ListCheckInWindowsResponseObject, error) {
	t, err := s.cycles.Windows(ctx, r.CycleID)
	if err != nil {
		return nil, err
	}
	return server.ListCheckInWindows200JSONResponse{Body: toWindows(t)}, nil
}

// SetCheckInWindows handles PUT /v1/cycles/{cycle_id}/check-in-windows.
func (s *Server) SetCheckInWindows(ctx context.Context, r server.SetCheckInWindowsRequestObject) (server.SetCheckInWindowsResponseObject, error) {
	t, err := s.cycles.SetWindows(ctx, r.CycleID, version(r.Params.IfMatch), mapped(r.Body.Items, func(w api.SetWindow) cycle.Window {
		return cycle.Window{OpensOn: fromDate(w.OpensOn), ClosesOn: fromDate(w.ClosesOn)}
	}))
	if err != nil {
		return nil, err
	}
	return server.SetCheckInWindows200JSONResponse{Body: toWindows(t)}, nil
}

// GenerateCheckInWindows handles POST /v1/cycles/{cycle_id}/check-in-windows/generate.
func (s *Server) GenerateCheckInWindows(ctx context.Context, r server.GenerateCheckInWindowsRequestObject) (server.GenerateCheckInWindowsResponseObject, error) {
	b := r.Body
	t, err := s.cycles.GenerateWindows(ctx, r.CycleID, version(r.Params.IfMatch), cycle.WindowRule{FirstOn: fromDate(b.FirstOn), LastOn: fromDatePtr(b.LastOn),
		EveryWeeks: b.EveryWeeks, Opens: weekdays[string(b.OpensWeekday)], Closes: weekdays[string(b.ClosesWeekday)], InTermOnly: b.InTermOnly, UnitID: b.UnitID})
	if err != nil {
		return nil, err
	}
	return server.GenerateCheckInWindows200JSONResponse{Body: toWindows(t)}, nil
}

// weekdays are the days of the week as the contract names them.
var weekdays = map[string]time.Weekday{"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday}

// GetPayTable handles GET /v1/cycles/{cycle_id}/pay-table.
func (s *Server) GetPayTable(ctx context.Context, r server.GetPayTableRequestObject) (server.GetPayTableResponseObject, error) {
	t, err := s.cycles.PayTable(ctx, r.CycleID)
	if err != nil {
		return nil, err
	}
	return server.GetPayTable200JSONResponse{Body: toPayTable(t)}, nil
}

// SetPayTable handles PUT /v1/cycles/{cycle_id}/pay-table.
func (s *Server) SetPayTable(ctx context.Context, r server.SetPayTableRequestObject) (server.SetPayTableResponseObject, error) {
	t, err := s.cycles.SetPayTable(ctx, r.CycleID, version(r.Params.IfMatch), mapped(r.Body.Items, fromPayRow))
	if err != nil {
		return nil, err
	}
	return server.SetPayTable200JSONResponse{Body: toPayTable(t)}, nil
}

func toDates(t cycle.Table[cycle.Deadline]) api.CycleDateList {
	return api.CycleDateList{Version: t.Version, Items: mapped(t.Items, func(d cycle.Deadline) api.CycleDate {
		return api.CycleDate{Code: d.Code, Label: clip(d.Label, 200), StaffGroup: nullText(d.Group), DueOn: toDate(d.DueOn), Own: d.Own}
	})}
}

func toWindows(t cycle.Table[cycle.Window]) api.WindowList {
	return api.WindowList{Version: t.Version, Items: mapped(t.Items, func(w cycle.Window) api.Window {
		return api.Window{ID: w.ID, N: w.N, OpensOn: toDate(w.OpensOn), ClosesOn: toDate(w.ClosesOn)}
	})}
}

func toPayTable(t cycle.Table[cycle.PayRow]) api.PayTable {
	return api.PayTable{Version: t.Version, Items: mapped(t.Items, func(r cycle.PayRow) api.PayRow {
		row := api.PayRow{StaffGroup: r.StaffGroup, Rating: r.Rating, Awards: mapped(r.Awards, toTableAward), TopOfRangeAwards: nullable.NewNullNullable[[]api.Award]()}
		if r.TopAwards != nil {
			row.TopOfRangeAwards.Set(mapped(*r.TopAwards, toTableAward))
		}
		return row
	})}
}

func toTableAward(a cycle.Award) api.Award {
	return api.Award{Kind: api.AwardKind(a.Kind), Amount: a.Amount}
}

func fromPayRow(r api.SetPayRow) cycle.PayRow {
	row := cycle.PayRow{StaffGroup: r.StaffGroup, Rating: r.Rating, Awards: mapped(r.Awards, fromTableAward)}
	if awards, err := r.TopOfRangeAwards.Get(); err == nil {
		top := mapped(awards, fromTableAward)
		row.TopAwards = &top
	}
	return row
}

func fromTableAward(a api.Award) cycle.Award {
	return cycle.Award{Kind: string(a.Kind), Amount: a.Amount}
}
