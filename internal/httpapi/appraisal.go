package httpapi

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/dossier"
)

// ListAppraisals handles GET /v1/appraisals.
func (s *Server) ListAppraisals(ctx context.Context, r server.ListAppraisalsRequestObject) (server.ListAppraisalsResponseObject, error) {
	q := r.Params
	f := appraisal.Filter{CycleID: q.CycleID, UnitID: q.UnitID, PersonID: q.PersonID, Status: string(deref(q.Status)),
		WithoutReviewer: deref(q.WithoutReviewer), UpdatedSince: q.UpdatedSince, Sort: string(deref(q.Sort)), Total: q.Include != nil}
	if q.Stage != nil {
		f.Stages = strings.Split(*q.Stage, ",")
	}
	p := pageOf(q.Limit, q.Cursor)
	p.Filter = f
	list, err := s.appraisals.Appraisals(ctx, f, p)
	if err != nil {
		return nil, err
	}
	cards, err := s.cardsOf(ctx, q.Expand != nil, list.Items...)
	if err != nil {
		return nil, err
	}
	return server.ListAppraisals200JSONResponse{Body: api.AppraisalList{NextCursor: null(list.Next), AsOf: list.AsOf, Total: null(list.Total),
		Items: mapped(list.Items, func(c *appraisal.Case) api.Appraisal { return toAppraisal(c, cards) })}}, nil
}

// GetAppraisal handles GET /v1/appraisals/{appraisal_id}.
func (s *Server) GetAppraisal(ctx context.Context, r server.GetAppraisalRequestObject) (server.GetAppraisalResponseObject, error) {
	c, err := s.appraisals.Appraisal(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	cards, err := s.cardsOf(ctx, r.Params.Expand != nil, c)
	if err != nil {
		return nil, err
	}
	return server.GetAppraisal200JSONResponse{Body: toAppraisal(c, cards)}, nil
}

// HandOverAppraisal handles POST /v1/appraisals/{appraisal_id}/hand-over.
func (s *Server) HandOverAppraisal(ctx context.Context, r server.HandOverAppraisalRequestObject) (server.HandOverAppraisalResponseObject, error) {
	c, err := s.appraisals.HandOver(ctx, r.AppraisalID, version(r.Params.IfMatch), appraisal.Handover{
		Reviewers: append([]uuid.UUID{r.Body.ReviewerID}, r.Body.PanelIds...), From: fromDatePtr(r.Body.FromOn)})
	if err != nil {
		return nil, err
	}
	return server.HandOverAppraisal200JSONResponse{Body: toAppraisal(c, nil)}, nil
}

// MoveAppraisal handles POST /v1/appraisals/{appraisal_id}/move.
func (s *Server) MoveAppraisal(ctx context.Context, r server.MoveAppraisalRequestObject) (server.MoveAppraisalResponseObject, error) {
	c, err := s.appraisals.Move(ctx, r.AppraisalID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.MoveAppraisal200JSONResponse{Body: toAppraisal(c, nil)}, nil
}

// EndAppraisal handles POST /v1/appraisals/{appraisal_id}/end.
func (s *Server) EndAppraisal(ctx context.Context, r server.EndAppraisalRequestObject) (server.EndAppraisalResponseObject, error) {
	c, err := s.appraisals.End(ctx, r.AppraisalID, version(r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return server.EndAppraisal200JSONResponse{Body: toAppraisal(c, nil)}, nil
}

// ListNotes handles GET /v1/appraisals/{appraisal_id}/notes.
func (s *Server) ListNotes(ctx context.Context, r server.ListNotesRequestObject) (server.ListNotesResponseObject, error) {
	q := r.Params
	p := pageOf(q.Limit, q.Cursor)
	p.Filter = []any{r.AppraisalID, q.SubjectKind, q.SubjectID}
	list, err := s.appraisals.Notes(ctx, r.AppraisalID, string(deref(q.SubjectKind)), q.SubjectID, p)
	if err != nil {
		return nil, err
	}
	return server.ListNotes200JSONResponse{Body: api.NoteList{Items: mapped(list.Items, toNote), NextCursor: null(list.Next)}}, nil
}

// AddNote handles POST /v1/appraisals/{appraisal_id}/notes.
func (s *Server) AddNote(ctx context.Context, r server.AddNoteRequestObject) (server.AddNoteResponseObject, error) {
	n, err := s.appraisals.Comment(ctx, r.AppraisalID, string(r.Body.SubjectKind), r.Body.SubjectID, r.Body.Text)
	if err != nil {
		return nil, err
	}
	return server.AddNote201JSONResponse{Body: toNote(n)}, nil
}

func toNote(n appraisal.Note) api.Note {
	return api.Note{ID: n.ID, SubjectKind: api.NoteSubjectKind(n.SubjectKind), SubjectID: n.SubjectID, Section: null(n.Section), Kind: n.Kind,
		AuthorID: n.AuthorID, Party: string(n.Party), Text: n.Text, At: n.At, SchoolOn: toDate(n.SchoolOn)}
}

// cardsOf reads the cards of everybody who has to do with the cases, where they are asked for.
func (s *Server) cardsOf(ctx context.Context, wanted bool, cases ...*appraisal.Case) (map[uuid.UUID]directory.Card, error) {
	if !wanted {
		return nil, nil
	}
	var ids []uuid.UUID
	for _, c := range cases {
		ids = append(ids, c.PersonID)
		for _, seat := range c.Seats {
			ids = append(ids, seat.PersonID)
		}
	}
	return s.DB.Cards(ctx, ids)
}

func cardOrNull(cards map[uuid.UUID]directory.Card, id uuid.UUID) nullable.Nullable[api.PersonCard] {
	if c, ok := cards[id]; ok {
		return nullable.NewNullableWithValue(toCard(c))
	}
	return nullable.NewNullNullable[api.PersonCard]()
}

func toAppraisal(c *appraisal.Case, cards map[uuid.UUID]directory.Card) api.Appraisal {
	p := dossier.ProgressOf(c)
	return api.Appraisal{ID: c.ID, Version: c.Version, CycleID: c.CycleID, PostID: c.PostID, PersonID: c.PersonID, Person: cardOrNull(cards, c.PersonID),
		UnitID: c.UnitID, StaffGroup: groupOf(c), StartsOn: toDate(c.StartsOn), EndsOn: toDate(c.EndsOn), Status: api.AppraisalStatus(c.Status),
		Stage: api.AppraisalStage(c.Stage), Suspensions: mapped(c.Suspensions, toSuspension), Remarks: mapped(c.Remarks, func(r appraisal.Code) api.Coded { return api.Coded{Code: r.Code, Label: r.Label} }),
		Seats: mapped(c.Seats, func(v appraisal.Seat) api.Seat {
			return api.Seat{ID: v.ID, PersonID: v.PersonID, Person: cardOrNull(cards, v.PersonID), Duty: api.SeatDuty(v.Duty), Lead: v.Lead, FromOn: toDate(v.FromOn), UntilOn: nullDate(v.UntilOn), Why: v.Why}
		}),
		Progress: api.AppraisalProgress{ObjectivesRequired: p.ObjectivesRequired, ObjectivesAgreed: p.ObjectivesAgreed, ObjectivesProposed: p.ObjectivesProposed,
			CheckInsDue: p.CheckInsDue, CheckInsSent: p.CheckInsSent, CheckInsLate: p.CheckInsLate, StepsDone: p.StepsDone, StepsTotal: p.StepsTotal},
		Next: nextOf(c), PreviousAppraisalID: null(c.Previous), NextAppraisalID: null(c.Next), ErasedOn: nullDate(c.ErasedOn), AllowedActions: toActions(dossier.Actions(c)), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt}
}

func groupOf(c *appraisal.Case) api.Coded {
	for _, g := range c.Rules().Population.Groups {
		if g.Code == c.StaffGroup {
			return api.Coded{Code: g.Code, Label: g.Label}
		}
	}
	return api.Coded{Code: c.StaffGroup, Label: c.StaffGroup}
}

func nextOf(c *appraisal.Case) nullable.Nullable[api.NextStep] {
	n := dossier.NextOf(c)
	if n == nil {
		return nullable.NewNullNullable[api.NextStep]()
	}
	return nullable.NewNullableWithValue(api.NextStep{Action: n.Action, Party: string(n.Party), DueOn: nullDate(n.DueOn), Late: n.Late})
}
