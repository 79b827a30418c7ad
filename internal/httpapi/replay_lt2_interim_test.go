package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

const (
	adaInterim talk = "ada's interim"
	dovInterim talk = "dov's interim"
	dovTools   aim  = "dov's tools"
)

// hangs uploads a document as a kind of evidence on an objective.
func (a aim) hangs(kind, title string) deed {
	return func(r *replay) (client.Answer, error) {
		form, body := form(r.T, part{field: "subject_kind", value: "objective"}, part{field: "subject_id", value: r.ids[string(a)].String()},
			part{field: "kind", value: kind}, part{field: "title", value: title}, part{"file", smallPDF, "figures.pdf"})
		return r.who.UploadEvidenceWithBodyWithResponse(r.T.Context(), a.now(r).AppraisalID, form, body)
	}
}

// lt2Evidence is what shows the work: data of pupils, a financial figure, a survey, an observation.
var lt2Evidence = []replayScene{
	{"2026-12-01", "ada", "hangs up how her pupils did", adaReading.hangs("pupil_data", "Reading tests of September"), created, "", nil},
	{"", "hal", "hangs up a financial figure", halBudget.hangs("financial_metric", "Days to close the accounts"), created, "", nil},
	{"", "cho", "hangs up a survey", choStandards.hangs("survey", "What parents say"), created, "", nil},
	{"", "ben", "notes what he saw in ada's lesson", func(r *replay) (client.Answer, error) {
		return r.who.AddEvidenceWithResponse(r.T.Context(), r.year("ada").ID, nil, api.AddEvidence{SubjectKind: "objective", SubjectID: r.ids[string(adaReading)], Kind: "observation",
			Title: "A lesson in year 8", Text: ptr("Every pupil read aloud.")})
	}, created, "", nil},
	{"", "ada", "has no kind of evidence that this trust does not name", func(r *replay) (client.Answer, error) {
		return r.who.AddEvidenceWithResponse(r.T.Context(), r.year("ada").ID, nil, api.AddEvidence{SubjectKind: "objective", SubjectID: r.ids[string(adaReading)], Kind: "recognition",
			Title: "Praise", Text: ptr("Well done.")})
	}, invalid, "no_such_kind", citing("evidence.kinds")},
	{"", "ada", "sees both pieces", func(r *replay) (client.Answer, error) {
		return r.who.ListEvidenceWithResponse(r.T.Context(), r.year("ada").ID, nil)
	}, ok, "", func(r *replay) {
		var kinds []string
		for _, e := range replayed[api.EvidenceList](r).Items {
			kinds = append(kinds, e.Kind.Code)
		}
		require.ElementsMatch(r.T, []string{"pupil_data", "observation"}, kinds)
	}},
	{"", "gil", "reads the survey of the one record that is the adviser's", func(r *replay) (client.Answer, error) {
		return r.who.ListEvidenceWithResponse(r.T.Context(), r.year("cho").ID, nil)
	}, ok, "", func(r *replay) { require.Len(r.T, replayed[api.EvidenceList](r).Items, 1) }},
}

// lt2Winter is the second year of an induction that begins in January.
var lt2Winter = []replayScene{
	{"2027-01-04", "hr", "has nobody to enrol yet", asksWhatWaits, ok, "", func(r *replay) { require.NotContains(r.T, r.waiting("hr"), "enrol_people") }},
	{"2027-01-05", "hr", "is told that lou's first year of induction is over", asksWhatWaits, ok, "", func(r *replay) { require.Equal(r.T, 1, r.waiting("hr")["enrol_people"]) }},
	{"", "hr", "enrols lou", func(r *replay) (client.Answer, error) {
		return r.who.EnrolPeopleWithResponse(r.T.Context(), r.CycleID, nil, api.EnrolPeople{})
	}, ok, "", func(r *replay) {
		require.Equal(r.T, 1, replayed[api.EnrolmentResult](r).Created)
		require.Equal(r.T, "induction_year", inOrOut(r.enrolment("jan")), "jan's goes on")
		require.Equal(r.T, []string{"nobody"}, []string{reviewing(r.enrolment("lou"))})
	}},
	{"", "cho", "appoints ben for lou", reviews("lou", "ben"), ok, "", nil},
	{"", "lou", "has a year that begins on that day, and nothing late in it", readYear("lou"), ok, "", func(r *replay) {
		a := replayed[api.Appraisal](r)
		require.Equal(r.T, "2027-01-05", a.StartsOn.String())
		require.False(r.T, a.Next.MustGet().Late)
		require.Equal(r.T, "2027-03-08", r.due("lou")["objectives"])
	}},
}

func asksWhatWaits(r *replay) (client.Answer, error) { return r.who.GetMeWithResponse(r.T.Context()) }

// lt2Changing is a change of circumstances, and the formal interim review.
var lt2Changing = []replayScene{
	{"2027-01-11", "ada", "changes an objective and says no reason", adaReading.amended(lt2Content("Readers in years 8 and 9")), invalid, "reason_required", citing("objectives.amendments")},
	{"", "ada", "says what has changed", adaReading.amended(but(lt2Content("Readers in years 8 and 9"), func(c *api.ObjectiveContent) { c.Remark = ptr("I took over year 9 after Christmas.") })), ok, "", func(r *replay) {
		require.Equal(r.T, "Readers in year 8", replayed[api.Objective](r).Live.MustGet().Title, "the old one stands until both agree")
	}},
	{"", "ada", "proposes the change", adaReading.proposed(), ok, "", nil},
	{"", "ben", "agrees to it", adaReading.signed(), ok, "", func(r *replay) {
		live := replayed[api.Objective](r).Live.MustGet()
		require.Equal(r.T, []string{"Readers in years 8 and 9", "I took over year 9 after Christmas."}, []string{live.Title, live.Remark.MustGet()})
	}},
	{"2027-03-08", "ben", "arranges ada's interim review", adaInterim.arranged("ada", "interim", "2027-03-15"), created, "", func(r *replay) {
		m := replayed[api.Meeting](r)
		require.True(r.T, m.Formal)
		require.Equal(r.T, "2027-03-31", m.DueOn.MustGet().String())
	}},
	{"2027-03-15", "ben", "writes its record", adaInterim.written("2027-03-15", func(r *replay) map[string]any {
		return map[string]any{"changes": false, "strengths": "Reading aloud.", "progress": map[string]any{r.ids[string(adaReading)].String(): "Half-way.", r.ids[string(adaCourse)].String(): "Booked for June."}}
	}), ok, "", nil},
	{"", "ben", "shares it", adaInterim.shared(), ok, "", nil},
	{"2027-03-16", "ada", "answers it", adaInterim.answered("I would still like to lead a team."), ok, "", nil},
	{"", "ada", "sees that one formal review was held", func(r *replay) (client.Answer, error) {
		return r.who.ListPlannedMeetingsWithResponse(r.T.Context(), r.year("ada").ID)
	}, ok, "", func(r *replay) {
		plan := replayed[api.PlannedMeetingList](r)
		require.Equal(r.T, []int{1, 1}, []int{plan.FormalHeld, plan.FormalNeeded})
	}},
}

// reportsOn fills the appraiser's report on somebody's year.
func reportsOn(whose string, aims ...aim) deed {
	return func(r *replay) (client.Answer, error) {
		each := map[string]any{}
		for _, a := range aims {
			each[r.ids[string(a)].String()] = "Met, by the tests of June."
		}
		r.who.Judge(r.year(whose).ID)
		s, err := r.World.HR.GetStepWithResponse(r.T.Context(), r.year(whose).ID, "outcome.report")
		apitest.OK(r.T, s, err)
		return r.who.SaveStepWithResponse(r.T.Context(), r.year(whose).ID, "outcome.report", &api.SaveStepParams{IfMatch: etag(s.JSON200.Step.Version)},
			apitest.Weighing(s.JSON200, api.SaveStep{Answers: map[string]any{"objective": each, "role_and_standards": "A year of steady work.", "development": "A course on leading."}}))
	}
}

func givesReport(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.CompleteStepWithResponse(r.T.Context(), r.year(whose).ID, "outcome.report", &api.CompleteStepParams{IfMatch: reportTag(r, whose)}, api.CompleteStep{})
	}
}

// reportTag is the tag of the report as HR reads it, who reaches every year.
func reportTag(r *replay, whose string) string {
	s, err := r.World.HR.GetStepWithResponse(r.T.Context(), r.year(whose).ID, "outcome.report")
	apitest.OK(r.T, s, err)
	return etag(s.JSON200.Step.Version)
}

// lt2Summer is the eve of the review: the report opens, and waits for a formal interim review.
var lt2Summer = []replayScene{
	{"2027-06-29", "ben", "cannot report yet", reportsOn("dov"), conflict, "step_not_open_yet", citing("outcome.chain[0].opens")},
	{"2027-06-30", "dov", "drafts his objective late", dovTools.drafted("dov", "contribution", lt2Content("A safe store")), created, "", nil},
	{"", "dov", "proposes it", dovTools.proposed(), ok, "", nil},
	{"", "ben", "agrees", dovTools.signed(), ok, "", nil},
	{"", "ben", "writes the report on dov", reportsOn("dov", dovTools), ok, "", nil},
	{"", "ben", "cannot give it without an interim review", givesReport("dov"), conflict, "formal_reviews_missing", citing("meetings.formal_min")},
	{"", "ben", "arranges one", dovInterim.arranged("dov", "interim", "2027-06-30"), created, "", nil},
	{"", "ben", "records it", dovInterim.written("2027-06-30", func(r *replay) map[string]any {
		return map[string]any{"changes": false, "progress": map[string]any{r.ids[string(dovTools)].String(): "Done."}}
	}), ok, "", nil},
	{"", "ben", "still cannot: a record that nobody has seen is no review", givesReport("dov"), conflict, "formal_reviews_missing", nil},
	{"", "ben", "shares it, late as it is", dovInterim.shared(), ok, "", func(r *replay) { require.True(r.T, replayed[api.Meeting](r).Late) }},
	{"", "ben", "may report on ada, whose review was held", reportsOn("ada", adaReading, adaCourse), ok, "", func(r *replay) {
		require.Contains(r.T, allowed(replayed[api.StepDetail](r).Step.AllowedActions), "complete")
	}},
	{"", "hr", "looks at the next year, in which jan is", func(r *replay) (client.Answer, error) {
		r.draftYear("2027-28", "2027-09-01")
		return r.who.PreviewEnrolmentWithResponse(r.T.Context(), r.CycleID, nil)
	}, ok, "", func(r *replay) { require.Equal(r.T, "in", inOrOut(r.enrolment("jan"))) }},
}
