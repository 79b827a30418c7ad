package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

const (
	dovsStore  worry = "about dov's store"
	kimsMaths  worry = "about kim's lessons"
	adasPay    plea  = "ada's on pay"
	dovsPay    plea  = "dov's on pay"
	kimsPay    plea  = "kim's on pay"
	chosPay    plea  = "cho's on pay"
	adaAnnual  talk  = "ada's annual"
	choInterim talk  = "cho's interim"
)

// lt2Said is what is put in writing of a concern in this trust.
func lt2Said() (all []api.ConcernContent) {
	for _, code := range []api.ConcernContentCode{"nature", "right_to_comment", "support", "review_how_when", "consequences"} {
		all = append(all, api.ConcernContent{Code: code, Text: "As it was said when they met."})
	}
	return all
}

// lt2Concern is a concern that support mends, and one that goes over into a capability process, which
// ends the year.
var lt2Concern = []replayScene{
	{"2027-04-12", "hr", "gives the school its terms", func(r *replay) (client.Answer, error) {
		return r.who.SetSchoolCalendarWithResponse(r.T.Context(), r.School, &api.SetSchoolCalendarParams{IfMatch: etag(0)}, calendar2026("2026-10-26", "2026-10-30"))
	}, ok, "", nil},
	{"", "ben", "has a word with dov", dovsStore.raised("dov", "informal", false, lt2Said()[0]), created, "", standsAt("informal", "")},
	{"", "ben", "puts it in writing", dovsStore.madeFormal(), ok, "", standsAt("raised", "")},
	{"", "ben", "has not said all that is to be said, and not met him", dovsStore.confirmed(), conflict, "concern_incomplete", func(r *replay) {
		citing("concern.must_cover")(r)
		require.Len(r.T, refusalHere(r).Errors, 4)
		require.Equal(r.T, []string{"concern_incomplete", "no_meeting_logged"}, refusalCodes(refusalHere(r)))
	}},
	{"", "ben", "says all of it", dovsStore.saying(lt2Said()...), ok, "", nil},
	{"", "ben", "logs the meeting", dovsStore.contacted("meeting", "2027-04-12", ptr(false)), ok, "", nil},
	{"", "dov", "does not see it before it is confirmed", dovsStore.read(), gone, "not_found", nil},
	{"", "ben", "confirms it in writing", dovsStore.confirmed(), ok, "", func(r *replay) {
		require.Equal(r.T, 1, toDo(r, "dov", "dov", "comment_on_concern"))
	}},
	{"", "dov", "comments", dovsStore.commented("The store was being rebuilt."), ok, "", nil},
	{"", "ada", "does not see it", dovsStore.read(), gone, "not_found", nil},
	{"", "ben", "looks at it for six weeks", dovsStore.monitoredFor(6, "2027-04-12", "2027-05-10"), ok, "", standsAt("monitoring", "")},
	{"", "ben", "has a word with kim", kimsMaths.raised("kim", "informal", false, lt2Said()...), created, "", nil},
	{"", "ben", "puts that in writing too", kimsMaths.madeFormal(), ok, "", nil},
	{"", "ben", "logs a companion, of whom the policy does not speak", kimsMaths.contacted("meeting", "2027-04-12", ptr(true)), invalid, "no_companion_here", citing("concern.companion")},
	{"", "ben", "logs the meeting with kim", kimsMaths.contacted("meeting", "2027-04-12", nil), ok, "", nil},
	{"", "ben", "confirms that", kimsMaths.confirmed(), ok, "", nil},
	{"", "ben", "looks at it for six weeks too", kimsMaths.monitoredFor(6, "2027-04-12", "2027-05-10"), ok, "", nil},
	{"2027-05-10", "ben", "sees that dov is mending it", dovsStore.reviewed("2027-05-10", "sufficient"), ok, "", nil},
	{"", "ben", "closes it, and dov's year goes on", dovsStore.closed("resolved"), ok, "", func(r *replay) {
		require.Equal(r.T, api.AppraisalStatus("open"), r.year("dov").Status)
	}},
	{"2027-06-14", "ben", "sees too little with kim", kimsMaths.reviewed("2027-06-14", "insufficient"), ok, "", nil},
	{"", "cho", "cannot go on without telling her in writing", kimsMaths.moved(""), invalid, "notice_required", citing("concern.notice")},
	{"", "cho", "tells her in writing that the capability procedure takes over", kimsMaths.moved("2027-06-14"), ok, "", standsAt("capability", "")},
	{"", "kim", "has a year that ended without an outcome", readYear("kim"), ok, "", func(r *replay) {
		a := replayed[api.Appraisal](r)
		require.Equal(r.T, "transferred", string(a.Status))
		require.Equal(r.T, map[string]int{"comment_on_concern": 1}, r.waiting("kim"), "her say on the concern stays hers")
		require.Equal(r.T, 0, toDo(r, "ben", "kim", "complete_step"))
	}},
	{"", "kim", "drafts no objective any more", aim("kim's").drafted("kim", "contribution", lt2Content("Fractions")), conflict, "appraisal_transferred", citing("concern.capability")},
	{"", "cho", "does not bring it back", resumes("kim"), conflict, "wrong_status", nil},
}

// lt2Reporting is the annual assessment: a report without a rating, with everything weighed and a
// recommendation on pay in it, and comments that may be appended for good.
var lt2Reporting = []replayScene{
	{"2027-07-05", "ben", "invites ada to the annual meeting", adaAnnual.arranged("ada", "annual", "2027-07-12"), created, "", nil},
	{"2027-07-12", "ben", "writes down what was said", adaAnnual.written("2027-07-12", spokenOf("The year, and the next one.")), ok, "", nil},
	{"", "ben", "shares it", adaAnnual.shared(), ok, "", nil},
	{"", "ben", "has weighed only the objectives", reportedOn("ada", weighing(lt2Report(progresses(), adaReading, adaCourse), "objectives")), conflict, "inputs_not_weighed", citing("outcome.inputs")},
	{"", "ben", "must say why somebody stays where she is", reportedOn("ada", lt2Report(&api.PayChoice{Progression: noProgression}, adaReading, adaCourse)), invalid, "reason_required", nil},
	{"", "ada", "sees none of it yet", readsReport("ada"), ok, "", func(r *replay) {
		require.False(r.T, replayed[api.Report](r).Released)
		require.False(r.T, reportPart(r, "development").Visible)
	}},
	{"2027-07-19", "ben", "gives the report, and recommends no progression", reportedOn("ada", lt2Report(stays("The second group did not gain."), adaReading, adaCourse)), ok, "", nil},
	{"", "ada", "receives it", readsReport("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, []string{"objectives", "assessment", "development", "pay", "comments"}, sectionsOf(replayed[api.Report](r)))
		require.Equal(r.T, "2027-07-19", replayed[api.Report](r).ReleasedOn.MustGet().String())
		require.Equal(r.T, "A term beside the head of year.", reportPart(r, "development").Answers[0].Value.MustGet())
		require.Len(r.T, reportPart(r, "objectives").Objectives, 2)
		require.True(r.T, reportPart(r, "pay").Pay.IsNull(), "nothing is decided")
		require.Equal(r.T, "no_progression", string(reportPart(r, "pay").Recommendation.MustGet().Progression))
	}},
	{"", "ada", "has an outcome without a rating", outcomeOf("ada"), ok, "", func(r *replay) {
		o := replayed[api.Outcome](r)
		require.True(r.T, o.Released && o.Visible && o.Rating.IsNull())
	}},
	{"", "ben", "changes it no more", reportedOn("ada", lt2Report(progresses(), adaReading, adaCourse)), conflict, "", nil},
	{"", "ben", "reports on dov", reportedOn("dov", lt2Report(stays("The store was not ready."), dovTools)), ok, "", nil},
	{"2027-07-20", "ada", "appends her comments after the release", gives("ada", "outcome.comment", commentOn("The second group was new to me.")), ok, "", nil},
	{"", "ben", "reads them in the report", readsReport("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, "The second group was new to me.", reportPart(r, "comments").Comments[0].Answers[0].Value.MustGet())
		require.Equal(r.T, "2027-07-19", replayed[api.Report](r).ReleasedOn.MustGet().String())
	}},
	{"", "ben", "reports nothing on kim", reportedOn("kim", lt2Report(progresses())), conflict, "appraisal_transferred", citing("concern.capability")},
}

// lt2Panelled is the end of the headteacher's year, which three review.
var lt2Panelled = []replayScene{
	{"2027-07-21", "eve", "arranges the interim review, late", choInterim.arranged("cho", "interim", "2027-07-21"), created, "", nil},
	{"", "eve", "writes its record", choInterim.written("2027-07-21", func(r *replay) map[string]any {
		return map[string]any{"changes": false, "progress": map[string]any{r.ids[string(choStandards)].String(): "The sixth form is full."}}
	}), ok, "", nil},
	{"", "eve", "shares it", choInterim.shared(), ok, "", nil},
	{"2027-07-26", "cho", "does not report on herself", reportedOn("cho", lt2Report(progresses(), choStandards)), never, "", nil},
	{"", "gil", "reads what is to be reported on, and nobody else's", readsReport("cho"), ok, "", nil},
	{"", "gil", "is not let at ada's", readsReport("ada"), gone, "not_found", nil},
	{"", "eve", "gives the report of the panel", reportedOn("cho", lt2Report(progresses(), choStandards)), ok, "", nil},
	{"", "fay", "reads it as one of the panel", readsReport("cho"), ok, "", func(r *replay) {
		require.True(r.T, replayed[api.Report](r).Released)
		require.True(r.T, reportPart(r, "assessment").Visible)
	}},
	{"", "gil", "does too", readsReport("cho"), ok, "", func(r *replay) {
		require.True(r.T, reportPart(r, "assessment").Visible)
	}},
	{"", "cho", "comments", gives("cho", "outcome.comment", commentOn("I thank the three.")), ok, "", nil},
}

// lt2Pay is what is decided, with the report and what it recommends.
var lt2Pay = []replayScene{
	{"2027-10-18", "ben", "decides nothing", payBy("ada", "pay.decide_pay", progress, nil), never, "", nil},
	{"", "hr", "finds kim's pay still to decide", payOf("kim"), ok, "", func(r *replay) {
		require.True(r.T, replayed[api.PayOutcome](r).Decision.IsNull())
	}},
	{"", "hr", "must say why it departs from the report", payBy("ada", "pay.decide_pay", progress, nil), invalid, "reason_required", nil},
	{"", "hr", "must say why ada does not progress", payBy("ada", "pay.decide_pay", noProgression, nil), invalid, "reason_required", nil},
	{"", "hr", "decides as recommended, without any capability process", payBy("ada", "pay.decide_pay", noProgression, ptr("As the report says.")), ok, "", nil},
	{"", "ada", "reads it, why, and until when she may appeal", payOf("ada"), ok, "", func(r *replay) {
		paidAs("no_award", "2027-10-31", false)(r)
		require.Equal(r.T, "As the report says.", replayed[api.PayOutcome](r).Decision.MustGet().Reason.MustGet())
		require.Equal(r.T, "2027-11-01", replayed[api.PayOutcome](r).AppealUntil.MustGet().String())
	}},
	{"", "hr", "decides on dov", payBy("dov", "pay.decide_pay", noProgression, ptr("As the report says.")), ok, "", nil},
	{"", "hr", "decides on the headteacher", payBy("cho", "pay.decide_pay", progress, nil), ok, "", nil},
	{"", "cho", "reads it", payOf("cho"), ok, "", paidAs("progressed", "2027-10-31", false)},
	{"", "cho", "does not decide on kim's", paysTransferred("kim", *stays("The procedure goes on.")), never, "role_not_admitted", nil},
	{"", "hr", "must say why", paysTransferred("kim", api.PayChoice{Progression: noProgression}), invalid, "reason_required", nil},
	{"", "hr", "decides on kim's, whose year has no report", paysTransferred("kim", *stays("The procedure goes on.")), created, "", nil},
	{"", "kim", "reads it", payOf("kim"), ok, "", func(r *replay) {
		require.Equal(r.T, "no_award", string(replayed[api.PayOutcome](r).Decision.MustGet().Result))
	}},
	{"", "dov", "appends comments to a report that was released in July, late as it is", gives("dov", "outcome.comment", commentOn("The store is ready now.")), ok, "", func(r *replay) {
		require.True(r.T, replayed[api.StepDetail](r).Step.Late)
	}},
}

// lt2Appealing is the right of appeal, against pay alone: one that is changed at the second stage, one that
// comes late, one that is withdrawn.
var lt2Appealing = []replayScene{
	{"2027-10-25", "ada", "has no appeal against the report, to which she has appended her comments", adasPay.lodged("ada", "statement"), never, "no_appeal_here", citing("appeals.statement")},
	{"", "ada", "appeals against pay, in time", adasPay.lodged("ada", "pay"), created, "", func(r *replay) {
		require.Equal(r.T, []any{r.As("cho").ID}, []any{replayed[api.Appeal](r).PersonIds[0]})
	}},
	{"", "hr", "who decided does not hear it", adasPay.decided(api.DecideAppeal{Result: "stands", Reason: "It is right."}), never, "not_your_act", nil},
	{"", "kim", "appeals too", kimsPay.lodged("kim", "pay"), created, "", nil},
	{"", "cho", "does not withdraw what is kim's", kimsPay.withdrawn(), never, "", nil},
	{"", "cho", "appeals, and nobody is left to hear it, as HR was told before the year", chosPay.lodged("cho", "pay"), created, "", func(r *replay) {
		require.Empty(r.T, replayed[api.Appeal](r).PersonIds)
	}},
	{"2027-10-26", "kim", "withdraws it", kimsPay.withdrawn(), ok, "", func(r *replay) {
		require.Equal(r.T, api.AppealStatus("withdrawn"), replayed[api.Appeal](r).Status)
		require.Zero(r.T, toDo(r, "cho", "kim", "decide_appeal"))
	}},
	{"2027-11-01", "cho", "lets ada's stand", adasPay.decided(api.DecideAppeal{Result: "stands", Reason: "The report says enough."}), ok, "", func(r *replay) {
		require.Equal(r.T, "2027-11-15", replayed[api.Appeal](r).NextStageUntil.MustGet().String())
	}},
	{"2027-11-02", "dov", "is late and says no reason", dovsPay.lodgedLate("dov", nil), invalid, "late_reason_required", nil},
	{"", "dov", "says why he is late", dovsPay.lodgedLate("dov", ptr("I was in hospital.")), created, "", func(r *replay) {
		require.Equal(r.T, api.AppealStatus("awaiting_admission"), replayed[api.Appeal](r).Status)
		require.Equal(r.T, 1, toDo(r, "fay", "dov", "admit_appeal"))
	}},
	{"", "cho", "does not hear it yet", dovsPay.decided(api.DecideAppeal{Result: "stands", Reason: "It is right."}), conflict, "wrong_status", nil},
	{"", "cho", "does not admit it", dovsPay.admitted(), never, "not_your_act", citing("appeals.late_by")},
	{"", "fay", "admits it, as the policy names the chair", dovsPay.admitted(), ok, "", func(r *replay) {
		require.Equal(r.T, api.AppealStatus("lodged"), replayed[api.Appeal](r).Status)
	}},
	{"", "cho", "hears it, and it stands", dovsPay.decided(api.DecideAppeal{Result: "stands", Reason: "The store was late."}), ok, "", nil},
	{"2027-11-12", "ada", "takes hers on", adasPay.takenOn(), ok, "", func(r *replay) {
		require.Equal(r.T, r.As("fay").ID, replayed[api.Appeal](r).PersonIds[0])
	}},
	{"", "cho", "decides no more", adasPay.decided(api.DecideAppeal{Result: "stands", Reason: "It is right."}), never, "not_your_act", nil},
	{"2027-11-19", "fay", "reads the report that it is about", readsReport("ada"), ok, "", nil},
	{"", "fay", "changes it", adasPay.decided(api.DecideAppeal{Result: "changed", Reason: "The tests of July show it.", Progression: ptr(api.DecideAppealProgression("progress"))}), ok, "", nil},
	{"", "ada", "progresses, and what was decided before is kept", payOf("ada"), ok, "", func(r *replay) {
		p := replayed[api.PayOutcome](r)
		require.Equal(r.T, []string{"progressed", "appeal"}, []string{string(p.Decision.MustGet().Result), string(p.Decision.MustGet().Kind)})
		require.Len(r.T, p.History, 2)
		require.Equal(r.T, "no_award", string(p.History[0].Result))
	}},
	{"", "ada", "has the report that she had", readsReport("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, "2027-07-19", replayed[api.Report](r).ReleasedOn.MustGet().String())
		require.Equal(r.T, "progressed", reportPart(r, "pay").Pay.MustGet().Result)
		require.Equal(r.T, "no_progression", string(reportPart(r, "pay").Recommendation.MustGet().Progression))
	}},
	{"", "ada", "has no third stage", adasPay.takenOn(), conflict, "no_further_stage", citing("appeals.pay")},
	{"", "dov", "reads how his ended", dovsPay.read(), ok, "", func(r *replay) {
		s := replayed[api.Appeal](r).Stages[0]
		require.Equal(r.T, []any{true, true, r.As("fay").ID, "stands"}, []any{s.Late, s.Admitted.MustGet(), s.AdmissionBy.MustGet(), string(s.Result.MustGet())})
	}},
}
