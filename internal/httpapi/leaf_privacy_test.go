package httpapi_test

import (
	"errors"
	"strconv"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func init() {
	const forQuality = `{"privacy":{"purposes":["quality_assurance"],"grant_days":30}}`
	leafTables["privacy"] = []leafRow{
		{path: "privacy.purposes", a: `["quality_assurance"]`, b: `["partnership_link"]`, probe: letsIn("hr"), wantA: "201", wantB: "privacy.purposes"},
		{path: "privacy.granted_by", a: `["hr"]`, b: `["head"]`, under: forQuality, probe: letsIn("hr"), wantA: "201", wantB: "privacy.granted_by"},
		{path: "privacy.grant_days", a: `15`, b: `14`, under: forQuality, probe: letsIn("hr"), wantA: "201", wantB: "privacy.grant_days"},
		{path: "privacy.breach", a: `true`, b: `false`, probe: reportsBreach, wantA: "201", wantB: "privacy.breach"},
	}
}

// letsIn says whether somebody may let a governor read for fifteen days, or which rule is against it.
func letsIn(who string) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		p.T.Helper()
		r, err := p.As(who).CreateAccessGrantWithResponse(p.T.Context(), nil, grantTo(p, p.As("fay").ID, "2026-09-15"))
		return citedOr(p, r, err)
	}
}

func reportsBreach(p *apitest.Process) string {
	p.T.Helper()
	ada := p.As("ada")
	r, err := ada.ReportBreachWithResponse(p.T.Context(), nil, api.ReportBreach{PersonID: ada.ID, WhatHappened: "Left on the copier.", DiscoveredOn: day("2026-09-01")})
	return citedOr(p, r, err)
}

// citedOr is the rule that refused, or the status.
func citedOr(p *apitest.Process, r client.Answer, err error) string {
	p.T.Helper()
	require.NoError(p.T, err)
	var refused *client.ProblemError
	if errors.As(client.Check(r), &refused) && len(refused.Refusals) > 0 && !refused.Refusals[0].Policy.IsNull() {
		return refused.Refusals[0].Policy.MustGet().Parameter
	}
	return strconv.Itoa(r.StatusCode())
}
