package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/postgres"
)

// CreateObjectivesInBulk handles POST /v1/objectives/bulk.
func (s *Server) CreateObjectivesInBulk(ctx context.Context, r server.CreateObjectivesInBulkRequestObject) (server.CreateObjectivesInBulkResponseObject, error) {
	b := r.Body
	when, err := conditionOf(b.When)
	if err != nil {
		return nil, err
	}
	p := objective.Population{CycleID: b.CycleID, UnitIDs: b.UnitIds, StaffGroups: b.StaffGroups, PersonIDs: b.PersonIds, When: when}
	n := objective.NewObjective{Slot: b.Slot, Content: fromContent(b.Content)}
	made, err := s.objectives.CreateMany(ctx, p, n, deref(b.Propose), deref(b.Mode) != api.CreateObjectivesInBulkModePartial)
	if err != nil {
		return nil, err
	}
	body := toMade(made, postgres.RequestID(ctx))
	if body.Failed > 0 {
		return server.CreateObjectivesInBulk207JSONResponse(body), nil
	}
	return server.CreateObjectivesInBulk200JSONResponse(body), nil
}

// conditionOf reads a condition as a policy holds it; nil where none is given.
func conditionOf(given map[string]any) (*policy.Condition, error) {
	if given == nil {
		return nil, nil
	}
	var when policy.Condition
	raw, err := json.Marshal(given)
	if err == nil {
		err = json.Unmarshal(raw, &when)
	}
	if err != nil {
		return nil, fault.Body("/when", "bad_condition", "The condition cannot be read.")
	}
	return &when, nil
}

func toMade(made []objective.Made, requestID string) api.ObjectiveBulkResults {
	body := api.ObjectiveBulkResults{Results: make([]api.ObjectiveBulkResult, len(made))}
	for i, m := range made {
		item := api.ObjectiveBulkResult{Index: i, Status: http.StatusCreated, PersonID: m.Case.PersonID, AppraisalID: m.Case.ID}
		item.ObjectiveID.SetNull()
		item.Problem.SetNull()
		if f, ok := errors.AsType[*fault.Error](m.Err); ok {
			item.Status, item.Problem = statuses[f.Kind], nullable.NewNullableWithValue(toProblem(f, requestID))
			body.Failed++
		} else {
			item.ObjectiveID = nullable.NewNullableWithValue(m.Objective.ID)
			body.Succeeded++
		}
		body.Results[i] = item
	}
	return body
}

// ListObjectiveSamples handles GET /v1/objective-samples.
func (s *Server) ListObjectiveSamples(ctx context.Context, r server.ListObjectiveSamplesRequestObject) (server.ListObjectiveSamplesResponseObject, error) {
	q := r.Params
	list, err := s.objectives.Samples(ctx, objective.SampleFilter{CycleID: q.CycleID, UnitID: q.UnitID}, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListObjectiveSamples200JSONResponse{Body: api.ObjectiveSampleList{Items: mapped(list.Items, toSample), NextCursor: null(list.Next)}}, nil
}

// SampleObjectives handles POST /v1/objective-samples.
func (s *Server) SampleObjectives(ctx context.Context, r server.SampleObjectivesRequestObject) (server.SampleObjectivesResponseObject, error) {
	b := r.Body
	p, err := s.objectives.Draw(ctx, b.CycleID, b.UnitID, objective.Size{Count: b.Count, Percent: b.Percent}, b.Seed)
	if err != nil {
		return nil, err
	}
	return server.SampleObjectives201JSONResponse{Body: toSample(*p)}, nil
}

// GetObjectiveSample handles GET /v1/objective-samples/{sample_id}.
func (s *Server) GetObjectiveSample(ctx context.Context, r server.GetObjectiveSampleRequestObject) (server.GetObjectiveSampleResponseObject, error) {
	p, err := s.objectives.Sample(ctx, r.SampleID)
	if err != nil {
		return nil, err
	}
	return server.GetObjectiveSample200JSONResponse{Body: toSample(*p)}, nil
}

// ReviewSampledObjective handles POST /v1/objective-samples/{sample_id}/review.
func (s *Server) ReviewSampledObjective(ctx context.Context, r server.ReviewSampledObjectiveRequestObject) (server.ReviewSampledObjectiveResponseObject, error) {
	p, err := s.objectives.Review(ctx, r.SampleID, version(r.Params.IfMatch), r.Body.ObjectiveID, r.Body.Meets, r.Body.Remark)
	if err != nil {
		return nil, err
	}
	return server.ReviewSampledObjective200JSONResponse{Body: toSample(*p)}, nil
}

func toSample(p objective.Sample) api.ObjectiveSample {
	return api.ObjectiveSample{ID: p.ID, Version: p.Version, CycleID: p.CycleID, UnitID: p.UnitID, Seed: p.Seed, DrawnFrom: p.DrawnFrom,
		Items: mapped(p.Items, func(i objective.SampleItem) api.SampledObjective {
			return api.SampledObjective{ObjectiveID: i.ObjectiveID, AppraisalID: i.AppraisalID, Revision: i.Revision, Meets: null(i.Meets), Remark: null(i.Remark),
				ReviewedBy: null(i.ReviewedBy), ReviewedOn: nullDate(i.ReviewedOn)}
		}), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt}
}
