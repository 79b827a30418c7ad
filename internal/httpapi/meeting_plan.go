package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/policy"
)

// ListPlannedMeetings handles GET /v1/appraisals/{appraisal_id}/planned-meetings.
func (s *Server) ListPlannedMeetings(ctx context.Context, r server.ListPlannedMeetingsRequestObject) (server.ListPlannedMeetingsResponseObject, error) {
	c, plan, err := s.meetings.Planned(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	held, needed := c.FormalReviews()
	return server.ListPlannedMeetings200JSONResponse(api.PlannedMeetingList{Items: mapped(plan, toPlanned), FormalNeeded: needed, FormalHeld: held}), nil
}

// NameNoteTaker handles POST /v1/meetings/{meeting_id}/name-note-taker.
func (s *Server) NameNoteTaker(ctx context.Context, r server.NameNoteTakerRequestObject) (server.NameNoteTakerResponseObject, error) {
	a, err := s.meetings.NameNoteTaker(ctx, r.MeetingID, version(r.Params.IfMatch), someone(r.Body.PersonID))
	if err != nil {
		return nil, err
	}
	return server.NameNoteTaker200JSONResponse{Body: toMeeting(a)}, nil
}

// ReopenMeeting handles POST /v1/meetings/{meeting_id}/reopen.
func (s *Server) ReopenMeeting(ctx context.Context, r server.ReopenMeetingRequestObject) (server.ReopenMeetingResponseObject, error) {
	a, err := s.meetings.Reopen(ctx, r.MeetingID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.ReopenMeeting200JSONResponse{Body: toMeeting(a)}, nil
}

// ListMeetingVersions handles GET /v1/meetings/{meeting_id}/versions.
func (s *Server) ListMeetingVersions(ctx context.Context, r server.ListMeetingVersionsRequestObject) (server.ListMeetingVersionsResponseObject, error) {
	a, list, err := s.meetings.Versions(ctx, r.MeetingID)
	if err != nil {
		return nil, err
	}
	return server.ListMeetingVersions200JSONResponse(api.MeetingVersionList{Items: mapped(list, func(v meeting.Version) api.MeetingVersion {
		return api.MeetingVersion{Number: v.Number, RecorderID: v.RecorderID, HeldOn: toDate(v.HeldOn), Minutes: null(v.Minutes), Answers: v.Answers,
			IndicativeRating: toIndicated(a.RatedAs(v)), SharedAt: v.SharedAt, Answer: null(v.Answer), AnsweredAt: null(v.AnsweredAt),
			ReopenedBy: v.ReopenedBy, ReopenedAt: v.ReopenedAt}
	})}), nil
}

// someone is who is named, or nil for null.
func someone(id nullable.Nullable[uuid.UUID]) *uuid.UUID {
	if v, err := id.Get(); err == nil {
		return &v
	}
	return nil
}

func toPlanned(p *meeting.Planned) api.PlannedMeeting {
	m := p.Plan
	return api.PlannedMeeting{Plan: api.Coded{Code: m.Code, Label: m.Label}, Title: meeting.TitleOf(p.Case, m),
		Kind: nullWord(api.PlannedMeetingKind(m.Kind)), Length: nullWord(api.PlannedMeetingLength(m.Length)), MaxMinutes: nullNumber(m.MaxMinutes),
		Required: m.Required, Formal: m.Formal, MayAmend: m.MayAmend, Indicative: m.Indicative, RevieweeAnswers: m.RevieweeAnswers,
		RecordedBy: api.PlannedMeetingRecordedBy(m.RecordedBy), DueOn: nullDate(p.DueOn), State: api.PlannedMeetingState(p.State), Late: p.Late(),
		MeetingID: null(p.MeetingID), HeldOn: nullDate(p.HeldOn), AllowedActions: toActions(appraisal.Allowed(p.Case, p, meeting.PlannedActs))}
}

func toGuidance(g meeting.Guidance) api.MeetingGuidance {
	return api.MeetingGuidance{Code: g.Code, Detail: g.Detail, Policy: api.PolicyCitation{Parameter: g.Policy.Parameter, Value: anyOf(g.Policy.Value),
		Origin: api.PolicyCitationOrigin(g.Policy.Origin)}}
}

// toIndicated is a value of the trust's scale, or null.
func toIndicated(r *policy.Rating) nullable.Nullable[api.Coded] {
	if r == nil {
		return nullable.NewNullNullable[api.Coded]()
	}
	return nullable.NewNullableWithValue(api.Coded{Code: r.Code, Label: r.Label})
}

// nullWord is a value of an enumeration of which the empty one means none.
func nullWord[T ~string](v T) nullable.Nullable[T] {
	if v == "" {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(v)
}

// nullNumber is a number of which zero means none.
func nullNumber(n int) nullable.Nullable[int] {
	if n == 0 {
		return nullable.NewNullNullable[int]()
	}
	return nullable.NewNullableWithValue(n)
}
