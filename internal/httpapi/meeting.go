package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/meeting"
)

// ListMeetings handles GET /v1/meetings.
func (s *Server) ListMeetings(ctx context.Context, r server.ListMeetingsRequestObject) (server.ListMeetingsResponseObject, error) {
	q := r.Params
	f := meeting.Filter{AppraisalID: q.AppraisalID, CycleID: q.CycleID, State: string(deref(q.State)), UnitID: q.UnitID, PlanCode: deref(q.PlanCode),
		FromOn: fromDatePtr(q.FromOn), ToOn: fromDatePtr(q.ToOn)}
	list, err := s.meetings.List(ctx, f, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListMeetings200JSONResponse{Body: api.MeetingList{Items: mapped(list.Items, toMeetingItem), NextCursor: null(list.Next)}}, nil
}

// ScheduleMeeting handles POST /v1/meetings.
func (s *Server) ScheduleMeeting(ctx context.Context, r server.ScheduleMeetingRequestObject) (server.ScheduleMeetingResponseObject, error) {
	a, err := s.meetings.Schedule(ctx, r.Body.AppraisalID, r.Body.PlanCode, r.Body.ScheduledAt, r.Body.Place)
	if err != nil {
		return nil, err
	}
	return server.ScheduleMeeting201JSONResponse{Body: toMeeting(a)}, nil
}

// GetMeeting handles GET /v1/meetings/{meeting_id}.
func (s *Server) GetMeeting(ctx context.Context, r server.GetMeetingRequestObject) (server.GetMeetingResponseObject, error) {
	a, err := s.meetings.Get(ctx, r.MeetingID)
	if err != nil {
		return nil, err
	}
	return server.GetMeeting200JSONResponse{Body: toMeeting(a)}, nil
}

// SaveMeeting handles PUT /v1/meetings/{meeting_id}.
func (s *Server) SaveMeeting(ctx context.Context, r server.SaveMeetingRequestObject) (server.SaveMeetingResponseObject, error) {
	b := r.Body
	change := meeting.Change{Answers: form.Answers(b.Answers), HeldOn: fromDatePtr(b.HeldOn), Minutes: b.Minutes, IndicativeRating: b.IndicativeRating, ScheduledAt: b.ScheduledAt, Place: b.Place}
	a, err := s.meetings.Save(ctx, r.MeetingID, version(r.Params.IfMatch), change)
	if err != nil {
		return nil, err
	}
	return server.SaveMeeting200JSONResponse{Body: toMeeting(a)}, nil
}

// CompleteMeeting handles POST /v1/meetings/{meeting_id}/complete.
func (s *Server) CompleteMeeting(ctx context.Context, r server.CompleteMeetingRequestObject) (server.CompleteMeetingResponseObject, error) {
	a, err := s.meetings.Complete(ctx, r.MeetingID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.CompleteMeeting200JSONResponse{Body: toMeeting(a)}, nil
}

// RespondToMeeting handles POST /v1/meetings/{meeting_id}/respond.
func (s *Server) RespondToMeeting(ctx context.Context, r server.RespondToMeetingRequestObject) (server.RespondToMeetingResponseObject, error) {
	a, err := s.meetings.Answer(ctx, r.MeetingID, version(r.Params.IfMatch), r.Body.Answer)
	if err != nil {
		return nil, err
	}
	return server.RespondToMeeting200JSONResponse{Body: toMeeting(a)}, nil
}

// CancelMeeting handles POST /v1/meetings/{meeting_id}/cancel.
func (s *Server) CancelMeeting(ctx context.Context, r server.CancelMeetingRequestObject) (server.CancelMeetingResponseObject, error) {
	a, err := s.meetings.Drop(ctx, r.MeetingID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.CancelMeeting200JSONResponse{Body: toMeeting(a)}, nil
}

// toMeetingItem is a meeting in a list, without what was said in it.
func toMeetingItem(a *meeting.Aggregate) api.Meeting {
	p := a.Plan
	return api.Meeting{ID: a.ID, Version: a.Version, AppraisalID: a.AppraisalID, PersonID: a.Case.PersonID, Plan: api.Coded{Code: p.Code, Label: p.Label},
		Title: meeting.TitleOf(a.Case, p), Kind: nullWord(api.MeetingKind(p.Kind)), Length: nullWord(api.MeetingLength(p.Length)), MaxMinutes: nullNumber(p.MaxMinutes),
		Formal: p.Formal, MayAmend: p.MayAmend, Minutes: null(minutesOf(a)), NoteTakerID: null(a.NoteTakerID), EarlierVersions: a.EarlierVersions,
		IndicativeRating: nullable.NewNullNullable[api.Coded](), Guidance: mapped(a.Guidance(), toGuidance),
		State: api.MeetingState(a.State), ScheduledAt: a.ScheduledAt, Place: null(a.Place), HeldOn: nullDate(a.HeldOn), DueOn: nullDate(a.DueOn()), Late: a.IsLate(),
		Form: nullable.NewNullNullable[api.Form](), Objectives: nullable.NewNullNullable[[]api.ObjectiveName](), Answers: nullable.NewNullNullable[map[string]any](), Answer: nullable.NewNullNullable[string](),
		SharedAt: null(a.SharedAt), AnsweredAt: null(a.AnsweredAt),
		AllowedActions: toActions(appraisal.Allowed(a.Case, a, meeting.Acts)), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
}

func toObjectiveName(o appraisal.ObjectiveFact) api.ObjectiveName {
	return api.ObjectiveName{ID: o.ID, Title: o.Title}
}

// minutesOf is how long a meeting was, which is part of its record.
func minutesOf(a *meeting.Aggregate) *int {
	if !a.Visible() {
		return nil
	}
	return a.Minutes
}

// toMeeting is a meeting as a whole: its record where the caller may see it, or a first draft
// quoted from the check-ins.
func toMeeting(a *meeting.Aggregate) api.Meeting {
	out := toMeetingItem(a)
	out.Form, out.Answer = formOrNull(a.Case.Rules(), a.Plan.Form), null(a.Answer)
	if a.Form().AsksOfObjectives() {
		out.Objectives = nullable.NewNullableWithValue(mapped(a.Case.AskedOf(), toObjectiveName))
	}
	switch {
	case a.Visible():
		out.Answers, out.IndicativeRating = nullable.NewNullableWithValue(map[string]any(a.Answers)), toIndicated(a.Indicated())
	case a.Quoted != nil:
		out.Answers, out.Prefilled = nullable.NewNullableWithValue(map[string]any(a.Quoted)), len(a.Quoted) > 0
	}
	return out
}
