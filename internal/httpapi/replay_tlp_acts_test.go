package httpapi_test

import (
	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// listed lists how the objectives of its year are judged.
func (a aim) listed() deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.ListObjectiveOutcomesWithResponse(r.T.Context(), a.now(r).AppraisalID)
	}
}

// tlpFinishStep completes a step of Ada's year as it stands, with nothing judged for her.
func tlpFinishStep(code string) deed {
	return func(r *replay) (client.Answer, error) {
		id, name := r.year("ada").ID, "outcome."+code
		s, err := r.who.GetStepWithResponse(r.T.Context(), id, name)
		apitest.OK(r.T, s, err)
		return r.who.CompleteStepWithResponse(r.T.Context(), id, name, &api.CompleteStepParams{IfMatch: etag(s.JSON200.Step.Version)}, api.CompleteStep{})
	}
}

func tlpDefer(slot string) deed {
	return func(r *replay) (client.Answer, error) {
		id := r.ids["ada "+slot]
		return r.who.DeferOutcomeWithResponse(r.T.Context(), r.year("ada").ID, nil, api.DeferOutcome{ObjectiveID: &id, Reason: "It ends in October, with the results of the autumn."})
	}
}

func tlpResolve(code string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.ResolveDeferralWithResponse(r.T.Context(), r.year("ada").ID, r.ids["deferral"], &api.ResolveDeferralParams{IfMatch: etag(1)}, api.ResolveDeferral{Judgement: ptr(coded(code))})
	}
}

func tlpPay(r *replay) (client.Answer, error) {
	return r.who.GetPayOutcomeWithResponse(r.T.Context(), r.year("ada").ID)
}

func tlpGrant(r *replay) (client.Answer, error) {
	return r.who.GrantExceptionalAwardWithResponse(r.T.Context(), r.year("ada").ID, nil,
		api.GrantExceptionalAward{Awards: []api.Award{{Kind: "bonus_percent", Amount: "2"}}, Reason: "Led the reading of two years."})
}

func tlpCorrect(in, text string) deed {
	return func(r *replay) (client.Answer, error) {
		body := api.RequestCorrection{Part: in, Text: text, Reason: "Something is missing."}
		if in != "rating" {
			body.Section = ptr("statement")
		}
		return r.who.RequestCorrectionWithResponse(r.T.Context(), r.year("ada").ID, nil, body)
	}
}

// tlpAsked keeps the correction that was asked for.
func tlpAsked(r *replay) { r.ids["correction"] = replayed[api.Correction](r).ID }

func tlpDecideCorrection(result api.DecideCorrectionResult) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.DecideCorrectionWithResponse(r.T.Context(), r.ids["correction"], &api.DecideCorrectionParams{IfMatch: etag(1)}, api.DecideCorrection{Result: result, Reason: ptr("As the record has it.")})
	}
}
