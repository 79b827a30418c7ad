package httpapi_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// excluding is the model policy with two rules: who is on probation is out unless head or HR take
// them in, and who is in induction is out unless HR does.
func excluding() map[string]any {
	return map[string]any{"schema": 1, "rules": map[string]any{"population": map[string]any{"exclusions": []any{
		map[string]any{"code": "probation", "label": "On probation", "when": map[string]any{"fact": "on_probation", "op": "is", "value": true},
			"effect": "exclude", "until": "probation_ends_on", "may_include": []any{"head", "hr"}},
		map[string]any{"code": "induction", "label": "In induction", "when": map[string]any{"fact": "in_induction", "op": "is", "value": true},
			"effect": "exclude", "until": "induction_ends_on"},
	}}}}
}

func newExcluding(t *testing.T) *apitest.Process {
	t.Helper()
	return apitest.NewProcess(t, apitest.ProcessSetup{Document: excluding(), Post: func(key string, post *api.CreatePost) {
		switch key {
		case "ada":
			post.ProbationEndsOn = ptr(apitest.Day("2026-12-01"))
		case "dov":
			post.InductionStartsOn, post.InductionEndsOn = ptr(apitest.Day("2026-09-01")), ptr(apitest.Day("2027-01-10"))
		}
	}})
}

func include(p *apitest.Process, by string, post uuid.UUID, reason string) (*client.IncludeAppraisalResponse, error) {
	return p.As(by).IncludeAppraisalWithResponse(p.T.Context(), p.CycleID, nil, api.DecideEnrolment{PostID: post, Reason: reason})
}

func exclude(p *apitest.Process, by string, post uuid.UUID) (*client.ExcludeAppraisalResponse, error) {
	return p.As(by).ExcludeAppraisalWithResponse(p.T.Context(), p.CycleID, nil, api.DecideEnrolment{PostID: post, Reason: "Agreed with them."})
}

func TestAHeadIncludesAndExcludesOnlyWhomARuleLetsThem(t *testing.T) {
	t.Parallel()
	p := newExcluding(t)
	ada, dov := p.Posts["ada"], p.Posts["dov"]
	require.Equal(t, "probation", inOrOut(placeOf(p, ada)))
	r, err := include(p, "cho", dov, "She asked for it.")
	require.Equal(t, "403 not_your_act population.exclusions[1].may_include", refusalOf(p, r, err))
	r, err = include(p, "cho", p.Posts["eve"], "Out of reach.")
	apitest.Refused(t, r, err, 422, "unknown_post")
	r, err = include(p, "ben", ada, "No head.")
	apitest.Refused(t, r, err, 403, "role_not_admitted")
	r, err = include(p, "cho", ada, " ")
	apitest.Refused(t, r, err, 422, "blank")
	r, err = include(p, "cho", ada, "Asked to take part from the start.")
	apitest.OK(t, r, err)
	require.True(t, r.JSON200.Included)
	require.False(t, r.JSON200.Already, "the next enrolment gives the appraisal")
	require.Equal(t, "Ben Reed", reviewing(*r.JSON200))
	require.Equal(t, 1, enrol(t, p.World.HR.ClientWithResponses, p.CycleID).Created)
	r, err = include(p, "cho", ada, "Once more.")
	apitest.Refused(t, r, err, 409, "already_in")

	// Taken out again the year ends, and taken in again the same one goes on.
	first := p.Appraisal("ada")
	x, err := exclude(p, "cho", ada)
	apitest.OK(t, x, err)
	require.Equal(t, "decided_by_hr", inOrOut(*x.JSON200))
	require.Equal(t, api.AppraisalStatusEnded, p.Appraisal("ada").Status)
	require.Equal(t, 0, enrol(t, p.World.HR.ClientWithResponses, p.CycleID).Created)
	r, err = include(p, "hr", ada, "A misunderstanding.")
	apitest.OK(t, r, err)
	require.Equal(t, 1, enrol(t, p.World.HR.ClientWithResponses, p.CycleID).Created)
	again := p.Appraisal("ada")
	require.Equal(t, first.ID, again.ID)
	require.Equal(t, api.AppraisalStatusOpen, again.Status)
	require.Equal(t, []string{"ben review lead"}, sitting(p, again, "2026-09-01"))

	// Nobody but HR leaves out whom no rule concerns, and nobody takes back what was released.
	x, err = exclude(p, "cho", p.Posts["ben"])
	require.Equal(t, "403 not_your_act", refusalOf(p, x, err))
	sqlOf(p, "update appraisals set stage = 'released' where trust_id = $1 and post_id = $2", p.Trust, p.Posts["ben"])
	x, err = exclude(p, "hr", p.Posts["ben"])
	apitest.Refused(t, x, err, 409, "already_released")
	other := apitest.NewWorld(t, "2026-09-01")
	foreign, err := other.HR.IncludeAppraisalWithResponse(t.Context(), p.CycleID, nil, api.DecideEnrolment{PostID: ada, Reason: "Not ours."})
	apitest.Refused(t, foreign, err, 404, "not_found")
	require.Zero(t, countOf(p, "select count(*) from events where trust_id = $1 and body like '%misunderstanding%'", p.Trust), "reasons stay out of events")
}

// sqlOf changes rows as the operator would.
func sqlOf(p *apitest.Process, statement string, args ...any) {
	p.T.Helper()
	withSQL(p, func(ctx context.Context, c *pgx.Conn) error { _, err := c.Exec(ctx, statement, args...); return err })
}

func countOf(p *apitest.Process, query string, args ...any) (n int) {
	p.T.Helper()
	withSQL(p, func(ctx context.Context, c *pgx.Conn) error { return c.QueryRow(ctx, query, args...).Scan(&n) })
	return n
}

func withSQL(p *apitest.Process, do func(context.Context, *pgx.Conn) error) {
	p.T.Helper()
	c, err := pgx.Connect(p.T.Context(), p.World.Stack.AdminURL)
	require.NoError(p.T, err)
	defer func() { _ = c.Close(p.T.Context()) }()
	require.NoError(p.T, do(p.T.Context(), c))
}

func TestHRIsShownWhoseExclusionHasEnded(t *testing.T) {
	t.Parallel()
	p := newExcluding(t)
	require.NotContains(t, waits(t, p.World.HR), "enrol_people")
	p.On("2026-12-01") // the day on which ada's probation is over
	require.Equal(t, 1, waits(t, p.World.HR)["enrol_people"].Count)
	p.On("2027-01-10")
	require.Equal(t, 2, waits(t, p.World.HR)["enrol_people"].Count, "and dov's induction")
	require.Equal(t, 2, enrol(t, p.World.HR.ClientWithResponses, p.CycleID).Created)
	require.NotContains(t, waits(t, p.World.HR), "enrol_people")
}

func TestAnAppraisalIsTakenAlongToAnotherUnit(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{})
	cove := unitOf(p, "Cove School")
	a := p.Appraisal("ada")
	move := func(by string, version int) (*client.MoveAppraisalResponse, error) {
		return p.As(by).MoveAppraisalWithResponse(t.Context(), a.ID, &api.MoveAppraisalParams{IfMatch: etag(version)})
	}
	r, err := move("hr", a.Version)
	apitest.Refused(t, r, err, 409, "already_there")
	post, err := p.World.HR.GetPostWithResponse(t.Context(), p.Posts["ada"])
	apitest.OK(t, post, err)
	moved, err := p.World.HR.UpdatePostWithApplicationMergePatchPlusJSONBodyWithResponse(t.Context(), p.Posts["ada"], &api.UpdatePostParams{IfMatch: etag(post.JSON200.Version)}, api.UpdatePost{UnitID: &cove})
	apitest.OK(t, moved, err)
	require.Equal(t, p.School, p.Appraisal("ada").UnitID, "the year stays where it was until HR moves it")
	require.Equal(t, 1, waits(t, p.World.HR)["move_appraisals"].Count)
	r, err = move("cho", a.Version)
	apitest.Refused(t, r, err, 403, "role_not_admitted")
	r, err = move("hr", a.Version+1)
	apitest.Refused(t, r, err, 412, "stale_version")
	r, err = move("hr", a.Version)
	apitest.OK(t, r, err)
	require.Equal(t, cove, r.JSON200.UnitID)
	require.Equal(t, []string{"ben review lead"}, sitting(p, *r.JSON200, "2026-09-01"))
	require.NotContains(t, waits(t, p.World.HR), "move_appraisals")
	gone, err := p.As("cho").GetAppraisalWithResponse(t.Context(), a.ID, nil)
	apitest.Refused(t, gone, err, 404, "not_found")
	kept, err := p.As("ben").GetAppraisalWithResponse(t.Context(), a.ID, nil)
	apitest.OK(t, kept, err)
}

// unitOf adds a school to a process.
func unitOf(p *apitest.Process, name string) uuid.UUID {
	p.T.Helper()
	u, err := p.World.HR.CreateUnitWithResponse(p.T.Context(), nil, api.CreateUnit{ParentID: p.Root, Kind: "school", Name: name})
	apitest.OK(p.T, u, err)
	return u.JSON201.ID
}

func TestTagsOfAPostAreSetChangedAndImported(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true, Post: func(_ string, post *api.CreatePost) { post.Tags = []string{"mentor", "coaching_qualified", "mentor"} }})
	post, err := p.World.HR.GetPostWithResponse(t.Context(), p.Posts["ada"])
	apitest.OK(t, post, err)
	require.Equal(t, []string{"coaching_qualified", "mentor"}, post.JSON200.Tags)
	cleared, err := p.World.HR.UpdatePostWithBodyWithResponse(t.Context(), p.Posts["ada"], &api.UpdatePostParams{IfMatch: etag(post.JSON200.Version)}, "application/merge-patch+json", jsonBody(`{"tags":null}`))
	apitest.OK(t, cleared, err)
	require.Empty(t, cleared.JSON200.Tags)
	bad, err := p.World.HR.UpdatePostWithBodyWithResponse(t.Context(), p.Posts["ada"], &api.UpdatePostParams{IfMatch: etag(cleared.JSON200.Version)}, "application/merge-patch+json", jsonBody(`{"tags":["Not A Code"]}`))
	require.Equal(t, []string{"/tags/0 pattern"}, violationsAt(refusedWith(t, bad, err, 422, "invalid_request")))

	file := "email,forename,surname,school,job title,tags\nada@" + p.Slug + ".example,Ada,Finch,Harbour School,Teacher of science,Coaching qualified; mentor\n"
	plan, err := p.World.HR.CreateImportWithBodyWithResponse(t.Context(), nil, "text/csv", jsonBody(file))
	apitest.OK(t, plan, err)
	applied, err := p.World.HR.ApplyImportWithResponse(t.Context(), plan.JSON201.ID, &api.ApplyImportParams{IfMatch: etag(plan.JSON201.Version)}, api.ApplyImport{})
	apitest.OK(t, applied, err)
	post, err = p.World.HR.GetPostWithResponse(t.Context(), p.Posts["ada"])
	apitest.OK(t, post, err)
	require.Equal(t, []string{"coaching_qualified", "mentor"}, post.JSON200.Tags)
}
