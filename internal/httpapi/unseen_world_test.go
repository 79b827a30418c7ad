package httpapi_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// unseen is a trust on a process that the product was not made for: a file of testdata/policies.
type unseen struct {
	file    string
	day     string                        // the school day on which the policy is published
	starts  string                        // the first day of the year; empty: the next by the policy
	group   string                        // the staff group that the year is for; empty: everybody
	post    func(string, *api.CreatePost) // changes somebody's post before it is made
	offices map[string][]string           // further offices of the trust, and who holds them
	before  func(*replay)                 // runs before the policy is published
	windows *api.GenerateWindows          // the rule of the check-in windows, if there are any
	finds   []string                      // what the trial finds: code, person and place
	unheard map[string]string             // by person, the appeals that nobody would hear, or admit when late
}

// All appeals of the model: nobody would be left to hear them, or to admit them when they come late.
const (
	heardByNobody    = "pay.first pay.second statement.review"
	admittedByNobody = "late:pay.first late:pay.second late:statement.review"
)

// begin has HR set the trust up by the API alone, as an integrator would: the policy is made, found to
// have no fault, published, tried on everybody with what is to be found, and its year is opened.
func (u unseen) begin(t *testing.T) *replay {
	t.Helper()
	r := newReplay(t, u.day, u.post)
	ctx, hr, since := t.Context(), r.World.HR, apitest.Day("2024-09-01")
	for code, holders := range u.offices {
		for _, who := range holders {
			o, err := hr.FillOfficeWithResponse(ctx, nil, api.FillOffice{Code: code, UnitID: r.Root, PersonID: r.As(who).ID, FromOn: &since})
			apitest.OK(t, o, err)
		}
	}
	if u.before != nil {
		u.before(r)
	}
	made, err := hr.CreatePolicyWithResponse(ctx, nil, api.CreatePolicy{Name: "Our own", Document: policyFile(t, u.file)})
	apitest.OK(t, made, err)
	r.PolicyID = made.JSON201.ID
	checked, err := hr.ValidatePolicyWithResponse(ctx, r.PolicyID)
	apitest.OK(t, checked, err)
	require.Empty(t, checked.JSON200.Findings)
	require.True(t, checked.JSON200.Publishable)
	v, err := hr.PublishPolicyWithResponse(ctx, r.PolicyID, &api.PublishPolicyParams{IfMatch: etag(made.JSON201.Version)})
	apitest.OK(t, v, err)
	r.PolicyVersion = v.JSON201.ID
	u.open(r)
	return r
}

// open drafts the year, tries the policy in it, and opens it.
func (u unseen) open(r *replay) {
	r.T.Helper()
	ctx, hr := r.T.Context(), r.World.HR
	body := api.CreateCycle{Name: "The year", PolicyVersionID: r.PolicyVersion}
	if u.starts != "" {
		body.StartsOn = apitest.Day(u.starts)
	}
	if u.group != "" {
		body.Scope = &api.CycleScope{StaffGroups: []string{u.group}, UnitIds: []uuid.UUID{}}
	}
	c, err := hr.CreateCycleWithResponse(ctx, nil, body)
	apitest.OK(r.T, c, err)
	r.CycleID = c.JSON201.ID
	if u.windows != nil {
		w, err := hr.GenerateCheckInWindowsWithResponse(ctx, r.CycleID, &api.GenerateCheckInWindowsParams{IfMatch: etag(c.JSON201.Version)}, *u.windows)
		apitest.OK(r.T, w, err)
		r.Windows = w.JSON200.Items
	}
	tried, err := hr.SimulatePolicyWithResponse(ctx, r.PolicyID, api.SimulatePolicy{CycleID: &r.CycleID})
	apitest.OK(r.T, tried, err)
	found := []string{}
	for _, p := range tried.JSON200.Problems {
		for _, name := range exampleNames(p) {
			if !strings.Contains(p.Code, "appeal_") {
				found = append(found, p.Code+" "+name)
			}
		}
	}
	require.ElementsMatch(r.T, u.finds, found)
	unheard := unheardOf(*tried.JSON200)
	require.Len(r.T, unheard, len(u.unheard), "%v", unheard)
	for name, appeals := range u.unheard {
		require.Equal(r.T, appeals, unheard[name], name)
	}
	e := r.openYear()
	require.Equal(r.T, tried.JSON200.Summary.Included, e.Created, "whoever would be in, is")
	require.Zero(r.T, e.WithoutReviewer)
}

// policyFile is a document of testdata/policies, in YAML or JSON.
func policyFile(t *testing.T, name string) (document map[string]any) {
	t.Helper()
	raw, err := os.ReadFile("testdata/policies/" + name)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(raw, &document))
	return document
}

// yearOf reads somebody's year.
func yearOf(key string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetAppraisalWithResponse(r.T.Context(), r.year(key).ID, nil)
	}
}

// stands holds the year that was read to its stage, and to what comes next and whose it is; an
// empty next says that nothing does.
func stands(stage api.AppraisalStage, next, party string) func(*replay) {
	return func(r *replay) {
		r.T.Helper()
		a := replayed[api.Appraisal](r)
		require.Equal(r.T, stage, a.Stage)
		if next == "" {
			require.True(r.T, a.Next.IsNull(), "%v", a.Next)
			return
		}
		n := a.Next.MustGet()
		require.Equal(r.T, []string{next, party}, []string{n.Action, n.Party})
	}
}

// steps does a step of somebody's chain: it saves the body and completes the step.
func steps(whose, step string, body api.SaveStep) deed {
	return func(r *replay) (client.Answer, error) {
		ctx, id := r.T.Context(), r.year(whose).ID
		r.who.Judge(id)
		now, err := r.who.GetStepWithResponse(ctx, id, step)
		if err != nil || now.StatusCode() != http.StatusOK {
			return now, err
		}
		tag := etag(now.JSON200.Step.Version)
		if body := apitest.Weighing(now.JSON200, body); body.Answers != nil || body.Rating != nil || body.Weighed != nil {
			saved, err := r.who.SaveStepWithResponse(ctx, id, step, &api.SaveStepParams{IfMatch: tag}, body)
			if err != nil || saved.StatusCode() != http.StatusOK {
				return saved, err
			}
			tag = etag(saved.JSON200.Step.Version)
		}
		return r.who.CompleteStepWithResponse(ctx, id, step, &api.CompleteStepParams{IfMatch: tag}, api.CompleteStep{})
	}
}

// says is what a step's form is answered with.
func says(answers map[string]any) api.SaveStep { return api.SaveStep{Answers: answers} }

// looksBack answers the model's form of reflection, with each objective that the scenes name.
func looksBack(r *replay, aims ...string) map[string]any {
	progress, complete := map[string]any{}, map[string]any{}
	for _, a := range aims {
		progress[r.ids[a].String()], complete[r.ids[a].String()] = "It went as we had planned.", true
	}
	return map[string]any{"achievements": "A steady year.", "progress": progress, "complete": complete}
}

// reflects does the reflection on the model's form.
func reflects(whose, step string, rating *api.RatingInput, aims ...string) deed {
	return func(r *replay) (client.Answer, error) {
		return steps(whose, step, api.SaveStep{Answers: looksBack(r, aims...), Rating: rating})(r)
	}
}

var stated = says(map[string]any{"statement": "A good year, of which much will stay."})

// outcomeOf and payOf read what somebody's year came to.
func outcomeOf(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetOutcomeWithResponse(r.T.Context(), r.year(whose).ID)
	}
}

func payOf(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetPayOutcomeWithResponse(r.T.Context(), r.year(whose).ID)
	}
}

// notLinked holds the pay that was read to a recorded decision that there is none.
func notLinked(r *replay) {
	r.T.Helper()
	require.Equal(r.T, api.PayDecisionResult("not_linked"), replayed[api.PayOutcome](r).Decision.MustGet().Result)
}

// ratedAs holds the outcome that was read to a released rating.
func ratedAs(code string) func(*replay) {
	return func(r *replay) {
		r.T.Helper()
		o := replayed[api.Outcome](r)
		require.True(r.T, o.Released && o.Visible)
		require.Equal(r.T, code, o.Rating.MustGet().Code)
	}
}

// agreesOn is one objective from its draft to the agreement, in scenes: a drafts and proposes, b agrees.
func agreesOn(on, drafter, other, slot string, name aim, content api.ObjectiveContent) []replayScene {
	return []replayScene{
		{on: on, who: drafter, does: "drafts " + slot, do: name.drafted("ada", slot, func(*replay) api.ObjectiveContent { return content }), status: created},
		{who: drafter, does: "proposes it", do: name.proposed(), status: ok},
		{who: other, does: "agrees to it", do: name.signed(), status: ok},
	}
}

// plainly is the content of an objective with nothing but its words.
func plainly(title string) api.ObjectiveContent {
	return api.ObjectiveContent{Title: title, Text: title + ", in every week of the year.", Criteria: []api.Item{{Text: "Both see the difference."}}, Actions: []api.Action{}, Checklist: map[string]bool{}}
}

// conducted arranges, records and shares a meeting of ada's plan.
func conducted(on, keeper, plan string, answers map[string]any) []replayScene {
	m := talk("meeting." + plan)
	return []replayScene{
		{on: on, who: keeper, does: "arranges " + plan, do: m.arranged("ada", plan, on), status: created},
		{who: keeper, does: "records it", do: m.written(on, func(*replay) map[string]any { return answers }), status: ok},
		{who: keeper, does: "shares the record", do: m.shared(), status: ok},
	}
}

// acts joins scenes.
func acts(parts ...[]replayScene) (all []replayScene) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}
