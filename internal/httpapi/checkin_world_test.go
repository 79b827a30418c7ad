package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// fortnight is Brightwater's year on the day on which the first check-in window opens.
type fortnight struct {
	*apitest.Year
	t         *testing.T
	appraisal uuid.UUID // Tom's
}

func newFortnight(t *testing.T) *fortnight {
	t.Helper()
	y := apitest.NewYear(t)
	y.On("2026-10-30")
	return &fortnight{Year: y, t: t, appraisal: y.Appraisal(tom).ID}
}

// reflected answers one group of the check-in form, which is enough where groups alternate.
func reflected(text string) map[string]any {
	return map[string]any{"went_well": text, "even_better_if": "More time for pairs.", "whats_next": "A second text."}
}

func (f *fortnight) objective(slot, title string) uuid.UUID {
	f.t.Helper()
	r, err := f.As(tom).CreateObjectiveWithResponse(f.t.Context(), nil, api.CreateObjective{AppraisalID: f.appraisal, Slot: slot,
		Content: api.ObjectiveContent{Title: title, Text: title, Criteria: []api.Item{}, Actions: []api.Action{}, Checklist: map[string]bool{"link": true}}})
	apitest.OK(f.t, r, err)
	return r.JSON201.ID
}

// begin starts Tom's check-in of the window, counted from 1.
func (f *fortnight) begin(n int) (*client.StartCheckInResponse, error) {
	return f.As(tom).StartCheckInWithResponse(f.t.Context(), nil, api.StartCheckIn{AppraisalID: f.appraisal, WindowID: f.Windows[n-1].ID})
}

func (f *fortnight) started(n int) api.CheckIn {
	f.t.Helper()
	r, err := f.begin(n)
	apitest.OK(f.t, r, err)
	return *r.JSON201
}

func (f *fortnight) write(k api.CheckIn, answers map[string]any) (*client.SaveCheckInResponse, error) {
	return f.As(tom).SaveCheckInWithResponse(f.t.Context(), k.ID, &api.SaveCheckInParams{IfMatch: etag(k.Version)}, api.SaveCheckIn{Answers: answers})
}

func (f *fortnight) written(k api.CheckIn, answers map[string]any) api.CheckIn {
	f.t.Helper()
	r, err := f.write(k, answers)
	apitest.OK(f.t, r, err)
	return *r.JSON200
}

func (f *fortnight) submit(k api.CheckIn) (*client.SubmitCheckInResponse, error) {
	return f.As(tom).SubmitCheckInWithResponse(f.t.Context(), k.ID, &api.SubmitCheckInParams{IfMatch: etag(k.Version)})
}

// sent starts, writes and sends Tom's check-in of a window.
func (f *fortnight) sent(n int, answers map[string]any) api.CheckIn {
	f.t.Helper()
	r, err := f.submit(f.written(f.started(n), answers))
	apitest.OK(f.t, r, err)
	return *r.JSON200
}

func (f *fortnight) respond(who string, k api.CheckIn, comments ...api.CheckInComment) (*client.RespondToCheckInResponse, error) {
	return f.As(who).RespondToCheckInWithResponse(f.t.Context(), k.ID, &api.RespondToCheckInParams{IfMatch: etag(k.Version)},
		api.RespondToCheckIn{Comments: append([]api.CheckInComment{}, comments...)})
}

func (f *fortnight) checkIns(c *client.ClientWithResponses, q api.ListCheckInsParams) []api.CheckIn {
	f.t.Helper()
	var all []api.CheckIn
	for {
		r, err := c.ListCheckInsWithResponse(f.t.Context(), &q)
		apitest.OK(f.t, r, err)
		all = append(all, r.JSON200.Items...)
		if r.JSON200.NextCursor.IsNull() {
			return all
		}
		q.Cursor = ptr(r.JSON200.NextCursor.MustGet())
	}
}

// reflect completes the first step of Tom's year's end.
func (f *fortnight) reflect() {
	f.t.Helper()
	f.On("2027-07-05")
	p := &play{Year: f.Year, appraisal: f.appraisal, who: f.As(tom)}
	for _, do := range []func(*play) (client.Answer, error){
		save("outcome.reflect", api.SaveStep{Answers: p.reflection(), Rating: &api.RatingInput{Code: ptr("met")}}), complete("outcome.reflect")} {
		r, err := do(p)
		apitest.OK(f.t, r, err)
	}
}

// repolicy moves the open cycle to a version of the policy that edit makes of the one before.
func (f *fortnight) repolicy(edit func(rules map[string]any)) {
	f.t.Helper()
	r, err := repolicied(f.Year, edit)
	apitest.OK(f.t, r, err)
}

// allowed are the actions that the caller may do now.
func allowed(actions []api.AllowedAction) []string {
	out := []string{}
	for _, a := range actions {
		if a.Allowed {
			out = append(out, a.Action)
		}
	}
	return out
}

// cited is the policy parameter behind a refusal of the problem.
func cited(t *testing.T, p *client.ProblemError, code string) (parameter string, value any) {
	t.Helper()
	for _, r := range p.Refusals {
		if r.Code == code {
			c := r.Policy.MustGet()
			value, _ = c.Value.Get()
			return c.Parameter, value
		}
	}
	require.Fail(t, "no such refusal", "%s in %s", code, p.Error())
	return "", nil
}
