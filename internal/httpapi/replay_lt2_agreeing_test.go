package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

const (
	choStandards aim = "cho's for the plan"
	eveGrowth    aim = "eve's for the trust"
	halBudget    aim = "hal's for the budget"
	adaReading   aim = "ada's for reading"
	adaCourse    aim = "ada's course"
)

// lt2Panel is how the three who review the headteacher agree to her objective, the chief executive's
// year with the chair, and that of central staff.
var lt2Panel = []replayScene{
	{"2026-11-03", "hr", "enters the trust's plan", func(r *replay) (client.Answer, error) {
		p, err := r.who.CreatePriorityWithResponse(r.T.Context(), nil, api.CreatePriority{Code: "standards", Title: "Raise standards"})
		if err == nil && p.JSON201 != nil {
			r.ids["plan"] = p.JSON201.ID
		}
		return p, err
	}, created, "", nil},
	{"", "gil", "reaches the headteacher's year and no other", func(r *replay) (client.Answer, error) { return r.who.ListAppraisalsWithResponse(r.T.Context(), nil) }, ok, "", func(r *replay) {
		list := replayed[api.AppraisalList](r).Items
		require.Len(r.T, list, 1)
		require.Equal(r.T, r.As("cho").ID, list[0].PersonID)
	}},
	{"", "gil", "does not reach a teacher's", readYear("ada"), gone, "not_found", nil},
	{"", "gil", "finds none of her neighbours in the list of objectives", func(r *replay) (client.Answer, error) { return r.who.ListObjectivesWithResponse(r.T.Context(), nil) }, ok, "", func(r *replay) {
		require.Empty(r.T, replayed[api.ObjectiveList](r).Items)
	}},
	{"", "eve", "drafts the headteacher's objective without saying how it will be judged", choStandards.drafted("cho", "contribution",
		but(lt2Content("A strong sixth form"), func(c *api.ObjectiveContent) { c.AssessmentMethod, c.Criteria, c.Smart["time_bound"] = nil, nil, false })), created, "", nil},
	{"", "eve", "cannot propose it like that", choStandards.proposed(), conflict, "objective_needs_criteria", func(r *replay) {
		citing("objectives.fields")(r)
		require.Equal(r.T, []string{"objective_needs_criteria", "objective_needs_method", "smart_unticked"}, refusalCodes(refusalHere(r)))
	}},
	{"", "eve", "says it", choStandards.rewritten(lt2Content("A strong sixth form")), ok, "", nil},
	{"", "eve", "proposes it", choStandards.proposed(), ok, "", func(r *replay) {
		require.Equal(r.T, []int{0, 1, 1, 1}, []int{r.waiting("eve")["approve_objectives"], r.waiting("fay")["approve_objectives"], r.waiting("gil")["approve_objectives"], r.waiting("cho")["approve_objectives"]},
			"whoever has signed is not asked again")
	}},
	{"", "cho", "agrees", choStandards.signed(), ok, "", nil},
	{"", "fay", "agrees", choStandards.signed(), ok, "", func(r *replay) {
		require.Equal(r.T, api.ObjectiveApprovalProposed, replayed[api.Objective](r).Approval, "the adviser is missing")
		require.Zero(r.T, r.waiting("cho")["approve_objectives"])
	}},
	{"", "fay", "agrees once only", choStandards.signed(), never, "not_your_act", citing("reviewers.panel_signs")},
	{"", "gil", "agrees as the last of the panel", choStandards.signed(), ok, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Equal(r.T, api.ObjectiveApprovalAgreed, o.Approval)
		require.Len(r.T, o.Signatures, 4)
	}},
	{"", "fay", "drafts for the chief executive", eveGrowth.drafted("eve", "contribution", lt2Content("A third school")), created, "", nil},
	{"", "fay", "proposes it", eveGrowth.proposed(), ok, "", nil},
	{"", "eve", "agrees", eveGrowth.signed(), ok, "", func(r *replay) {
		require.Equal(r.T, api.ObjectiveApprovalAgreed, replayed[api.Objective](r).Approval)
	}},
	{"", "hal", "drafts his own", halBudget.drafted("hal", "contribution", lt2Content("Accounts by the fifth day")), created, "", nil},
	{"", "hal", "proposes it", halBudget.proposed(), ok, "", nil},
	{"", "cho", "does not reach central staff", halBudget.read(), gone, "not_found", nil},
	{"", "eve", "agrees as whoever manages central staff", halBudget.signed(), ok, "", nil},
}

// lt2Agreeing is an objective on which the two agree.
var lt2Agreeing = []replayScene{
	{"2026-11-04", "ada", "drafts for the trust's plan, and leaves the plan out", adaReading.drafted("ada", "contribution",
		but(lt2Content("Readers in year 8"), func(c *api.ObjectiveContent) { c.PriorityIds = nil })), created, "", nil},
	{"", "ada", "cannot propose it", adaReading.proposed(), conflict, "objective_needs_priority", citing("objectives.slots[0]")},
	{"", "ben", "writes on the same draft", adaReading.rewritten(lt2Content("Readers in year 8")), ok, "", nil},
	{"", "ada", "proposes what both have written", adaReading.proposed(), ok, "", func(r *replay) {
		require.Zero(r.T, r.waiting("ada")["approve_objectives"])
		require.Equal(r.T, 1, r.waiting("ben")["approve_objectives"])
	}},
	{"", "cho", "is not asked", adaReading.signed(), never, "not_your_act", nil},
	{"", "ben", "agrees", adaReading.signed(), ok, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Equal(r.T, api.ObjectiveApprovalAgreed, o.Approval)
		require.True(r.T, o.Live.MustGet().DeterminedBy.IsNull())
		require.Equal(r.T, 1, r.year("ada").Progress.ObjectivesAgreed)
		require.Equal(r.T, api.AppraisalStageRunning, r.year("ada").Stage, "a development objective is usual and not required")
	}},
}

// lt2Disagreeing is one on which they do not: the appraiser determines it, and what the person said stays.
var lt2Disagreeing = []replayScene{
	{"2026-11-05", "ben", "drafts what ada should learn", adaCourse.drafted("ada", "development", lt2Content("A course on phonics")), created, "", nil},
	{"", "ben", "proposes it", adaCourse.proposed(), ok, "", nil},
	{"", "ada", "asks for something else", adaCourse.sentBack("I would rather learn to lead a team."), ok, "", nil},
	{"", "ada", "cannot hand it on", adaCourse.handedOn(), conflict, "no_escalation", citing("objectives.on_disagreement")},
	{"", "ada", "cannot settle it herself", adaCourse.determined("Mine stands."), never, "role_not_admitted", nil},
	{"", "cho", "does not settle it either", adaCourse.determined("The course it is."), never, "not_your_act", func(r *replay) {
		citing("objectives.on_disagreement")(r)
		require.Contains(r.T, string(r.last.GetBody()), "appraiser")
	}},
	{"", "ben", "determines it", adaCourse.determined("The department needs phonics this year."), ok, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Equal(r.T, api.ObjectiveApprovalAgreed, o.Approval)
		require.Equal(r.T, r.As("ben").ID, o.Live.MustGet().DeterminedBy.MustGet())
		for _, s := range o.Signatures {
			require.NotEqual(r.T, r.As("ada").ID, s.PersonID, "she never agreed")
		}
	}},
	{"", "ada", "finds what each of them said", func(r *replay) (client.Answer, error) {
		kind, id := api.ListNotesParamsSubjectKind("objective"), r.ids[string(adaCourse)]
		return r.who.ListNotesWithResponse(r.T.Context(), r.year("ada").ID, &api.ListNotesParams{SubjectKind: &kind, SubjectID: &id})
	}, ok, "", func(r *replay) {
		said := map[string]string{}
		for _, n := range replayed[api.NoteList](r).Items {
			said[n.Kind+" "+n.Party] = n.Text
		}
		require.Equal(r.T, map[string]string{"changes_requested reviewee": "I would rather learn to lead a team.", "determination reviewer": "The department needs phonics this year."}, said)
	}},
}
