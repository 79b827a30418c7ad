package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// proposes is what somebody proposes for the school of a process.
func proposes(t *testing.T, p *apitest.Process, who string, rules map[string]any) *api.PolicyOverride {
	t.Helper()
	r, err := p.As(who).CreatePolicyOverrideWithResponse(t.Context(), nil, api.CreatePolicyOverride{PolicyID: p.PolicyID, UnitID: p.School, Rules: rules})
	apitest.OK(t, r, err)
	require.Equal(t, "/v1/policy-overrides/"+r.JSON201.ID.String(), r.HTTPResponse.Header.Get("Location"))
	return r.JSON201
}

func mayNow(list []api.AllowedAction) []string {
	var out []string
	for _, a := range list {
		if a.Allowed {
			out = append(out, a.Action)
		}
	}
	return out
}

var noBank = map[string]any{"objectives": map[string]any{"bank": false}}

func TestSchoolSwitchesAModuleOffByAProposalThatHRAccepts(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	mine := proposes(t, p, "cho", map[string]any{"modules": map[string]any{"on": []string{"meetings"}}})
	assert.Equal(t, api.PolicyOverrideStatusProposed, mine.Status)
	assert.Equal(t, p.As("cho").ID, mine.ProposedBy)
	assert.Equal(t, []string{"update", "withdraw"}, mayNow(mine.AllowedActions))
	require.False(t, mine.Findings.IsNull(), "what is found in the draft with it comes along")

	revised, err := p.As("cho").UpdatePolicyOverrideWithResponse(t.Context(), mine.ID, &api.UpdatePolicyOverrideParams{IfMatch: `"1"`}, api.UpdatePolicyOverride{Rules: map[string]any{
		"modules": map[string]any{"on": []string{"meetings", "evidence"}}, "objectives": map[string]any{"bank": false}}})
	apitest.OK(t, revised, err)
	stale, err := p.As("hr").AcceptPolicyOverrideWithResponse(t.Context(), mine.ID, &api.AcceptPolicyOverrideParams{IfMatch: `"1"`})
	apitest.Refused(t, stale, err, 412, "stale_version")
	hers, err := p.As("cho").AcceptPolicyOverrideWithResponse(t.Context(), mine.ID, &api.AcceptPolicyOverrideParams{IfMatch: `"2"`})
	apitest.Refused(t, hers, err, 403, "role_not_admitted")

	accepted, err := p.As("hr").AcceptPolicyOverrideWithResponse(t.Context(), mine.ID, &api.AcceptPolicyOverrideParams{IfMatch: `"2"`})
	apitest.OK(t, accepted, err)
	assert.Equal(t, api.PolicyOverrideStatusAccepted, accepted.JSON200.Status)
	assert.Equal(t, p.As("hr").ID, accepted.JSON200.DecidedBy.MustGet())
	assert.True(t, accepted.JSON200.Findings.IsNull())
	assert.Empty(t, mayNow(accepted.JSON200.AllowedActions))

	draft, err := p.As("hr").GetPolicyWithResponse(t.Context(), p.PolicyID)
	apitest.OK(t, draft, err)
	layer := draft.JSON200.Draft["schools"].(map[string]any)[p.School.String()].(map[string]any)["rules"]
	assert.Equal(t, map[string]any{"modules": map[string]any{"on": []any{"meetings", "evidence"}}, "objectives": map[string]any{"bank": false}}, layer)
	v, err := p.As("hr").PublishPolicyWithResponse(t.Context(), p.PolicyID, &api.PublishPolicyParams{IfMatch: draft.HTTPResponse.Header.Get("ETag")})
	apitest.OK(t, v, err)
	values, err := p.As("ada").GetPolicyValuesWithResponse(t.Context(), v.JSON201.ID, &api.GetPolicyValuesParams{UnitID: &p.School})
	apitest.OK(t, values, err)
	for _, l := range values.JSON200.Items {
		if l.Path == "modules.on" {
			assert.Equal(t, []any{"meetings", "evidence"}, l.Value.MustGet())
			assert.Equal(t, api.LeafValueOriginSchool, l.Origin)
		}
	}
	again, err := p.As("cho").WithdrawPolicyOverrideWithResponse(t.Context(), mine.ID, &api.WithdrawPolicyOverrideParams{IfMatch: `"3"`})
	apitest.Refused(t, again, err, 409, "wrong_status")
}

func TestProposalIsHeldToWhatASchoolMaySet(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	refused := func(who string, body api.CreatePolicyOverride, status int, code string) []string {
		t.Helper()
		r, err := p.As(who).CreatePolicyOverrideWithResponse(t.Context(), nil, body)
		return violationsAt(apitest.Refused(t, r, err, status, code).Problem)
	}
	of := func(rules map[string]any) api.CreatePolicyOverride {
		return api.CreatePolicyOverride{PolicyID: p.PolicyID, UnitID: p.School, Rules: rules}
	}
	assert.Equal(t, []string{"/rules/objectives/bank type", "/rules/objectives/reapprove scope", "/rules/rating unknown"},
		refused("cho", of(map[string]any{"objectives": map[string]any{"reapprove": false, "bank": "no"}, "rating": map[string]any{}}), 422, "not_a_school_layer"))
	assert.Equal(t, []string{"/rules empty"}, refused("cho", of(map[string]any{"objectives": map[string]any{}}), 422, "not_a_school_layer"))
	refused("ada", of(noBank), 403, "role_not_admitted")
	elsewhere, nowhere, nothing := of(noBank), of(noBank), of(noBank)
	elsewhere.UnitID, nowhere.UnitID, nothing.PolicyID = p.Root, uuid.New(), uuid.New()
	refused("cho", elsewhere, 403, "out_of_reach")
	assert.Equal(t, []string{"/unit_id unknown_unit"}, refused("hr", nowhere, 422, "unknown_unit"))
	assert.Equal(t, []string{"/policy_id unknown_policy"}, refused("hr", nothing, 422, "unknown_policy"))
}

func TestHRDeclinesAProposalWithAReasonAndSeesWhatWaits(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	first, second := proposes(t, p, "cho", noBank), proposes(t, p, "hr", noBank)
	assert.Equal(t, 2, waitingFor(t, p, "hr", "decide_policy_overrides").Count)

	blank, err := p.As("hr").RejectPolicyOverrideWithResponse(t.Context(), first.ID, &api.RejectPolicyOverrideParams{IfMatch: `"1"`}, api.RejectPolicyOverride{Reason: "  "})
	apitest.Refused(t, blank, err, 422, "required")
	rejected, err := p.As("hr").RejectPolicyOverrideWithResponse(t.Context(), first.ID, &api.RejectPolicyOverrideParams{IfMatch: `"1"`}, api.RejectPolicyOverride{Reason: "The bank is for all schools."})
	apitest.OK(t, rejected, err)
	assert.Equal(t, "The bank is for all schools.", rejected.JSON200.Reason.MustGet())
	withdrawn, err := p.As("cho").WithdrawPolicyOverrideWithResponse(t.Context(), second.ID, &api.WithdrawPolicyOverrideParams{IfMatch: `"1"`})
	apitest.OK(t, withdrawn, err)
	assert.Nil(t, waitingFor(t, p, "hr", "decide_policy_overrides"))

	status := api.ListPolicyOverridesParamsStatusRejected
	list, err := p.As("cho").ListPolicyOverridesWithResponse(t.Context(), &api.ListPolicyOverridesParams{PolicyID: &p.PolicyID, UnitID: &p.School, Status: &status})
	apitest.OK(t, list, err)
	require.Len(t, list.JSON200.Items, 1)
	assert.Equal(t, first.ID, list.JSON200.Items[0].ID)
	one := 1
	page, err := p.As("cho").ListPolicyOverridesWithResponse(t.Context(), &api.ListPolicyOverridesParams{Limit: &one})
	apitest.OK(t, page, err)
	assert.False(t, page.JSON200.NextCursor.IsNull())
	other := apitest.NewWorld(t, "2026-09-01")
	theirs, err := other.HR.GetPolicyOverrideWithResponse(t.Context(), first.ID)
	apitest.Refused(t, theirs, err, 404, "not_found")
	read, err := p.As("cho").GetPolicyOverrideWithResponse(t.Context(), first.ID)
	apitest.OK(t, read, err)
	assert.Equal(t, api.PolicyOverrideStatusRejected, read.JSON200.Status)
}

// waitingFor is what somebody is shown first of a kind, or nil.
func waitingFor(t *testing.T, p *apitest.Process, who, kind string) *api.Waiting {
	t.Helper()
	me, err := p.As(who).GetMeWithResponse(t.Context())
	apitest.OK(t, me, err)
	for i, w := range me.JSON200.Waiting {
		if w.Kind == kind {
			return &me.JSON200.Waiting[i]
		}
	}
	return nil
}
