package httpapi_test

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

const (
	adaPupils   aim = "ada's pupils"
	adaLeads    aim = "ada leads"
	adaLearns   aim = "ada learns"
	adaEnriched aim = "ada's enrichment"
	choTarget   aim = "cho's target"
	choOther    aim = "cho's enrichment"
)

// canoniumContent is a target with everything that this trust asks for: SMART, and the training and
// support that were agreed. It has no criteria and no actions, for the forms have no place for them.
func canoniumContent(title string) func(*replay) api.ObjectiveContent {
	return func(*replay) api.ObjectiveContent {
		return api.ObjectiveContent{Title: title, Text: "To reach it by June.", CpdSupport: ptr("Two visits to another school."), Smart: allSmart()}
	}
}

// placesOf lists the places for somebody's targets, each of which must be filled with a SMART one.
func placesOf(r *replay, whose string) []string {
	r.T.Helper()
	list, err := r.As(whose).ListObjectiveSlotsWithResponse(r.T.Context(), r.year(whose).ID)
	apitest.OK(r.T, list, err)
	var out []string
	for _, s := range list.JSON200.Items {
		require.Len(r.T, s.Smart, 5, "SMART everywhere")
		require.True(r.T, s.Required)
		out = append(out, s.Slot.Code)
	}
	return out
}

// bothSign are scenes in which somebody drafts a target in a place of theirs and another signs it too.
func bothSign(a aim, drafter, whose, slot, other string) []replayScene {
	return []replayScene{
		{"", drafter, "drafts for " + slot, a.drafted(whose, slot, canoniumContent("Something for "+slot)), created, "", nil},
		{"", drafter, "signs it", a.proposed(), ok, "", nil},
		{"", other, "signs it too", a.signed(), ok, "", func(r *replay) {
			require.Equal(r.T, api.ObjectiveApprovalAgreed, replayed[api.Objective](r).Approval)
			require.Len(r.T, replayed[api.Objective](r).Signatures, 2)
		}},
	}
}

// canoniumTargets are the places by role, and how a class teacher's four targets come about.
var canoniumTargets = append([]replayScene{
	{"2026-09-21", "ada", "sees her four places", readYear("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, []string{"pupil_progress", "leadership", "development", "enrichment"}, placesOf(r, "ada"))
		for whose, want := range map[string][]string{"lia": {"objective_1", "objective_2", "enrichment"}, "ivo": {"objective_1", "objective_2", "enrichment"},
			"dov": {"school_development", "development", "enrichment"}, "mia": {"trust", "enrichment"}} {
			require.Equal(r.T, want, placesOf(r, whose), whose)
		}
		require.Equal(r.T, 4, toDo(r, "ada", "ada", "draft_objectives"))
	}},
	{"", "cho", "puts reading on the school's improvement plan", func(r *replay) (client.Answer, error) {
		p, err := r.who.CreatePriorityWithResponse(r.T.Context(), nil, api.CreatePriority{Code: "reading", Title: "Reading", UnitID: &r.School})
		if err == nil && p.JSON201 != nil {
			r.ids["reading"] = p.JSON201.ID
		}
		return p, err
	}, created, "", nil},
	{"", "ada", "drafts for her pupils", adaPupils.drafted("ada", "pupil_progress", but(canoniumContent("Readers"), func(c *api.ObjectiveContent) {
		c.CpdSupport, c.Smart = nil, map[string]bool{"specific": true}
	})), created, "", nil},
	{"", "ada", "has left out much", adaPupils.proposed(), conflict, "objective_needs_cpd_support", func(r *replay) {
		citing("objectives.slots[0]")(r)
		require.Equal(r.T, []string{"objective_needs_cpd_support", "objective_needs_priority", "smart_unticked", "smart_unticked", "smart_unticked", "smart_unticked"}, refusalCodes(refusalHere(r)))
	}},
	{"", "ada", "mends it", adaPupils.rewritten(but(canoniumContent("Readers"), func(c *api.ObjectiveContent) { c.Text = "To have two thirds of the class read at their age." })), ok, "", nil},
	{"", "ben", "links it to the school's plan", adaPupils.rewritten(func(r *replay) api.ObjectiveContent {
		return but(canoniumContent("Readers"), func(c *api.ObjectiveContent) { c.PriorityIds = []uuid.UUID{r.ids["reading"]} })(r)
	}), ok, "", nil},
	{"", "ben", "signs it", adaPupils.proposed(), ok, "", nil},
	{"", "ada", "signs it too", adaPupils.signed(), ok, "", nil},
}, append(append(bothSign(adaLeads, "ben", "ada", "leadership", "ada"), bothSign(adaLearns, "ada", "ada", "development", "ben")...),
	bothSign(adaEnriched, "ada", "ada", "enrichment", "ben")...)...)

// canoniumHead is a headteacher's year, whose targets are the chief executive's while the board's
// nominee reviews.
var canoniumHead = append([]replayScene{
	{"2026-09-22", "ada", "has agreed all four", readYear("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, []int{4, 4}, []int{r.year("ada").Progress.ObjectivesAgreed, r.year("ada").Progress.ObjectivesRequired})
		require.Equal(r.T, api.AppraisalStageRunning, r.year("ada").Stage)
	}},
	{"", "gus", "sets no targets", choTarget.drafted("cho", "trust", canoniumContent("A strong school")), never, "not_your_act", func(r *replay) {
		require.Zero(r.T, toDo(r, "gus", "cho", "draft_objectives"), "and is not told to")
	}},
	{"", "eve", "is told that the head has none", asksWhatWaits, ok, "", func(r *replay) {
		require.Equal(r.T, 2, toDo(r, "eve", "cho", "draft_objectives"))
	}},
}, append(append(bothSign(choTarget, "eve", "cho", "trust", "cho"), bothSign(choOther, "cho", "cho", "enrichment", "eve")...), replayScene{
	"", "gus", "reads what was agreed", choTarget.read(), ok, "", func(r *replay) {
		require.Empty(r.T, allowedOf(replayed[api.Objective](r), "amend"), "and changes nothing of it")
	}})...)

// toDo is how much of a kind waits for somebody in the year of whose.
func toDo(r *replay, key, whose, kind string) (n int) {
	r.T.Helper()
	got, err := r.As(key).GetMeWithResponse(r.T.Context())
	apitest.OK(r.T, got, err)
	for _, w := range got.JSON200.Waiting {
		if id, err := w.PersonID.Get(); err == nil && id == r.As(whose).ID && w.Kind == kind {
			n += w.Count
		}
	}
	return n
}

// allowedOf is the action where the objective allows it.
func allowedOf(o api.Objective, action string) []string {
	var out []string
	for _, a := range allowed(o.AllowedActions) {
		if a == action {
			out = append(out, a)
		}
	}
	return out
}

// drawsSample has a sample of the school's agreed targets drawn.
func drawsSample(r *replay) (client.Answer, error) {
	s, err := r.who.SampleObjectivesWithResponse(r.T.Context(), nil, api.SampleObjectives{CycleID: r.CycleID, UnitID: r.School, Percent: ptr(50), Seed: ptr(11)})
	if err == nil && s.JSON201 != nil {
		r.ids["sample"], r.ids["sampled"] = s.JSON201.ID, s.JSON201.Items[0].ObjectiveID
	}
	return s, err
}

// canoniumQuality is the head's look at a sample of the targets.
var canoniumQuality = []replayScene{
	{"2026-10-05", "rex", "does not look into another school", drawsSample, never, "out_of_reach", nil},
	{"", "ben", "draws no sample", drawsSample, never, "role_not_admitted", nil},
	{"", "cho", "draws half of her school's targets", drawsSample, created, "", func(r *replay) {
		require.Equal(r.T, 4, replayed[api.ObjectiveSample](r).DrawnFrom, "her own are not hers to look at")
		require.Len(r.T, replayed[api.ObjectiveSample](r).Items, 2)
	}},
	{"", "cho", "says of one that it serves the plan too little", func(r *replay) (client.Answer, error) {
		return r.who.ReviewSampledObjectiveWithResponse(r.T.Context(), r.ids["sample"], &api.ReviewSampledObjectiveParams{IfMatch: etag(1)},
			api.ReviewSampledObjective{ObjectiveID: r.ids["sampled"], Meets: false, Remark: ptr("Say which part of the plan it serves.")})
	}, ok, "", func(r *replay) {
		looked := 0
		for _, i := range replayed[api.ObjectiveSample](r).Items {
			if meets, err := i.Meets.Get(); err == nil {
				require.False(r.T, meets)
				looked++
			}
		}
		require.Equal(r.T, 1, looked)
	}},
	{"", "ada", "is not refused anything by it", adaPupils.read(), ok, "", func(r *replay) {
		require.Equal(r.T, api.ObjectiveApprovalAgreed, replayed[api.Objective](r).Approval)
	}},
}
