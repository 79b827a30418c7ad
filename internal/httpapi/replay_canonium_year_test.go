package httpapi_test

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

const (
	adaInitial talk = "ada's initial meeting"
	adaMidTerm talk = "ada's mid-term review"
	zoeInitial talk = "zoe's initial meeting"
)

func discussed(text string) func(*replay) map[string]any {
	return func(*replay) map[string]any { return map[string]any{"discussion": text} }
}

// canoniumMeeting is the initial meeting, whose record somebody writes who was named for it.
var canoniumMeeting = []replayScene{
	{"2026-10-06", "ben", "arranges the initial meeting", adaInitial.arranged("ada", "initial", "2026-10-13"), created, "", func(r *replay) {
		m := replayed[api.Meeting](r)
		require.Equal(r.T, "2026-10-31", m.DueOn.MustGet().String())
		require.Equal(r.T, []string{"directed_time_not_ppa"}, guided(m), "when it is held is said, and refused to nobody")
	}},
	{"", "ada", "cannot choose who takes notes", adaInitial.minutedBy("nia"), never, "out_of_reach", nil},
	{"", "ben", "names who takes notes", adaInitial.minutedBy("nia"), ok, "", nil},
	{"2026-10-13", "nia", "sees the one meeting", func(r *replay) (client.Answer, error) { return r.who.ListMeetingsWithResponse(r.T.Context(), nil) }, ok, "", func(r *replay) {
		require.Len(r.T, replayed[api.MeetingList](r).Items, 1)
		require.Equal(r.T, 1, r.waiting("nia")["take_notes"])
	}},
	{"", "nia", "writes what was said", adaInitial.written("2026-10-13", discussed("Readers, the choir, and a course.")), ok, "", nil},
	{"", "nia", "does not reach the year", readYear("ada"), gone, "not_found", nil},
	{"", "nia", "does not reach a target", adaPupils.read(), gone, "not_found", nil},
	{"", "nia", "does not reach the plan of meetings", func(r *replay) (client.Answer, error) {
		return r.who.ListPlannedMeetingsWithResponse(r.T.Context(), r.year("ada").ID)
	}, gone, "not_found", nil},
	{"", "nia", "does not share the record", adaInitial.shared(), never, "out_of_reach", nil},
	{"", "ada", "does not read it while it is drafted", adaInitial.read(), ok, "", func(r *replay) {
		require.True(r.T, replayed[api.Meeting](r).Answers.IsNull())
	}},
	{"", "ben", "shares it", adaInitial.shared(), ok, "", nil},
	{"", "ada", "reads and answers it", adaInitial.answered("That is what we said."), ok, "", func(r *replay) {
		require.Equal(r.T, "Readers, the choir, and a course.", replayed[api.Meeting](r).Answers.MustGet()["discussion"])
	}},
	{"", "nia", "no longer reaches it", adaInitial.read(), gone, "not_found", nil},
}

// recordsAbsence records a long absence.
func recordsAbsence(whose, from, until string) deed {
	return func(r *replay) (client.Answer, error) {
		back := apitest.Day(until)
		return r.who.RecordAbsenceWithResponse(r.T.Context(), r.As(whose).ID, nil, api.RecordAbsence{FromOn: apitest.Day(from), UntilOn: &back})
	}
}

func absencesOf(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.ListAbsencesWithResponse(r.T.Context(), r.As(whose).ID)
	}
}

// canoniumWinter is an absence, a joiner, and the informal review of the mid-term.
var canoniumWinter = []replayScene{
	{"2026-11-09", "ben", "does not record an absence", recordsAbsence("dov", "2026-11-09", "2027-03-01"), never, "role_not_admitted", nil},
	{"", "cho", "records that dov is away", recordsAbsence("dov", "2026-11-09", "2027-03-01"), created, "", nil},
	{"", "dov", "sees it", absencesOf("dov"), ok, "", func(r *replay) { require.Len(r.T, replayed[api.AbsenceList](r).Items, 1) }},
	{"", "ada", "does not", absencesOf("dov"), gone, "not_found", nil},
	{"", "ben", "who reviews dov does", absencesOf("dov"), ok, "", func(r *replay) { require.Len(r.T, replayed[api.AbsenceList](r).Items, 1) }},
	{"2027-01-11", "hr", "has zoe join the school", func(r *replay) (client.Answer, error) {
		r.join("zoe", api.CreatePerson{GivenName: "Zoe", FamilyName: "Hill", Post: &api.CreatePost{UnitID: r.School, JobTitle: "Teacher", StaffType: "teaching", FromOn: apitest.Day("2027-01-11")}})
		return asksWhatWaits(r)
	}, ok, "", func(r *replay) { require.Equal(r.T, 1, r.waiting("hr")["enrol_people"]) }},
	{"", "hr", "enrols her", enrolsAll, ok, "", func(r *replay) { require.Equal(r.T, 1, replayed[api.EnrolmentResult](r).Created) }},
	{"", "cho", "appoints ben for her", reviews("zoe", "ben"), ok, "", nil},
	{"", "zoe", "has deadlines from the day on which she joined", readYear("zoe"), ok, "", func(r *replay) {
		require.Equal(r.T, "2027-01-11", replayed[api.Appraisal](r).StartsOn.String())
		due := r.due("zoe")
		require.Equal(r.T, []string{"2027-03-12", "2027-03-12", "2027-03-31", "2027-07-20", "2027-06-01"},
			[]string{due["objectives"], due["initial"], due["mid_term"], due["final"], due["outcome.report opens"]})
		require.Len(r.T, placesOf(r, "zoe"), 4)
	}},
	{"2027-03-12", "ben", "meets her in time", zoeInitial.arranged("zoe", "initial", "2027-03-12"), created, "", func(r *replay) {
		require.False(r.T, replayed[api.Meeting](r).Late)
	}},
	{"2027-03-15", "ada", "arranges her informal review", adaMidTerm.arranged("ada", "mid_term", "2027-03-16"), created, "", func(r *replay) {
		require.False(r.T, replayed[api.Meeting](r).Formal)
	}},
	{"2027-03-16", "ben", "writes the notes himself", adaMidTerm.written("2027-03-16", func(*replay) map[string]any { return map[string]any{"notes": "All four are under way."} }), ok, "", nil},
	{"", "ben", "shares them", adaMidTerm.shared(), ok, "", nil},
	{"", "ben", "changes a target without a reason", adaLeads.amended(canoniumContent("Lead two teams")), invalid, "reason_required", citing("objectives.amendments")},
}

func finishes(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
	return r.who.CompleteObjectiveWithResponse(r.T.Context(), id, &api.CompleteObjectiveParams{IfMatch: tag}, api.CompleteObjective{})
}

// canoniumSummer is the end of an induction, and the eve of the review.
var canoniumSummer = []replayScene{
	{"2027-04-12", "hr", "enrols sam, whose induction is over", enrolsAll, ok, "", func(r *replay) {
		require.Equal(r.T, 1, replayed[api.EnrolmentResult](r).Created)
		require.Equal(r.T, "2027-04-12", r.year("sam").StartsOn.String())
		require.Equal(r.T, []string{"2027-06-11", "2027-06-11", "2027-08-31"}, []string{r.due("sam")["objectives"], r.due("sam")["initial"], r.due("sam")["mid_term"]})
	}},
	{"2027-05-31", "cho", "reviews tom, whose contract ends", reviews("tom", "cho"), ok, "", nil},
	{"", "tom", "finds the report open on his last day", func(r *replay) (client.Answer, error) {
		return r.who.GetStepWithResponse(r.T.Context(), r.year("tom").ID, "outcome.report")
	}, ok, "", func(r *replay) { require.Equal(r.T, api.StepStateOpen, replayed[api.StepDetail](r).Step.State) }},
	{"", "ben", "finds that of ada waiting for the first of June", reportsOn("ada", adaPupils), conflict, "step_not_open_yet", citing("outcome.chain[0].opens")},
	{"", "ada", "completes a target", adaPupils.on(finishes), ok, "", func(r *replay) {
		require.Equal(r.T, api.ObjectiveCompletionComplete, replayed[api.Objective](r).Completion)
	}},
	{"2027-06-01", "ben", "finds it open", func(r *replay) (client.Answer, error) {
		return r.who.GetStepWithResponse(r.T.Context(), r.year("ada").ID, "outcome.report")
	}, ok, "", func(r *replay) {
		require.Equal(r.T, api.StepStateOpen, replayed[api.StepDetail](r).Step.State)
		for _, a := range replayed[api.StepDetail](r).Step.AllowedActions {
			for _, v := range a.Refusals {
				require.NotEqual(r.T, "formal_reviews_missing", v.Code, "no formal review is asked for")
			}
		}
	}},
}
