package httpapi_test

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// hearing is one stage before the head, in JSON; the head took no part in what is appealed against.
const hearing = `[{"code":"first","label":"First hearing","party":"head","lodge_days":10,"decide_days":20,"in":"working_days"}]`

func init() {
	const stated = `{"outcome":{"chain":[{"code":"state","label":"Statement","order":1,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true}]}}`
	leafTables["appeals"] = []leafRow{
		{path: "appeals.pay", a: `[]`, b: hearing, under: stated, probe: func(p *apitest.Process) string { return appealed(p, "pay", "2027-08-10") }, wantA: "no_appeal_here", wantB: "ok"},
		{path: "appeals.statement", a: `[]`, b: hearing, under: stated, probe: func(p *apitest.Process) string { return appealed(p, "statement", "2027-08-10") }, wantA: "no_appeal_here", wantB: "ok"},
		{path: "appeals.grounds", a: `[]`, b: `[{"code":"facts","label":"The facts are wrong"}]`, under: stated,
			probe: func(p *apitest.Process) string { return appealed(p, "pay", "2027-08-10") }, wantA: "ok", wantB: "ground_required"},
		{path: "appeals.remedies", a: `["stands"]`, b: `["stands","amended"]`, under: stated, probe: amendingStatement, wantA: "remedy_not_here", wantB: "ok"},
		{path: "appeals.late_by", a: `"none"`, b: `"hr"`, under: stated, probe: func(p *apitest.Process) string { return appealed(p, "pay", "2027-09-01") }, wantA: "too_late", wantB: "ok"},
	}
}

// appealed is what comes of Ada's appeal on a day, after Ben has stated on 2 August that her year was met.
func appealed(p *apitest.Process, against, on string) string {
	p.T.Helper()
	state(p)
	p.On(on)
	r, err := lodge(p, "ada", against, api.LodgeAppeal{LateReason: ptr("I was away.")})
	return said(p, r, err)
}

// lodge has somebody appeal against Ada's pay or statement.
func lodge(p *apitest.Process, who, against string, body api.LodgeAppeal) (*client.LodgeAppealResponse, error) {
	p.T.Helper()
	body.Against = api.LodgeAppealAgainst(against)
	if body.Text == "" {
		body.Text = "My spring term was not weighed."
	}
	return p.As(who).LodgeAppealWithResponse(p.T.Context(), p.Appraisal("ada").ID, nil, body)
}

// amendingStatement is what comes of the head's proposal of an amendment.
func amendingStatement(p *apitest.Process) string {
	p.T.Helper()
	state(p)
	l, err := lodge(p, "ada", "statement", api.LodgeAppeal{})
	apitest.OK(p.T, l, err)
	r, err := decideAppeal(p, "cho", l.JSON201.ID, 1, api.DecideAppeal{Result: "amended", Reason: "It was left out.", Amendment: ptr("The spring term is weighed as well.")})
	return said(p, r, err)
}

func decideAppeal(p *apitest.Process, who string, id uuid.UUID, version int, body api.DecideAppeal) (*client.DecideAppealResponse, error) {
	return p.As(who).DecideAppealWithResponse(p.T.Context(), id, &api.DecideAppealParams{IfMatch: etag(version)}, body)
}
