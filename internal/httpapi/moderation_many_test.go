package httpapi_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// Two of HR decide at once, on many years in one order or the other, or on a single
// one: every step is done once, by one of them, and the others are told.
func TestTwoWhoDecideAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	m := newModerated(t, `{"outcome":{"method":"grid","grid":`+carefulGrid+`,"chain":`+chainOf(`,{"code":"decide","label":"Decision","order":2,"party":"hr","acts":["decide"],"required":true}`)+`}}`, "ada", "dov")
	office, err := m.World.HR.FillOfficeWithResponse(t.Context(), nil, api.FillOffice{Code: "hr", UnitID: m.Root, PersonID: m.As("eve").ID})
	apitest.OK(t, office, err)
	m.states("ben", "ada")
	m.states("ben", "dov")
	both := []string{"hr", "eve"}
	for _, who := range both {
		m.step(who, "ada", "outcome.decide") // signed in
	}
	var mu sync.Mutex
	done := map[string]int{}
	took := func(whose, code string) {
		mu.Lock()
		defer mu.Unlock()
		if code == "done" {
			done[whose]++
			return
		}
		require.Contains(t, []string{"stale_version", "step_done"}, code, whose)
	}
	atOnce(t, 12, func(i int) (client.Answer, error) {
		who, order := both[i%2], []string{"ada", "dov"}
		if i%3 == 0 {
			r, err := m.As(who).CompleteStepWithResponse(t.Context(), m.years["ada"], "outcome.decide", &api.CompleteStepParams{IfMatch: etag(0)}, api.CompleteStep{})
			code := "done"
			if p := new(client.ProblemError); err == nil && r.StatusCode() != http.StatusOK {
				require.ErrorAs(t, client.Check(r), &p)
				code = p.Code
			}
			took("ada", code)
			return r, err
		}
		if i%4 == 1 {
			order = []string{"dov", "ada"}
		}
		r, err := m.many(who, fmt.Sprint("race-", i), "partial", "outcome.decide", m.item(order[0], 0), m.item(order[1], 0))
		if err == nil {
			body := r.JSON200
			if body == nil {
				body = r.JSON207
			}
			for j, code := range codes(body) {
				took(order[j], code)
			}
		}
		return r, err
	})
	require.Equal(t, map[string]int{"ada": 1, "dov": 1}, done)
	for _, key := range []string{"ada", "dov"} {
		require.Equal(t, api.AppraisalStage("released"), m.Appraisal(key).Stage)
		events, err := m.World.HR.ListAuditEventsWithResponse(t.Context(), &api.ListAuditEventsParams{AppraisalID: ptr(m.years[key]), Type: ptr("step.done")})
		apitest.OK(t, events, err)
		require.Len(t, events.JSON200.Items, 2, "stated once and decided once")
	}
}

// Many years are approved, released and recorded in one request.
func TestManyYearsAreApprovedInAMoment(t *testing.T) {
	t.Parallel()
	const many = 120 // three hundred took 2 to 4 seconds
	list := []string{"Person ID,Forename,Surname,School,Job Title,Role,Start Date"}
	for i := range many {
		list = append(list, fmt.Sprintf("%d,Person,Number %d,School %d,Teacher,Teacher,2024-09-01", 2000+i, i, i%6))
	}
	document := map[string]any{"schema": 1, "rules": map[string]any{"outcome": map[string]any{"method": "none", "scale": []any{}, "chain": []any{
		map[string]any{"code": "approve", "label": "Approval", "order": 1, "party": "hr", "acts": []string{"approve"}, "required": true}}}}}
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document, Before: func(p *apitest.Process) { imported(t, p.World.HR.ClientWithResponses, list...) }})
	p.On("2027-08-02")
	total, ready, started := api.ListModerationQueueParamsInclude("total"), api.ListModerationQueueParamsState("ready"), time.Now()
	body, cursor := api.CompleteStepsInBulk{Step: "outcome.approve"}, (*string)(nil)
	for {
		r, err := p.World.HR.ListModerationQueueWithResponse(t.Context(), &api.ListModerationQueueParams{State: &ready, Include: &total, Limit: ptr(200), Cursor: cursor})
		apitest.OK(t, r, err)
		require.GreaterOrEqual(t, r.JSON200.Totals.MustGet().Ready, many)
		for _, item := range r.JSON200.Items {
			body.Items = append(body.Items, api.StepToComplete{AppraisalID: item.AppraisalID, Version: item.StepVersion})
		}
		if r.JSON200.NextCursor.IsNull() {
			break
		}
		cursor = ptr(r.JSON200.NextCursor.MustGet())
	}
	reading := time.Since(started)
	started = time.Now()
	r, err := p.World.HR.CompleteStepsInBulkWithResponse(t.Context(), nil, body)
	apitest.OK(t, r, err)
	t.Logf("%d years: the queue in %v, completed in %v", len(body.Items), reading, time.Since(started))
	require.Equal(t, http.StatusOK, r.StatusCode())
	require.Equal(t, len(body.Items), r.JSON200.Succeeded)
	require.Less(t, time.Since(started), 30*time.Second, "far more than the machine is busy with")
	d, err := p.World.HR.GetModerationDistributionWithResponse(t.Context(), nil)
	apitest.OK(t, d, err)
	require.True(t, d.JSON200.People.MustGet() == 0 && len(d.JSON200.Rows) == 0, "nobody is rated here")
}
