package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/directory"
)

// PreviewEnrolment handles GET /v1/cycles/{cycle_id}/enrolment.
func (s *Server) PreviewEnrolment(ctx context.Context, r server.PreviewEnrolmentRequestObject) (server.PreviewEnrolmentResponseObject, error) {
	q := r.Params
	p, err := s.cycles.Preview(ctx, cycle.PlanFilter{CycleID: r.CycleID, UnitID: q.UnitID, Included: q.Included, WithoutReviewer: q.WithoutReviewer},
		pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	sum := api.EnrolmentSummary{Included: p.Summary.Included, Excluded: p.Summary.Excluded, WithoutReviewer: p.Summary.WithoutReviewer, Already: p.Summary.Already}
	items := mapped(p.Items, func(e cycle.Enrolment) api.Enrolment { return toEnrolment(e, p.Cards) })
	return server.PreviewEnrolment200JSONResponse{Body: api.EnrolmentPlan{Summary: sum, Items: items, NextCursor: null(p.Next)}}, nil
}

// EnrolPeople handles POST /v1/cycles/{cycle_id}/enrol.
func (s *Server) EnrolPeople(ctx context.Context, r server.EnrolPeopleRequestObject) (server.EnrolPeopleResponseObject, error) {
	done, err := s.cycles.Enrol(ctx, r.CycleID, r.Body.PostIds)
	if err != nil {
		return nil, err
	}
	return server.EnrolPeople200JSONResponse(api.EnrolmentResult{Created: done.Created, Already: done.Already, Excluded: done.Excluded, WithoutReviewer: done.WithoutReviewer}), nil
}

// IncludeAppraisal handles POST /v1/cycles/{cycle_id}/enrolment/include.
func (s *Server) IncludeAppraisal(ctx context.Context, r server.IncludeAppraisalRequestObject) (server.IncludeAppraisalResponseObject, error) {
	e, cards, err := s.cycles.Decide(ctx, cycle.Decision{CycleID: r.CycleID, PostID: r.Body.PostID, Included: true, Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	return server.IncludeAppraisal200JSONResponse(toEnrolment(e, cards)), nil
}

// ExcludeAppraisal handles POST /v1/cycles/{cycle_id}/enrolment/exclude.
func (s *Server) ExcludeAppraisal(ctx context.Context, r server.ExcludeAppraisalRequestObject) (server.ExcludeAppraisalResponseObject, error) {
	e, cards, err := s.cycles.Decide(ctx, cycle.Decision{CycleID: r.CycleID, PostID: r.Body.PostID, Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	return server.ExcludeAppraisal200JSONResponse(toEnrolment(e, cards)), nil
}

func toEnrolment(e cycle.Enrolment, cards map[uuid.UUID]directory.Card) api.Enrolment {
	out := api.Enrolment{PostID: e.PostID, Person: toCard(cards[e.PersonID]), UnitID: e.UnitID, Included: e.Included,
		StaffGroup: nullable.NewNullNullable[api.Coded](), Reason: nullable.NewNullNullable[api.Coded](),
		UntilOn: nullDate(e.ReasonEnds), CoveredByPostID: null(e.CoveredBy), Reviewer: nullCard(nil), Panel: []api.PersonCard{},
		MissingSeats: mapped(e.Seating.Missing, func(m cycle.MissingSeat) api.MissingSeat {
			return api.MissingSeat{Party: string(m.Party), Code: m.Code}
		}),
		Remarks: mapped(e.Remarks, toRemark), Already: e.AppraisalID != nil && !e.LeftOut}
	if e.Group != nil {
		out.StaffGroup.Set(api.Coded{Code: e.Group.Code, Label: clip(e.Group.Label, 200)})
	}
	if e.Reason != nil {
		out.Reason.Set(toRemark(*e.Reason))
	}
	for i, id := range e.Reviewers() {
		card := cards[id]
		if i == 0 {
			out.Reviewer = nullCard(&card)
			continue
		}
		out.Panel = append(out.Panel, toCard(card))
	}
	return out
}

func toRemark(r cycle.Remark) api.Coded { return api.Coded{Code: r.Code, Label: clip(r.Label, 200)} }
