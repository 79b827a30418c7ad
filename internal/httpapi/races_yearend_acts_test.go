package httpapi_test

import (
	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// heads are who may be head when the blow falls.
var heads, otherHead = []string{"cho", "dov"}, map[string]string{"cho": "dov", "dov": "cho"}

func (k sky) open(step string) bool {
	return k.steps[step].State == "open" && k.appraisal.Status == "open"
}

func (k sky) released() bool { return k.appraisal.Stage == "released" && k.appraisal.Status == "open" }

// steppers are the blows that move steps: saved, completed, declined, skipped, returned, and by the dozen.
func (s *storm) steppers(k sky) []blow {
	completed := func(who, step, result string) blow {
		body := api.CompleteStep{}
		if result != "done" {
			body = api.CompleteStep{Result: ptr(api.CompleteStepResult(result)), Reason: ptr("So it is.")}
		}
		return blow{who, "step." + result, k.open(step), func(p *apitest.Person) (client.Answer, error) {
			return p.CompleteStepWithResponse(s.T.Context(), s.appraisal, step, &api.CompleteStepParams{IfMatch: etag(k.steps[step].Version)}, body)
		}}
	}
	returned := func(who, step, to string) blow {
		return blow{who, "step.returned", k.open(step), func(p *apitest.Person) (client.Answer, error) {
			return p.ReturnStepWithResponse(s.T.Context(), s.appraisal, step, &api.ReturnStepParams{IfMatch: etag(k.steps[step].Version)}, api.ReturnStep{To: to, Reason: "Say more."})
		}}
	}
	many := func(who, step string) blow {
		return blow{who, "step.done", k.open(step), func(p *apitest.Person) (client.Answer, error) {
			return p.CompleteStepsInBulkWithResponse(s.T.Context(), nil, api.CompleteStepsInBulk{Mode: ptr(api.CompleteStepsInBulkMode("partial")), Step: step,
				Items: []api.StepToComplete{{AppraisalID: s.appraisal, Version: k.steps[step].Version}}})
		}}
	}
	saved := blow{"ben", "step.saved", k.open("outcome.state") && s.draw.IntN(2) == 0, func(p *apitest.Person) (client.Answer, error) {
		return p.SaveStepWithResponse(s.T.Context(), s.appraisal, "outcome.state", &api.SaveStepParams{IfMatch: etag(k.steps["outcome.state"].Version)},
			api.SaveStep{Answers: map[string]any{"statement": "A good year, and more."}})
	}}
	out := []blow{saved, completed("ben", "outcome.state", "done"), completed("ada", "outcome.sign", "done"), completed("ada", "outcome.sign", "declined"),
		returned("hr", "outcome.file", "outcome.decide"), completed("hr", "outcome.sign", "skipped"),
		completed("hr", "pay.settle", "done"), completed("hr", "pay.settle", "done")}
	if s.returns() > 0 {
		out = append(out, completed("hr", "outcome.file", "done"), many("hr", "outcome.file"))
	}
	for _, who := range heads {
		out = append(out, completed(who, "outcome.decide", "done"), many(who, "outcome.decide"), returned(who, "outcome.decide", "outcome.state"), completed(who, "outcome.sign", "skipped"))
	}
	return out
}

// settlers are the blows after the release, the office that changes hands, and the review that does.
func (s *storm) settlers(k sky) []blow {
	ctx := s.T.Context()
	out := []blow{
		{"ada", "appeal.lodged", k.paid && k.released(), func(p *apitest.Person) (client.Answer, error) {
			return p.LodgeAppealWithResponse(ctx, s.appraisal, nil, api.LodgeAppeal{Against: "pay", Text: "My spring term was not weighed."})
		}},
		{"ada", "correction.requested", k.released() && len(k.corrections) < 4, func(p *apitest.Person) (client.Answer, error) {
			return p.RequestCorrectionWithResponse(ctx, s.appraisal, nil, api.RequestCorrection{Part: "outcome.state", Section: ptr("statement"), Text: "Two terms, not one.", Reason: "It is a slip."})
		}},
		{"hr", "pay.decided", k.paid && k.released() && s.draw.IntN(4) == 0, func(p *apitest.Person) (client.Answer, error) {
			return p.GrantExceptionalAwardWithResponse(ctx, s.appraisal, nil, api.GrantExceptionalAward{Awards: []api.Award{{Kind: "bonus_percent", Amount: "3"}}, Reason: "Led two teams."})
		}},
		{"hr", "appraisal.resumed", k.appraisal.Status == "suspended", func(p *apitest.Person) (client.Answer, error) {
			return p.ResumeAppraisalWithResponse(ctx, s.appraisal, &api.ResumeAppraisalParams{IfMatch: etag(k.appraisal.Version)})
		}},
		{"hr", "appraisal.handed_over", k.appraisal.Status == "open" && s.draw.IntN(4) == 0, func(p *apitest.Person) (client.Answer, error) {
			return p.HandOverAppraisalWithResponse(ctx, s.appraisal, &api.HandOverAppraisalParams{IfMatch: etag(k.appraisal.Version)}, api.HandOver{ReviewerID: s.As("ben").ID})
		}},
		{"hr", "office.filled", s.draw.IntN(8) == 0, func(p *apitest.Person) (client.Answer, error) {
			return p.FillOfficeWithResponse(ctx, nil, api.FillOffice{Code: "head", UnitID: s.School, PersonID: s.As(otherHead[s.head]).ID, Acting: ptr(s.head == "cho")})
		}},
	}
	for _, c := range k.corrections {
		out = append(out, blow{"hr", "correction.accepted", c.Status == "requested", func(p *apitest.Person) (client.Answer, error) {
			return p.DecideCorrectionWithResponse(ctx, c.ID, &api.DecideCorrectionParams{IfMatch: etag(c.Version)}, api.DecideCorrection{Result: "accepted", Text: ptr("Two terms."), Reason: ptr("It was a slip.")})
		}})
	}
	for _, who := range heads {
		out = append(out, blow{who, "concern.moved_to_capability", k.appraisal.Status == "open" && k.concern.Status == "confirmed" && s.draw.IntN(6) == 0, func(p *apitest.Person) (client.Answer, error) {
			return p.MoveToCapabilityWithResponse(ctx, s.concern, &api.MoveToCapabilityParams{IfMatch: etag(k.concern.Version)}, notice(s.Process, "2027-08-02"))
		}})
	}
	return append(out, s.appellants(k)...)
}

func (s *storm) appellants(k sky) []blow {
	if len(k.appeals) == 0 {
		return nil
	}
	ctx, progresses, latest := s.T.Context(), api.DecideAppealProgressionProgress, k.appeals[len(k.appeals)-1]
	lodged := latest.Status == "lodged"
	return []blow{
		{"fay", "appeal.decided", lodged, func(p *apitest.Person) (client.Answer, error) {
			return p.DecideAppealWithResponse(ctx, latest.ID, &api.DecideAppealParams{IfMatch: etag(latest.Version)},
				api.DecideAppeal{Result: "changed", Progression: &progresses, Awards: []api.Award{{Kind: "points", Amount: "2"}}, Reason: "The spring was weighed."})
		}},
		{"ada", "appeal.withdrawn", lodged && s.draw.IntN(3) == 0, func(p *apitest.Person) (client.Answer, error) {
			return p.WithdrawAppealWithResponse(ctx, latest.ID, &api.WithdrawAppealParams{IfMatch: etag(latest.Version)})
		}},
	}
}

// deferrers are the blows at the objective: judged, put off, and judged when what it waited for has come.
func (s *storm) deferrers(k sky) []blow {
	ctx := s.T.Context()
	out := []blow{
		{"ben", "objective.judged", k.open("outcome.state"), func(p *apitest.Person) (client.Answer, error) {
			return p.JudgeObjectiveWithResponse(ctx, s.objective, &api.JudgeObjectiveParams{IfMatch: etag(k.judged.Version)}, coded("met"))
		}},
		{"ben", "deferral.begun", k.open("outcome.state") && s.draw.IntN(3) == 0, func(p *apitest.Person) (client.Answer, error) {
			return p.DeferOutcomeWithResponse(ctx, s.appraisal, nil, api.DeferOutcome{ObjectiveID: &s.objective, Reason: "The results come in August."})
		}},
	}
	for _, d := range k.deferrals {
		who, body := "ben", api.ResolveDeferral{Judgement: ptr(coded("met"))}
		if d.WaitsFor == "rating" {
			who, body = s.head, api.ResolveDeferral{Rating: &api.RatingInput{Code: ptr("met"), Reason: ptr("The results are good.")}}
		}
		out = append(out, blow{who, "deferral.resolved", d.Status == "waiting", func(p *apitest.Person) (client.Answer, error) {
			return p.ResolveDeferralWithResponse(ctx, s.appraisal, d.ID, &api.ResolveDeferralParams{IfMatch: etag(d.Version)}, body)
		}})
	}
	return out
}
