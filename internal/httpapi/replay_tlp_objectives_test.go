package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

var tlpSmart = map[string]bool{"specific": true, "measurable": true, "achievable": true, "relevant": true, "time_bound": true}

// tlpAgreeing is the first two objectives: the line manager proposes, the line person approves.
var tlpAgreeing = []replayScene{
	{"2026-09-21", "ben", "cannot propose the first before it is SMART", adas(forSchool).proposed(), conflict, "smart_unticked", func(r *replay) {
		require.Len(r.T, refusalHere(r).Refusals, 5, "every point is named")
		citing("objectives.smart")(r)
	}},
	{"", "ben", "must confirm that a partnership's leaders may read it", tlpReplace(forSchool, func(r *replay, c *api.ObjectiveContent) {
		c.PriorityIds, c.Smart = append(c.PriorityIds, r.ids["reading"], r.ids["workforce"]), tlpSmart
	}), invalid, "link_discloses", func(r *replay) {
		citing("objectives.link_discloses")(r)
		require.Equal(r.T, "/confirm_disclosure", refusalHere(r).Errors[0].Pointer)
	}},
	{"", "ben", "confirms it, with a third action", tlpReplace(forSchool, func(r *replay, c *api.ObjectiveContent) {
		c.PriorityIds, c.Smart, c.ConfirmDisclosure = append(c.PriorityIds, r.ids["reading"], r.ids["workforce"]), tlpSmart, ptr(true)
		c.Actions = append(c.Actions, api.Action{Text: "Talk with parents."})
	}), ok, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Empty(r.T, o.Advisories)
		require.Empty(r.T, o.DisclosedTo, "nobody reads by the link before it is agreed")
	}},
	{"", "ada", "cannot approve what is not proposed", adas(forSchool).signed(), conflict, "wrong_status", nil},
	{"", "ben", "proposes it", adas(forSchool).proposed(), ok, "", nil},
	{"", "ben", "cannot approve it for her", adas(forSchool).signed(), never, "not_your_act", citing("objectives.approver")},
	{"2026-09-22", "ada", "approves it", adas(forSchool).signed(), ok, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Equal(r.T, api.ObjectiveApprovalAgreed, o.Approval)
		require.Equal(r.T, []string{"partnership"}, o.DisclosedTo)
	}},
	{"", "ben", "proposes the second", adas(forBehaviour).proposed(), ok, "", nil},
	{"", "ada", "asks for a change first", adas(forBehaviour).sentBack("Not in every lesson."), ok, "", nil},
	{"", "ben", "changes it", tlpReplace(forBehaviour, func(r *replay, c *api.ObjectiveContent) {
		c.Title, c.Statements = "Slower, in two classes", statementOf(r, tlpBehaviours, "b1")
	}), ok, "", nil},
	{"", "ben", "proposes it again", adas(forBehaviour).proposed(), ok, "", nil},
	{"2026-09-23", "ada", "approves it now", adas(forBehaviour).signed(), ok, "", nil},
}

// tlpDisagreeing is the third: Ada withholds her approval, and whom the trust named decides.
var tlpDisagreeing = []replayScene{
	{"2026-09-24", "ben", "drafts the third, beyond the end of the year", tlpDraft("ada", forGrowth), created, "", nil},
	{"", "ben", "cannot propose it without a standard of her role", adas(forGrowth).proposed(), conflict, "objective_needs_statement", citing("objectives.slots[2]")},
	{"", "ben", "links it, and lets it end in the autumn after", tlpReplace(forGrowth, func(r *replay, c *api.ObjectiveContent) {
		c.Statements, c.TargetOn = statementOf(r, standardsOfTeachers, "3"), ptr(apitest.Day("2027-10-31"))
	}), ok, "", nil},
	{"", "ben", "proposes it", adas(forGrowth).proposed(), ok, "", nil},
	{"2026-09-25", "cho", "has no part in it yet", adas(forGrowth).determined("It is feasible from January."), conflict, "wrong_status", nil},
	{"2026-09-28", "ada", "does not agree and hands it on", adas(forGrowth).handedOn(), ok, "", nil},
	{"", "ben", "cannot settle it himself", adas(forGrowth).determined("It is feasible from January."), never, "not_your_act", citing("objectives.on_disagreement")},
	{"", "ada", "cannot approve it meanwhile", adas(forGrowth).signed(), conflict, "wrong_status", nil},
	{"2026-09-29", "cho", "finds that it waits for her", tlpMe, ok, "", func(r *replay) {
		require.Contains(r.T, string(r.last.GetBody()), `"operation":"DetermineObjective"`)
	}},
	{"", "cho", "decides, as the trust has it", adas(forGrowth).determined("It is feasible from January."), ok, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Equal(r.T, r.As("cho").ID, o.Live.MustGet().DeterminedBy.MustGet())
		require.Equal(r.T, "2027-10-31", o.Live.MustGet().TargetOn.MustGet().String())
	}},
	{"", "ben", "cannot set a fourth", tlpDraft("ada", "extra"), conflict, "too_many_objectives", citing("objectives.max")},
	{"2026-09-30", "ada", "has a year that runs", func(r *replay) (client.Answer, error) {
		return r.who.GetAppraisalWithResponse(r.T.Context(), r.year("ada").ID, nil)
	}, ok, "", func(r *replay) {
		a := replayed[api.Appraisal](r)
		require.Equal(r.T, api.AppraisalStage("running"), a.Stage)
		require.Equal(r.T, []int{3, 3}, []int{a.Progress.ObjectivesAgreed, a.Progress.ObjectivesRequired})
	}},
}

// tlpHeads is a disagreement with the head, who reviews Ben: whoever decides is not one of the two.
var tlpHeads = []replayScene{
	{"2026-09-24", "cho", "drafts for Ben, whom she reviews", aim("ben "+forSchool).drafted("ben", forSchool, func(r *replay) api.ObjectiveContent {
		c := tlpContent(r, forSchool, "reading")
		c.Smart = tlpSmart
		return c
	}), created, "", nil},
	{"", "cho", "proposes it", aim("ben " + forSchool).proposed(), ok, "", nil},
	{"2026-09-25", "ben", "does not agree", aim("ben " + forSchool).handedOn(), ok, "", nil},
	{"", "cho", "is not told to decide it", tlpMe, ok, "", func(r *replay) { require.NotContains(r.T, waitsOf(r, "ben"), "determine_objectives") }},
	{"", "cho", "cannot decide against him herself", aim("ben " + forSchool).determined("It stands."), never, "not_your_act", citing("objectives.on_disagreement")},
	{"", "eve", "finds that it waits for her", tlpMe, ok, "", func(r *replay) { require.Equal(r.T, 1, waitsOf(r, "ben")["determine_objectives"].Count) }},
	{"2026-09-28", "eve", "decides it", aim("ben " + forSchool).determined("It stands, from January."), ok, "", func(r *replay) {
		require.Equal(r.T, r.As("eve").ID, replayed[api.Objective](r).Live.MustGet().DeterminedBy.MustGet())
	}},
}

// tlpAmending is a change in the year: only after a meeting that allows it, by whoever made the
// objective, and approved again.
var tlpAmending = []replayScene{
	{"2027-01-11", "ada", "cannot change what her line manager made", adas(forSchool).amended(tlpChanged), never, "not_your_act", citing("objectives.amender")},
	{"", "ben", "changes it after the meeting", adas(forSchool).amended(tlpChanged), ok, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Equal(r.T, "A year of "+forSchool, o.Live.MustGet().Title, "what was agreed stands meanwhile")
		require.Equal(r.T, "Reading in two classes", o.Next.MustGet().Title)
	}},
	{"", "ben", "proposes the change", adas(forSchool).proposed(), ok, "", nil},
	{"", "ben", "cannot approve it for her", adas(forSchool).signed(), never, "not_your_act", nil},
	{"2027-01-12", "ada", "approves it again", adas(forSchool).signed(), ok, "", func(r *replay) {
		require.Equal(r.T, "Reading in two classes", replayed[api.Objective](r).Live.MustGet().Title)
	}},
	{"", "ada", "reads both versions", func(r *replay) (client.Answer, error) {
		return r.who.ListObjectiveRevisionsWithResponse(r.T.Context(), r.ids["ada "+forSchool])
	}, ok, "", func(r *replay) { require.Len(r.T, replayed[api.RevisionList](r).Items, 2) }},
	{"", "ben", "waits for the next meeting to change it once more", adas(forSchool).amended(tlpChanged), conflict, "no_amending_meeting", citing("objectives.amendments")},
}

// adas is an objective of Ada's, by its slot.
func adas(slot string) aim { return aim("ada " + slot) }

func tlpReplace(slot string, change func(*replay, *api.ObjectiveContent)) deed {
	return adas(slot).rewritten(func(r *replay) api.ObjectiveContent {
		c := tlpContent(r, slot)
		change(r, &c)
		return c
	})
}

// tlpChanged is the first objective as it is after the autumn's meeting.
func tlpChanged(r *replay) api.ObjectiveContent {
	c := tlpContent(r, forSchool, "reading")
	c.Title, c.Smart = "Reading in two classes", tlpSmart
	return c
}
