package httpapi_test

import (
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

const adaFinal talk = "ada's final review"

// canoniumReport is the written report on somebody, with each target that the scenes name.
func canoniumReport(overall string, aims ...aim) func(*replay) api.SaveStep {
	return func(r *replay) api.SaveStep {
		each := map[string]any{}
		for _, a := range aims {
			each[r.ids[string(a)].String()] = "It was worked on all year."
		}
		return api.SaveStep{Answers: map[string]any{"target": each, "overall": overall, "training": "Two visits, of which one led to the reading hour."}}
	}
}

func reportedOn(whose string, body func(*replay) api.SaveStep) deed {
	return func(r *replay) (client.Answer, error) { return gives(whose, "outcome.report", body(r))(r) }
}

var adasComment = api.SaveStep{Answers: map[string]any{"comment": "I would like the choir to be named."}}

// signatureOf is a signature on the report that was read.
func signatureOf(r *replay, step string) api.ReportSignature {
	r.T.Helper()
	for _, s := range reportPart(r, "signatures").Signatures {
		if s.Step == step {
			return s
		}
	}
	require.Fail(r.T, "nobody signs that", step)
	return api.ReportSignature{}
}

// canoniumEnd is the final review: targets met or not met as both say, the report, and the signatures.
var canoniumEnd = []replayScene{
	{"2027-07-05", "ben", "arranges the final review", adaFinal.arranged("ada", "final", "2027-07-05"), created, "", nil},
	{"", "ben", "writes down what was said", adaFinal.written("2027-07-05", discussed("What was reached, and what was not.")), ok, "", nil},
	{"", "ben", "shares it", adaFinal.shared(), ok, "", nil},
	{"2027-07-06", "ben", "has not heard ada on her targets", reportedOn("ada", canoniumReport("A strong year.", adaPupils, adaLeads, adaLearns, adaEnriched)), conflict, "judgement_missing", citing("outcome.objective_judges")},
	{"", "ada", "thinks that her pupils got there", adaPupils.judged(as("met")), ok, "", nil},
	{"", "ada", "that her team did", adaLeads.judged(as("met")), ok, "", nil},
	{"", "ada", "that she herself did not", adaLearns.judged(as("not_met")), ok, "", nil},
	{"", "ada", "says nothing between met and not met", adaEnriched.judged(as("partly")), invalid, "unknown_judgement", citing("outcome.objective_scale")},
	{"", "ben", "sees it otherwise, and must say why", adaLearns.judged(as("met")), invalid, "reason_required", citing("outcome.objective_judges")},
	{"", "ada", "agrees when they have talked", adaLearns.judged(as("met")), ok, "", nil},
	{"", "ben", "needs no reason now", adaLearns.judged(as("met")), ok, "", nil},
	{"", "ben", "thinks the same of the pupils", adaPupils.judged(as("met")), ok, "", nil},
	{"", "ben", "and of the team", adaLeads.judged(as("met")), ok, "", nil},
	{"", "ben", "has one target still to judge", reportedOn("ada", canoniumReport("A strong year.", adaPupils, adaLeads, adaLearns, adaEnriched)), conflict, "judgement_missing", func(r *replay) {
		require.Len(r.T, refusalHere(r).Refusals, 1)
	}},
	{"", "ben", "judges the choir", adaEnriched.judged(as("not_met")), ok, "", nil},
	{"", "ben", "has not heard ada on the choir", reportedOn("ada", canoniumReport("A strong year.", adaPupils, adaLeads, adaLearns, adaEnriched)), conflict, "reviewee_not_heard", citing("outcome.objective_judges")},
	{"", "ada", "thinks that the choir sang", adaEnriched.judged(as("met")), ok, "", nil},
	{"", "ben", "must say why he does not", reportedOn("ada", canoniumReport("A strong year.", adaPupils, adaLeads, adaLearns, adaEnriched)), conflict, "judgements_differ", citing("outcome.objective_judges")},
	{"", "ben", "says why", adaEnriched.judged(api.JudgeObjective{Code: ptr("not_met"), Reason: ptr("There was no concert.")}), ok, "", nil},
	{"", "ben", "has weighed only the standards", func(r *replay) (client.Answer, error) {
		body := canoniumReport("A strong year.", adaPupils, adaLeads, adaLearns, adaEnriched)(r)
		body.Weighed = []string{"standards"}
		return gives("ada", "outcome.report", body)(r)
	}, conflict, "inputs_not_weighed", citing("outcome.inputs")},
	{"", "ada", "does not see the report yet", readsReport("ada"), ok, "", func(r *replay) { require.False(r.T, reportPart(r, "overall").Visible) }},
	{"2027-07-08", "ben", "gives the report", reportedOn("ada", canoniumReport("A strong year.", adaPupils, adaLeads, adaLearns, adaEnriched)), ok, "", nil},
	{"", "ada", "receives it", readsReport("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, []string{"targets", "assessment", "overall", "training", "pay", "comments", "signatures"}, sectionsOf(replayed[api.Report](r)))
		require.Equal(r.T, "A strong year.", reportPart(r, "overall").Answers[0].Value.MustGet())
		judged := map[string][]string{}
		for _, o := range reportPart(r, "targets").Objectives {
			for _, j := range o.Judgements {
				judged[o.Slot] = append(judged[o.Slot], j.Party+" "+j.Outcome.MustGet().Code)
			}
			slices.Sort(judged[o.Slot])
		}
		require.Equal(r.T, map[string][]string{"pupil_progress": {"reviewee met", "reviewer met"}, "leadership": {"reviewee met", "reviewer met"},
			"development": {"reviewee met", "reviewer met"}, "enrichment": {"reviewee met", "reviewer not_met"}}, judged)
		require.Equal(r.T, "not_met", adaEnriched.outcome(r).Judgement.MustGet().Code, "where they differ the reviewer's stands")
	}},
	{"2027-07-09", "ada", "comments and signs", gives("ada", "outcome.comment", adasComment), ok, "", nil},
	{"", "ben", "takes the report back to name the choir", sendsBack("ada", "outcome.sign", "outcome.report"), ok, "", nil},
	{"", "ben", "finds that nobody has signed it now", readsReport("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, []any{"waiting", true}, []any{string(signatureOf(r, "outcome.comment").State), signatureOf(r, "outcome.comment").SignedSha256.IsNull()})
	}},
	{"2027-07-12", "ben", "gives it again", reportedOn("ada", canoniumReport("A strong year, with a choir.", adaPupils, adaLeads, adaLearns, adaEnriched)), ok, "", nil},
	{"2027-07-13", "ada", "signs it again, her comment being there still", gives("ada", "outcome.comment", api.SaveStep{}), ok, "", func(r *replay) {
		require.Equal(r.T, "I would like the choir to be named.", replayed[api.StepDetail](r).Answers.MustGet()["comment"])
	}},
	{"", "ben", "signs it", gives("ada", "outcome.sign", api.SaveStep{}), ok, "", nil},
	{"", "ada", "has a released report, signed by both", readsReport("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, "2027-07-13", replayed[api.Report](r).ReleasedOn.MustGet().String())
		require.True(r.T, signatureOf(r, "outcome.comment").Stands.MustGet() && signatureOf(r, "outcome.sign").Stands.MustGet())
		require.Equal(r.T, "I would like the choir to be named.", reportPart(r, "comments").Comments[0].Answers[0].Value.MustGet())
	}},
	{"", "ada", "judges nothing any more", adaPupils.judged(as("not_met")), conflict, "", nil},
	{"2027-09-13", "ben", "reports on dov, who had no targets", reportedOn("dov", canoniumReport("A year of much absence.")), ok, "", nil},
	{"", "dov", "does not sign", declines("dov", "outcome.comment"), ok, "", nil},
	{"", "ben", "signs all the same", gives("dov", "outcome.sign", api.SaveStep{}), ok, "", nil},
	{"", "dov", "finds on record that he did not", readsReport("dov"), ok, "", func(r *replay) {
		s := signatureOf(r, "outcome.comment")
		require.Equal(r.T, []any{"declined", "It is not what we said.", true}, []any{string(s.State), s.Reason.MustGet(), s.SignedSha256.IsNull()})
		require.True(r.T, replayed[api.Report](r).Released)
	}},
	{"2027-09-14", "cho", "says that the trust's target was met", choTarget.judged(as("met")), ok, "", nil},
	{"", "cho", "and her own", choOther.judged(as("met")), ok, "", nil},
	{"", "eve", "who set the target does not judge it", choTarget.judged(as("met")), never, "not_your_act", nil},
	{"", "gus", "who reviews for the board agrees", choTarget.judged(as("met")), ok, "", nil},
	{"", "gus", "on both", choOther.judged(as("met")), ok, "", nil},
	{"", "gus", "reports", reportedOn("cho", canoniumReport("A school that reads.", choTarget, choOther)), ok, "", nil},
	{"", "cho", "signs", gives("cho", "outcome.comment", api.SaveStep{}), ok, "", nil},
	{"", "gus", "signs", gives("cho", "outcome.sign", api.SaveStep{}), ok, "", nil},
}

// payBy chooses on progression in a step of somebody's pay.
func payBy(whose, step string, choice api.PayChoiceProgression, why *string) deed {
	return gives(whose, step, api.SaveStep{Pay: &api.PayChoice{Progression: choice, Reason: why}})
}

// paidAs holds the pay that was read to its decision, by when it was due, and whether it came late.
func paidAs(result, due string, late bool) func(*replay) {
	return func(r *replay) {
		r.T.Helper()
		p := replayed[api.PayOutcome](r)
		require.Equal(r.T, []any{result, due, late}, []any{string(p.Decision.MustGet().Result), p.DueOn.MustGet().String(), p.Late})
	}
}

// canoniumPay is what the head recommends and HR decides: by 31 October, and for headteachers by 31 December.
var canoniumPay = []replayScene{
	{"2027-10-20", "hr", "sets what progression brings", func(r *replay) (client.Answer, error) {
		c, err := r.who.GetCycleWithResponse(r.T.Context(), r.CycleID)
		apitest.OK(r.T, c, err)
		return r.who.SetPayTableWithResponse(r.T.Context(), r.CycleID, &api.SetPayTableParams{IfMatch: etag(c.JSON200.Version)},
			api.SetPayTable{Items: []api.SetPayRow{onePoint("class_teacher", "progress"), onePoint("headteacher", "progress"), onePoint("support", "progress")}})
	}, ok, "", nil},
	{"", "ben", "recommends nothing on pay", payBy("ada", "pay.recommend_pay", progress, nil), never, "not_your_act", nil},
	{"", "hr", "does not decide before the head has recommended", payBy("ada", "pay.decide_pay", progress, nil), conflict, "step_waits", nil},
	{"", "cho", "recommends that ada progresses", payBy("ada", "pay.recommend_pay", progress, nil), ok, "", nil},
	{"", "cho", "recommends that dov does not", payBy("dov", "pay.recommend_pay", noProgression, ptr("He was away for half of it.")), ok, "", nil},
	{"", "cho", "does not recommend on her own pay", payBy("cho", "pay.recommend_pay", progress, nil), never, "", nil},
	{"2027-10-29", "hr", "decides in time", payBy("ada", "pay.decide_pay", progress, nil), ok, "", nil},
	{"", "ada", "reads it", payOf("ada"), ok, "", func(r *replay) {
		paidAs("awarded", "2027-10-31", false)(r)
		require.Equal(r.T, "progress", string(replayed[api.PayOutcome](r).Recommendation.MustGet().Progression))
	}},
	{"2027-11-02", "hr", "decides on dov two days late", payBy("dov", "pay.decide_pay", noProgression, ptr("As recommended.")), ok, "", nil},
	{"", "dov", "reads that it came late", payOf("dov"), ok, "", paidAs("no_award", "2027-10-31", true)},
	{"2027-12-15", "eve", "recommends for the headteacher", payBy("cho", "pay.recommend_pay", progress, nil), ok, "", nil},
	{"2028-01-05", "hr", "decides when the year has turned", payBy("cho", "pay.decide_pay", progress, nil), ok, "", func(r *replay) {
		require.True(r.T, replayed[api.StepDetail](r).Step.Late)
	}},
	{"", "cho", "reads that it is late, by her own day", payOf("cho"), ok, "", paidAs("awarded", "2027-12-31", true)},
}

// opensAdasTo lets somebody read ada's record for a purpose.
func opensAdasTo(key, purpose, until string) deed {
	return func(r *replay) (client.Answer, error) {
		g, err := r.who.CreateAccessGrantWithResponse(r.T.Context(), nil, api.CreateAccessGrant{AppraisalID: r.year("ada").ID, ReaderID: r.As(key).ID, Purpose: purpose, UntilOn: day(until)})
		if err == nil && g.JSON201 != nil {
			r.ids["grant"] = g.JSON201.ID
		}
		return g, err
	}
}

// followsUp records what became of the breach.
func followsUp(body api.RecordBreachFollowUp) deed {
	return func(r *replay) (client.Answer, error) {
		b, err := r.who.GetBreachWithResponse(r.T.Context(), r.ids["breach"])
		apitest.OK(r.T, b, err)
		return r.who.RecordBreachFollowUpWithResponse(r.T.Context(), r.ids["breach"], &api.RecordBreachFollowUpParams{IfMatch: etag(b.JSON200.Version)}, body)
	}
}

// canoniumSeen is who reads a record for which purpose, and what follows when that was wrong.
var canoniumSeen = []replayScene{
	{"2028-01-10", "hr", "writes down gil, a governor", func(r *replay) (client.Answer, error) {
		r.join("gil", api.CreatePerson{GivenName: "Gil", FamilyName: "Orme"})
		return asksWhatWaits(r)
	}, ok, "", nil},
	{"", "gil", "reads nothing", readYear("ada"), never, "role_not_admitted", nil},
	{"", "ben", "lets nobody in", opensAdasTo("gil", "quality_assurance", "2028-01-17"), never, "role_not_admitted", nil},
	{"", "cho", "names a purpose that is not the trust's", opensAdasTo("gil", "partnership_link", "2028-01-17"), invalid, "purpose_not_here", citing("privacy.purposes")},
	{"", "cho", "lets him look at ada's for a week", opensAdasTo("gil", "quality_assurance", "2028-01-17"), created, "", nil},
	{"2028-01-12", "gil", "reads the report", readsReport("ada"), ok, "", nil},
	{"", "gil", "reads a target", adaPupils.read(), ok, "", nil},
	{"", "gil", "reads nobody else's", readYear("dov"), gone, "not_found", nil},
	{"", "gil", "reads no concern", aboutDov.read(), gone, "not_found", nil},
	{"", "ada", "sees in the ledger who read what and why", func(r *replay) (client.Answer, error) {
		return r.who.ListDisclosuresWithResponse(r.T.Context(), nil)
	}, ok, "", func(r *replay) {
		kinds := []string{}
		for _, d := range replayed[api.DisclosureList](r).Items {
			if d.Reader.ID != r.As("gil").ID {
				continue
			}
			require.Equal(r.T, []any{"quality_assurance", r.ids["grant"], "2028-01-12"}, []any{d.Purpose, d.GrantID.MustGet(), d.SchoolOn.String()})
			kinds, r.ids["reading"] = append(kinds, d.SubjectKind), d.ID
		}
		require.Subset(r.T, kinds, []string{"objective"})
		require.GreaterOrEqual(r.T, len(kinds), 2)
	}},
	{"2028-01-14", "ada", "reports that he told others of it", func(r *replay) (client.Answer, error) {
		id := r.ids["reading"]
		b, err := r.who.ReportBreachWithResponse(r.T.Context(), nil, api.ReportBreach{PersonID: r.who.ID, DisclosureID: &id, WhatHappened: "It was spoken of at dinner.", DiscoveredOn: day("2028-01-13")})
		if err == nil && b.JSON201 != nil {
			r.ids["breach"] = b.JSON201.ID
		}
		return b, err
	}, created, "", func(r *replay) {
		require.Equal(r.T, r.As("gil").ID, replayed[api.Breach](r).Reader.MustGet().ID)
	}},
	{"", "hr", "looks into it", followsUp(api.RecordBreachFollowUp{Assessment: ptr("Two heard it."), NotifiedOn: ptr(day("2028-01-14"))}), ok, "", nil},
	{"", "hr", "closes it with what was done", followsUp(api.RecordBreachFollowUp{Measures: ptr("He was spoken to."), Close: ptr(true)}), ok, "", func(r *replay) {
		require.Equal(r.T, api.BreachStatus("closed"), replayed[api.Breach](r).Status)
	}},
	{"2028-01-17", "gil", "may read on the last day", readsReport("ada"), ok, "", nil},
	{"2028-01-18", "gil", "may not on the next", readsReport("ada"), never, "role_not_admitted", nil},
}
