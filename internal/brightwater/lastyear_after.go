package brightwater

import (
	"strconv"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// postpone lets the last objective wait for examination results, where the story has it.
func (y *lastYear) postpone(s *story, reviewer *client.ClientWithResponses) error {
	if s.waits == "" {
		return nil
	}
	due := toDate(y.day("08-31"))
	r, err := reviewer.DeferOutcomeWithResponse(y.ctx, s.appraisal, nil, api.DeferOutcome{ObjectiveID: &s.objectives[len(s.objectives)-1], Reason: s.waits, DueOn: &due})
	return done(r, err)
}

// appeal is Priya's against the decision on her pay. Marta decided on the year, so that the chief
// executive hears it.
func (y *lastYear) appeal() error {
	return y.on("07-15", func(s *story, own, _ *client.ClientWithResponses) error {
		if s.who != technician {
			return nil
		}
		l, err := own.LodgeAppealWithResponse(y.ctx, s.appraisal, nil, api.LodgeAppeal{Against: "pay", Text: "My range was made longer in June. I am not at the top of it."})
		if err := done(l, err); err != nil {
			return err
		}
		chief, err := y.as(Chief)
		if err != nil {
			return err
		}
		h, err := chief.ScheduleHearingWithResponse(y.ctx, l.JSON201.ID, &api.ScheduleHearingParams{IfMatch: tagOf(l.HTTPResponse)}, api.ScheduleHearing{HearingOn: toDate(y.day("07-15"))})
		if err := done(h, err); err != nil {
			return err
		}
		on := api.DecideAppealProgression("progress")
		d, err := chief.DecideAppealWithResponse(y.ctx, l.JSON201.ID, &api.DecideAppealParams{IfMatch: tagOf(h.HTTPResponse)}, api.DecideAppeal{Result: "changed", Progression: &on,
			Reason: "The range of technicians has one more point since June.", Awards: []api.Award{{Kind: "cost_of_living", Amount: "0"}, {Kind: "percent", Amount: "5"}}})
		return done(d, err)
	})
}

// results come in August: the objective that waited is judged, whoever decided confirms the rating,
// and pay follows.
func (y *lastYear) results() error {
	return y.on("08-26", func(s *story, _, reviewer *client.ClientWithResponses) error {
		if s.waits == "" {
			return nil
		}
		if err := y.resolve(s, reviewer, api.ResolveDeferral{Judgement: &api.JudgeObjective{Code: text("complete"), Text: text("Three pupils of four reached their grade.")}}); err != nil {
			return err
		}
		head, err := y.as(HeadOf)
		if err != nil {
			return err
		}
		if err := y.resolve(s, head, api.ResolveDeferral{Rating: &api.RatingInput{Code: text("met"), Reason: text("The results bear it out.")}}); err != nil {
			return err
		}
		return y.step(s, turn{y.hr, "pay.decide_pay", nil})
	})
}

// resolve settles what waits now.
func (y *lastYear) resolve(s *story, by *client.ClientWithResponses, with api.ResolveDeferral) error {
	l, err := by.ListDeferralsWithResponse(y.ctx, s.appraisal)
	if err := done(l, err); err != nil {
		return err
	}
	for _, d := range l.JSON200.Items {
		if d.Status != "waiting" {
			continue
		}
		r, err := by.ResolveDeferralWithResponse(y.ctx, s.appraisal, d.ID, &api.ResolveDeferralParams{IfMatch: strconv.Quote(strconv.Itoa(d.Version))}, with)
		if err := done(r, err); err != nil {
			return err
		}
	}
	return nil
}
