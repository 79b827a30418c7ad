package httpapi_test

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// tlpMeeting is the meetings of the year: the plan, one record from draft to answer, and the others.
var tlpMeeting = []replayScene{
	{"2026-09-30", "ben", "arranges the meeting on the objectives", talk("setting").arranged("ada", "setting", "2026-09-30"), created, "", nil},
	{"", "ben", "records it, with the day of the review at the year's end", talk("setting").written("2026-09-30", func(*replay) map[string]any {
		return map[string]any{"notes": "Three objectives.", "development": "Two mornings.", "year_end_on": "2027-07-08"}
	}), ok, "", nil},
	{"", "ben", "shares it", talk("setting").shared(), ok, "", func(r *replay) { require.False(r.T, replayed[api.Meeting](r).Formal) }},
	{"2026-10-01", "ada", "reads the plan of meetings", func(r *replay) (client.Answer, error) {
		return r.who.ListPlannedMeetingsWithResponse(r.T.Context(), r.year("ada").ID)
	}, ok, "", func(r *replay) {
		list := replayed[api.PlannedMeetingList](r)
		require.Equal(r.T, []int{0, 4}, []int{list.FormalHeld, list.FormalNeeded})
		var have []string
		for _, m := range list.Items {
			if m.Formal {
				have = append(have, m.Title+", "+string(m.Length.MustGet())+", by "+m.DueOn.MustGet().String())
			}
		}
		require.Equal(r.T, []string{"Meeting: Half-term 2, short, by 2026-12-18", "Meeting: Half-term 3, longer, by 2027-02-12",
			"Meeting: Half-term 4, short, by 2027-03-25", "Meeting: Half-term 5, short, by 2027-05-28"}, have)
	}},
	{"", "ben", "cannot change an objective before a meeting", adas(forSchool).amended(tlpChanged), conflict, "no_amending_meeting", citing("objectives.amendments")},
	{"", "ben", "schedules the first", talk("half_term_2").arranged("ada", "half_term_2", "2026-12-02"), created, "", nil},
	{"2026-12-02", "ada", "cannot record it", tlpRecord("half_term_2", "2026-12-02"), never, "not_your_act", citing("meetings.plan[1].recorded_by")},
	{"", "ben", "drafts its record", tlpRecord("half_term_2", "2026-12-02"), ok, "", nil},
	{"", "ada", "does not see the draft", talk("half_term_2").read(), ok, "", func(r *replay) {
		m := replayed[api.Meeting](r)
		require.True(r.T, m.Answers.IsNull())
		require.Equal(r.T, "Meeting: Half-term 2", m.Title)
	}},
	{"", "cho", "does not see it either", talk("half_term_2").read(), ok, "", func(r *replay) { require.True(r.T, replayed[api.Meeting](r).Answers.IsNull()) }},
	{"", "ada", "cannot answer it yet", talk("half_term_2").answered("I agree, and I need the mornings."), conflict, "wrong_status", nil},
	{"2026-12-03", "ben", "marks it as complete", talk("half_term_2").shared(), ok, "", nil},
	{"", "ben", "cannot change what is shared", tlpRecord("half_term_2", "2026-12-02"), conflict, "wrong_status", nil},
	{"", "ben", "cannot open it again: it is final", func(r *replay) (client.Answer, error) {
		m := talk("half_term_2").as(r)
		return r.who.ReopenMeetingWithResponse(r.T.Context(), m.ID, &api.ReopenMeetingParams{IfMatch: etag(m.Version)})
	}, never, "record_final", citing("meetings.final")},
	{"", "ada", "answers it", talk("half_term_2").answered("I agree, and I need the mornings."), ok, "", func(r *replay) {
		m := replayed[api.Meeting](r)
		require.Equal(r.T, "I agree, and I need the mornings.", m.Answer.MustGet())
		require.Equal(r.T, "The reading ages rose.", m.Answers.MustGet()["statement"])
	}},
}

// tlpSummer is the spring's and summer's meetings, and the eve of the review.
var tlpSummer = []replayScene{
	{"2027-02-03", "ben", "holds the longer one", tlpHold("half_term_3", "2027-02-03"), ok, "", nil},
	{"2027-03-10", "ben", "holds the fourth", tlpHold("half_term_4", "2027-03-10"), ok, "", nil},
	{"2027-05-12", "ben", "cannot complete the fifth without an indication", tlpHold("half_term_5", "2027-05-12"), conflict, "indication_missing", citing("meetings.plan[4].indicative")},
	{"", "ben", "indicates an outcome of the trust's scale", tlpIndicate("half_term_5", "excellent"), invalid, "unknown_rating", citing("outcome.scale")},
	{"", "ben", "indicates one that it has", tlpIndicate("half_term_5", "objectives_met"), ok, "", nil},
	{"", "ada", "does not see it in the draft", talk("half_term_5").read(), ok, "", func(r *replay) { require.True(r.T, replayed[api.Meeting](r).IndicativeRating.IsNull()) }},
	{"", "ben", "completes it", talk("half_term_5").shared(), ok, "", nil},
	{"", "ada", "sees it in the record", talk("half_term_5").read(), ok, "", func(r *replay) {
		require.Equal(r.T, "Objectives met", replayed[api.Meeting](r).IndicativeRating.MustGet().Label)
	}},
	{"", "ada", "has had the four that are formal", func(r *replay) (client.Answer, error) {
		return r.who.ListPlannedMeetingsWithResponse(r.T.Context(), r.year("ada").ID)
	}, ok, "", func(r *replay) {
		list := replayed[api.PlannedMeetingList](r)
		require.Equal(r.T, []int{4, 4}, []int{list.FormalHeld, list.FormalNeeded})
	}},
	{"2027-05-20", "ben", "cannot complete her objective", tlpComplete(forBehaviour), never, "not_your_act", citing("objectives.completer")},
	{"", "ada", "completes the second early", tlpComplete(forBehaviour), ok, "", nil},
	{"2027-05-31", "ben", "cannot validate it before the year's end", tlpValidate(forBehaviour), conflict, "not_year_end", nil},
	{"", "ada", "cannot begin her review yet", func(r *replay) (client.Answer, error) {
		return r.who.SaveStepWithResponse(r.T.Context(), r.year("ada").ID, "outcome.complete", &api.SaveStepParams{IfMatch: etag(0)}, api.SaveStep{Answers: map[string]any{"career": "Lead a department."}})
	}, conflict, "step_not_open_yet", nil},
}

// tlpRecord drafts a record that answers everything that the form asks for.
func tlpRecord(plan, on string) deed {
	return func(r *replay) (client.Answer, error) {
		m, held := talk(plan).as(r), apitest.Day(on)
		return r.who.SaveMeetingWithResponse(r.T.Context(), m.ID, &api.SaveMeetingParams{IfMatch: etag(m.Version)}, api.SaveMeeting{HeldOn: &held,
			Answers: map[string]any{"objectives_status": "not_applicable", "statement": "The reading ages rose.", "progress": map[string]any{r.ids["ada "+forSchool].String(): "Two classes read daily."}}})
	}
}

func tlpIndicate(plan, rating string) deed {
	return func(r *replay) (client.Answer, error) {
		m := talk(plan).as(r)
		return r.who.SaveMeetingWithResponse(r.T.Context(), m.ID, &api.SaveMeetingParams{IfMatch: etag(m.Version)}, api.SaveMeeting{IndicativeRating: &rating})
	}
}

// tlpHold schedules a meeting, records it on the day and marks it as complete.
func tlpHold(plan, on string) deed {
	return func(r *replay) (client.Answer, error) {
		for _, act := range []func(*replay) (client.Answer, error){talk(plan).arranged("ada", plan, on), tlpRecord(plan, on)} {
			if a, err := act(r); err != nil || a.StatusCode() >= 300 {
				return a, err
			}
		}
		return talk(plan).shared()(r)
	}
}

func tlpComplete(slot string) deed {
	return adas(slot).on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.CompleteObjectiveWithResponse(r.T.Context(), id, &api.CompleteObjectiveParams{IfMatch: tag}, api.CompleteObjective{})
	})
}

func tlpValidate(slot string) deed {
	return adas(slot).on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ValidateObjectiveWithResponse(r.T.Context(), id, &api.ValidateObjectiveParams{IfMatch: tag}, api.ValidateObjective{Agree: true})
	})
}
