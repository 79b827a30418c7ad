package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/form"
)

// ListCheckIns handles GET /v1/check-ins.
func (s *Server) ListCheckIns(ctx context.Context, r server.ListCheckInsRequestObject) (server.ListCheckInsResponseObject, error) {
	q := r.Params
	f := checkin.Filter{AppraisalID: q.AppraisalID, CycleID: q.CycleID, State: string(deref(q.State)), Late: q.Late}
	list, err := s.checkIns.List(ctx, f, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListCheckIns200JSONResponse{Body: api.CheckInList{Items: mapped(list.Items, toCheckInItem), NextCursor: null(list.Next)}}, nil
}

// StartCheckIn handles POST /v1/check-ins.
func (s *Server) StartCheckIn(ctx context.Context, r server.StartCheckInRequestObject) (server.StartCheckInResponseObject, error) {
	a, err := s.checkIns.Start(ctx, r.Body.AppraisalID, r.Body.WindowID)
	if err != nil {
		return nil, err
	}
	return server.StartCheckIn201JSONResponse{Body: toCheckIn(a)}, nil
}

// GetCheckIn handles GET /v1/check-ins/{check_in_id}.
func (s *Server) GetCheckIn(ctx context.Context, r server.GetCheckInRequestObject) (server.GetCheckInResponseObject, error) {
	a, err := s.checkIns.Get(ctx, r.CheckInID)
	if err != nil {
		return nil, err
	}
	return server.GetCheckIn200JSONResponse{Body: toCheckIn(a)}, nil
}

// SaveCheckIn handles PUT /v1/check-ins/{check_in_id}.
func (s *Server) SaveCheckIn(ctx context.Context, r server.SaveCheckInRequestObject) (server.SaveCheckInResponseObject, error) {
	a, err := s.checkIns.Save(ctx, r.CheckInID, version(r.Params.IfMatch), form.Answers(r.Body.Answers))
	if err != nil {
		return nil, err
	}
	return server.SaveCheckIn200JSONResponse{Body: toCheckIn(a)}, nil
}

// SubmitCheckIn handles POST /v1/check-ins/{check_in_id}/submit.
func (s *Server) SubmitCheckIn(ctx context.Context, r server.SubmitCheckInRequestObject) (server.SubmitCheckInResponseObject, error) {
	a, err := s.checkIns.Submit(ctx, r.CheckInID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.SubmitCheckIn200JSONResponse{Body: toCheckIn(a)}, nil
}

// RespondToCheckIn handles POST /v1/check-ins/{check_in_id}/respond.
func (s *Server) RespondToCheckIn(ctx context.Context, r server.RespondToCheckInRequestObject) (server.RespondToCheckInResponseObject, error) {
	comments := mapped(r.Body.Comments, func(c api.CheckInComment) checkin.Comment { return checkin.Comment{Section: c.Section, Text: c.Text} })
	a, err := s.checkIns.Respond(ctx, r.CheckInID, version(r.Params.IfMatch), comments)
	if err != nil {
		return nil, err
	}
	return server.RespondToCheckIn200JSONResponse{Body: toCheckIn(a)}, nil
}

// ListPraise handles GET /v1/praise.
func (s *Server) ListPraise(ctx context.Context, r server.ListPraiseRequestObject) (server.ListPraiseResponseObject, error) {
	list, err := s.checkIns.Praise(ctx, pageOf(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	items := mapped(list.Items, func(p checkin.Received) api.Praise {
		return api.Praise{ID: p.ID, PersonID: p.PersonID, By: toCard(p.By), At: p.At, SchoolOn: toDate(p.SchoolOn)}
	})
	return server.ListPraise200JSONResponse{Body: api.PraiseList{Items: items, NextCursor: null(list.Next)}}, nil
}

// toCheckInItem is a check-in in a list, without what anybody wrote in it: a list is no way round
// the record of who read what.
func toCheckInItem(a *checkin.Aggregate) api.CheckIn {
	w := a.Window
	return api.CheckIn{ID: a.ID, Version: a.Version, AppraisalID: a.AppraisalID, State: api.CheckInState(a.State), Late: a.IsLate(),
		Window: api.Window{ID: w.ID, N: w.N, OpensOn: toDate(w.OpensOn), ClosesOn: toDate(w.ClosesOn)},
		Form:   nullable.NewNullNullable[api.Form](), Answers: nullable.NewNullNullable[map[string]any](),
		Praise: nullable.NewNullNullable[[]api.PersonCard](), Responses: nullable.NewNullNullable[[]api.Response](),
		SentAt: null(a.SentAt), SentOn: nullDate(a.SentOn), AcknowledgedAt: null(a.AcknowledgedAt),
		AllowedActions: toActions(appraisal.Allowed(a.Case, a, checkin.Acts)), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
}

// toCheckIn is a check-in as a whole.
func toCheckIn(a *checkin.Aggregate) api.CheckIn {
	out := toCheckInItem(a)
	out.Form = formOrNull(a.Rules, a.Rules.CheckIns.Form)
	out.Answers = nullable.NewNullableWithValue(map[string]any(a.Answers))
	out.Praise = nullable.NewNullableWithValue(mapped(a.Thanked, toCard))
	out.Responses = nullable.NewNullableWithValue(mapped(a.Responses, toResponse))
	return out
}

func toResponse(n appraisal.Note) api.Response {
	return api.Response{ID: n.ID, Section: null(n.Section), PersonID: n.AuthorID, Party: string(n.Party), Text: n.Text, At: n.At}
}
