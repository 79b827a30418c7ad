package apitest

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
)

// appeal is somebody's appeal against the decision on their pay, in a year that is over: one without
// steps, which is released when its cycle is closed.
func (y *Year) appeal(p *Person, post uuid.UUID) uuid.UUID {
	y.T.Helper()
	ctx, hr := y.T.Context(), y.World.HR
	c, err := hr.CreateCycleWithResponse(ctx, nil, api.CreateCycle{Name: "2025-26 " + p.Name, StartsOn: Day("2025-09-01"), PolicyVersionID: y.stepless()})
	OK(y.T, c, err)
	id := c.JSON201.ID
	o, err := hr.OpenCycleWithResponse(ctx, id, &api.OpenCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	OK(y.T, o, err)
	e, err := hr.EnrolPeopleWithResponse(ctx, id, nil, api.EnrolPeople{PostIds: []uuid.UUID{post}})
	OK(y.T, e, err)
	closed, err := hr.CloseCycleWithResponse(ctx, id, &api.CloseCycleParams{IfMatch: o.HTTPResponse.Header.Get("ETag")})
	OK(y.T, closed, err)
	a, err := p.ListAppraisalsWithResponse(ctx, &api.ListAppraisalsParams{CycleID: &id, PersonID: &p.ID})
	OK(y.T, a, err)
	l, err := p.LodgeAppealWithResponse(ctx, a.JSON200.Items[0].ID, nil, api.LodgeAppeal{Against: "pay", Text: "The spring term was not weighed."})
	OK(y.T, l, err)
	return l.JSON201.ID
}

// stepless is a policy by which a year ends with its cycle.
func (y *Year) stepless() uuid.UUID {
	y.T.Helper()
	ctx, hr := y.T.Context(), y.World.HR
	p, err := hr.CreatePolicyWithResponse(ctx, nil, api.CreatePolicy{Name: "Without steps", Document: map[string]any{"schema": 1, "rules": map[string]any{
		"outcome": map[string]any{"chain": []any{}, "method": "none"}, "report": map[string]any{"sections": []any{}}}}})
	OK(y.T, p, err)
	v, err := hr.PublishPolicyWithResponse(ctx, p.JSON201.ID, &api.PublishPolicyParams{IfMatch: p.HTTPResponse.Header.Get("ETag")})
	OK(y.T, v, err)
	return v.JSON201.ID
}
