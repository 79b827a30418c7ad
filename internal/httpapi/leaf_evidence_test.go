package httpapi_test

import (
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// evidenceAnswer is an answer in a word: its code, or done.
func evidenceAnswer(p *apitest.Process, r client.Answer, err error) string {
	p.T.Helper()
	require.NoError(p.T, err)
	if err := client.Check(r); err != nil {
		problem, ok := err.(*client.ProblemError)
		require.True(p.T, ok, err)
		return problem.Code
	}
	return "done"
}

func init() {
	leafTables["evidence"] = []leafRow{
		{path: "evidence.kinds", a: `[{"code": "note", "label": "Note", "form": "note"}]`, b: `[]`, wantA: "done", wantB: "no_evidence_kept",
			probe: func(w *apitest.Process) string {
				p := portfolioOf(w)
				r, err := p.add("ada", p.note())
				return evidenceAnswer(w, r, err)
			}},
		{path: "evidence.expectation", a: `"required"`, b: `"discouraged"`, wantA: "evidence_required, then done; said: required", wantB: "done; said: discouraged",
			probe: func(w *apitest.Process) string { return portfolioOf(w).completed() }},
		{path: "evidence.max_mb", a: `1`, b: `2`, wantA: "document_too_large", wantB: "done",
			probe: func(w *apitest.Process) string {
				r, err := portfolioOf(w).upload("ada", "a.txt", strings.Repeat("a", 1<<20+1))
				return evidenceAnswer(w, r, err)
			}},
		{path: "evidence.max_items", a: `1`, b: `2`, wantA: "too_much_evidence", wantB: "done",
			probe: func(w *apitest.Process) string {
				p := portfolioOf(w)
				p.added("ada", p.note())
				r, err := p.add("ben", p.note())
				return evidenceAnswer(w, r, err)
			}},
	}
}

// completed agrees the objective and completes it, with evidence where that is asked for.
func (p *portfolio) completed() string {
	p.T.Helper()
	ctx, ada := p.T.Context(), p.As("ada")
	tag := func() string {
		o, err := ada.GetObjectiveWithResponse(ctx, p.objective)
		apitest.OK(p.T, o, err)
		return o.HTTPResponse.Header.Get("ETag")
	}
	proposed, err := ada.ProposeObjectiveWithResponse(ctx, p.objective, &api.ProposeObjectiveParams{IfMatch: tag()}, api.ProposeObjective{})
	apitest.OK(p.T, proposed, err)
	approved, err := p.As("ben").ApproveObjectiveWithResponse(ctx, p.objective, &api.ApproveObjectiveParams{IfMatch: tag()})
	apitest.OK(p.T, approved, err)
	try := func() string {
		r, err := ada.CompleteObjectiveWithResponse(ctx, p.objective, &api.CompleteObjectiveParams{IfMatch: tag()}, api.CompleteObjective{})
		return evidenceAnswer(p.Process, r, err)
	}
	said := try()
	if said == "evidence_required" {
		p.added("ada", p.note())
		said += ", then " + try()
	}
	return said + "; said: " + string(p.listed("ada").Guide.Expectation)
}
