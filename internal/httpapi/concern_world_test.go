package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// worries is a small trust in which there is a concern about Ada's work, whom Ben reviews and Cho heads.
type worries struct {
	*apitest.Process
	t         *testing.T
	appraisal uuid.UUID // Ada's
}

// concernRules is a policy document with these rules of concerns.
func concernRules(rules map[string]any) map[string]any {
	return map[string]any{"schema": 1, "profile": "model", "rules": map[string]any{"concern": rules}}
}

func newWorries(t *testing.T, rules map[string]any) *worries {
	t.Helper()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: concernRules(rules)})
	return &worries{Process: p, t: t, appraisal: p.Appraisal("ada").ID}
}

// saidOfConcern is what the record of a concern says, whole by the model policy.
var saidOfConcern = []api.ConcernContent{{Code: "nature", Text: "Marking is late."}, {Code: "right_to_comment", Text: "You may answer."}, {Code: "support", Text: "A colleague helps."},
	{Code: "review_how_when", Text: "Every second week."}, {Code: "consequences", Text: "Monitoring follows."}}

func raiseConcern(p *apitest.Process, who string, formal, serious bool) (*client.RaiseConcernResponse, error) {
	stage := api.RaiseConcernStage("informal")
	if formal {
		stage = "formal"
	}
	return p.As(who).RaiseConcernWithResponse(p.T.Context(), nil, api.RaiseConcern{AppraisalID: p.Appraisal("ada").ID, Stage: stage, Serious: serious, Contents: saidOfConcern})
}

// concern is a concern as somebody sees it now.
func concern(p *apitest.Process, who string, id uuid.UUID) api.Concern {
	p.T.Helper()
	r, err := p.As(who).GetConcernWithResponse(p.T.Context(), id)
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

func confirmConcern(p *apitest.Process, who string, c api.Concern) (*client.ConfirmConcernResponse, error) {
	return p.As(who).ConfirmConcernWithResponse(p.T.Context(), c.ID, &api.ConfirmConcernParams{IfMatch: etag(c.Version)})
}

func logMeeting(p *apitest.Process, who string, c api.Concern, companion *bool) (*client.LogConcernContactResponse, error) {
	day := openapi_types.Date{Time: c.RaisedOn.Time}
	return p.As(who).LogConcernContactWithResponse(p.T.Context(), c.ID, &api.LogConcernContactParams{IfMatch: etag(c.Version)},
		api.LogConcernContact{HeldOn: day, Kind: "meeting", Text: "We spoke about it.", CompanionPresent: companion})
}

func startMonitoring(p *apitest.Process, who string, c api.Concern, body api.StartMonitoring) (*client.StartMonitoringResponse, error) {
	return p.As(who).StartMonitoringWithResponse(p.T.Context(), c.ID, &api.StartMonitoringParams{IfMatch: etag(c.Version)}, body)
}

func extendMonitoring(p *apitest.Process, who string, c api.Concern, body api.ExtendMonitoring) (*client.ExtendMonitoringResponse, error) {
	return p.As(who).ExtendMonitoringWithResponse(p.T.Context(), c.ID, &api.ExtendMonitoringParams{IfMatch: etag(c.Version)}, body)
}

func reviewMonitoring(p *apitest.Process, who string, c api.Concern, on, progress string) (*client.ReviewMonitoringResponse, error) {
	return p.As(who).ReviewMonitoringWithResponse(p.T.Context(), c.ID, &api.ReviewMonitoringParams{IfMatch: etag(c.Version)},
		api.ReviewMonitoring{HeldOn: date(on), Progress: api.ReviewMonitoringProgress(progress), Text: "Seen in the books."})
}

func closeConcern(p *apitest.Process, who string, c api.Concern, outcome string) (*client.CloseConcernResponse, error) {
	return p.As(who).CloseConcernWithResponse(p.T.Context(), c.ID, &api.CloseConcernParams{IfMatch: etag(c.Version)}, api.CloseConcern{Outcome: api.CloseConcernOutcome(outcome), Text: "So it ended."})
}

func commentOnConcern(p *apitest.Process, who string, c api.Concern, text string) (*client.CommentOnConcernResponse, error) {
	return p.As(who).CommentOnConcernWithResponse(p.T.Context(), c.ID, &api.CommentOnConcernParams{IfMatch: etag(c.Version)}, api.CommentOnConcern{Text: text})
}

func moveToCapability(p *apitest.Process, who string, c api.Concern, body api.MoveToCapability) (*client.MoveToCapabilityResponse, error) {
	return p.As(who).MoveToCapabilityWithResponse(p.T.Context(), c.ID, &api.MoveToCapabilityParams{IfMatch: etag(c.Version)}, body)
}

func handOverConcern(p *apitest.Process, who string, c api.Concern, to string) (*client.HandOverConcernResponse, error) {
	return p.As(who).HandOverConcernWithResponse(p.T.Context(), c.ID, &api.HandOverConcernParams{IfMatch: etag(c.Version)}, api.HandOverConcern{HolderID: p.As(to).ID})
}

// notice is a move to a capability process with all that it needs.
func notice(p *apitest.Process, on string) api.MoveToCapability {
	return api.MoveToCapability{Reason: "It has not changed.", NoticeOn: ptr(date(on)), Notice: ptr("You were told.")}
}

// confirmedConcern is a serious concern about Ada that Ben has confirmed today.
func confirmedConcern(p *apitest.Process, serious bool) api.Concern {
	p.T.Helper()
	r, err := raiseConcern(p, "ben", serious, serious)
	apitest.OK(p.T, r, err)
	c := *r.JSON201
	if !serious {
		f, err := p.As("ben").MakeConcernFormalWithResponse(p.T.Context(), c.ID, &api.MakeConcernFormalParams{IfMatch: etag(c.Version)})
		apitest.OK(p.T, f, err)
		c = *f.JSON200
	}
	l, err := logMeeting(p, "ben", c, ptr(false))
	apitest.OK(p.T, l, err)
	k, err := confirmConcern(p, "ben", *l.JSON200)
	apitest.OK(p.T, k, err)
	return *k.JSON200
}

// monitoredConcern is a concern about Ada that is monitored for so many weeks from today.
func monitoredConcern(p *apitest.Process, weeks int) api.Concern {
	p.T.Helper()
	c := confirmedConcern(p, false)
	m, err := startMonitoring(p, "ben", c, api.StartMonitoring{StartsOn: c.RaisedOn, Weeks: weeks})
	apitest.OK(p.T, m, err)
	return *m.JSON200
}

// citedBy is the parameter that the refusal with the code cites.
func citedBy(t *testing.T, e *client.ProblemError, code string) string {
	t.Helper()
	for _, r := range e.Refusals {
		if r.Code == code {
			return r.Policy.MustGet().Parameter
		}
	}
	require.Fail(t, "no such refusal", "%s in %s", code, e.Error())
	return ""
}

// waitsFor says whether something of the kind waits for somebody.
func waitsFor(p *apitest.Process, who, kind string) bool {
	p.T.Helper()
	me, err := p.As(who).GetMeWithResponse(p.T.Context())
	apitest.OK(p.T, me, err)
	for _, w := range me.JSON200.Waiting {
		if string(w.Kind) == kind {
			return true
		}
	}
	return false
}

// mayDo says whether an action on a concern is open to whoever read it.
func mayDo(t *testing.T, c api.Concern, action string) bool {
	t.Helper()
	for _, a := range c.AllowedActions {
		if a.Action == action {
			return a.Allowed
		}
	}
	require.Fail(t, "no such action", action)
	return false
}

func decideTransferred(p *apitest.Process, who, progression string) (*client.DecidePayOfTransferredResponse, error) {
	return p.As(who).DecidePayOfTransferredWithResponse(p.T.Context(), p.Appraisal("ada").ID, nil, api.PayChoice{Progression: api.PayChoiceProgression(progression), Reason: ptr("A capability process goes on.")})
}
