package httpapi_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/pkg/client"
)

// The window that Tom answers late, and the one that he misses.
const lateWindow, missedWindow = 5, 9

// checking is step 4: Tom's check-ins in the windows from first to last, each answered by Ines.
// Reflection and progress alternate.
func checking(first, last int) []scene {
	var out []scene
	for n := first; n <= last; n++ {
		if n == missedWindow {
			continue
		}
		out = append(out, scene{"", tom, fmt.Sprintf("sends check-in %d", n), sendCheckIn(n), ok, "", func(p *play) {
			var k api.CheckIn
			require.NoError(p.T, json.Unmarshal(p.last.GetBody(), &k))
			require.Equal(p.T, n == lateWindow, k.Late)
		}}, scene{"", ines, "acknowledges it", answerCheckIn(n), ok, "", nil})
	}
	return out
}

func sendCheckIn(n int) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		w := p.Windows[n-1]
		day := schooltime.On(w.OpensOn.Time)
		if n == lateWindow {
			day = schooltime.On(w.ClosesOn.Time).AddDays(3)
		}
		p.On(day.String())
		made, err := p.who.StartCheckInWithResponse(p.T.Context(), nil, api.StartCheckIn{AppraisalID: p.appraisal, WindowID: w.ID})
		if err != nil || made.JSON201 == nil {
			return made, err
		}
		p.checkIns[n] = made.JSON201.ID
		saved, err := p.who.SaveCheckInWithResponse(p.T.Context(), made.JSON201.ID, &api.SaveCheckInParams{IfMatch: made.HTTPResponse.Header.Get("ETag")}, api.SaveCheckIn{Answers: p.answers(n)})
		if err != nil || saved.JSON200 == nil {
			return saved, err
		}
		return p.who.SubmitCheckInWithResponse(p.T.Context(), made.JSON201.ID, &api.SubmitCheckInParams{IfMatch: saved.HTTPResponse.Header.Get("ETag")})
	}
}

func (p *play) answers(n int) map[string]any {
	if n%2 == 0 {
		each := map[string]any{}
		for _, id := range p.objectives {
			each[id.String()] = fmt.Sprintf("Further on since window %d.", n-1)
		}
		return map[string]any{"progress": each}
	}
	return map[string]any{"went_well": fmt.Sprintf("Good week %d.", n), "even_better_if": "More time.", "whats_next": "Pairs.",
		"score": 7, "praise": []any{p.Trust.People["priya.nair"].String()}}
}

func answerCheckIn(n int) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		r, err := p.who.GetCheckInWithResponse(p.T.Context(), p.checkIns[n])
		if err != nil || r.JSON200 == nil {
			return r, err
		}
		return p.who.RespondToCheckInWithResponse(p.T.Context(), p.checkIns[n], &api.RespondToCheckInParams{IfMatch: r.HTTPResponse.Header.Get("ETag")},
			api.RespondToCheckIn{Comments: []api.CheckInComment{{Text: "I saw it. Go on."}}})
	}
}

// meeting is step 5: the mid-year review, drafted by Ines, answered by Tom, frozen.
var midYear = []scene{
	{"2027-02-10", ines, "schedules the mid-year review", func(p *play) (client.Answer, error) {
		r, err := p.who.ScheduleMeetingWithResponse(p.T.Context(), nil, api.ScheduleMeeting{AppraisalID: p.appraisal, PlanCode: "mid_year", ScheduledAt: time.Date(2027, 3, 2, 15, 30, 0, 0, time.UTC)})
		if err == nil && r.JSON201 != nil {
			p.meeting = r.JSON201.ID
		}
		return r, err
	}, created, "", nil},
	{"2027-03-02", ines, "drafts the record", func(p *play) (client.Answer, error) {
		each := map[string]any{}
		for _, id := range p.objectives {
			each[id.String()] = "Half way."
		}
		return p.who.SaveMeetingWithResponse(p.T.Context(), p.meeting, &api.SaveMeetingParams{IfMatch: `"1"`},
			api.SaveMeeting{HeldOn: ptr(date("2027-03-02")), Answers: map[string]any{"progress": each, "discussion": "We looked at the readers."}})
	}, ok, "", nil},
	{"2027-03-02", tom, "does not see the draft", readMeeting, ok, "", func(p *play) { require.Contains(p.T, string(p.last.GetBody()), `"answers":null`) }},
	{"2027-03-02", ines, "completes it", func(p *play) (client.Answer, error) {
		return p.who.CompleteMeetingWithResponse(p.T.Context(), p.meeting, &api.CompleteMeetingParams{IfMatch: `"2"`})
	}, ok, "", func(p *play) {
		require.Contains(p.T, string(p.last.GetBody()), `"late":true`, "the cycle's date was 28 February")
	}},
	{"2027-03-03", ines, "cannot change it any more", func(p *play) (client.Answer, error) {
		return p.who.SaveMeetingWithResponse(p.T.Context(), p.meeting, &api.SaveMeetingParams{IfMatch: `"3"`}, api.SaveMeeting{HeldOn: ptr(date("2027-03-01"))})
	}, conflict, "", nil},
	{"2027-03-03", tom, "answers it", func(p *play) (client.Answer, error) {
		return p.who.RespondToMeetingWithResponse(p.T.Context(), p.meeting, &api.RespondToMeetingParams{IfMatch: `"3"`}, api.RespondToMeeting{Answer: "I agree."})
	}, ok, "", nil},
}

func readMeeting(p *play) (client.Answer, error) {
	return p.who.GetMeetingWithResponse(p.T.Context(), p.meeting)
}

// summing shows the engagement and what the check-ins bring to the reflection.
var summing = []scene{
	{"2027-07-12", ines, "reads the engagement with its sum", func(p *play) (client.Answer, error) {
		return p.who.GetEngagementWithResponse(p.T.Context(), p.appraisal)
	}, ok, "", func(p *play) {
		var e api.Engagement
		require.NoError(p.T, json.Unmarshal(p.last.GetBody(), &e))
		require.Equal(p.T, []int{15, 13, 1}, []int{e.Counted, e.OnTime, e.Late})
		require.InDelta(p.T, 13.0/15, e.Share.MustGet(), 0.001)
		require.Equal(p.T, "most", e.Suggestion.MustGet().Code)
	}},
	{"2027-07-12", tom, "finds his reflection begun from his check-ins", func(p *play) (client.Answer, error) {
		return p.who.GetStepWithResponse(p.T.Context(), p.appraisal, "outcome.reflect")
	}, ok, "", func(p *play) {
		d := p.step("outcome.reflect")
		require.True(p.T, d.Prefilled)
		a := d.Answers.MustGet()
		require.Contains(p.T, a["went_well"], "Good week 15.")
		require.Contains(p.T, a["progress"].(map[string]any)[p.objectives[onSelf].String()], "since window 3")
		require.Equal(p.T, []any{p.Trust.People["priya.nair"].String()}, a["praise_given"])
	}},
	{"2027-07-12", "priya.nair", "sees the praise", func(p *play) (client.Answer, error) {
		return p.who.ListPraiseWithResponse(p.T.Context(), nil)
	}, ok, "", func(p *play) { require.Contains(p.T, string(p.last.GetBody()), "Tom Birch") }},
}
