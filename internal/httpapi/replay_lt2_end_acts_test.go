package httpapi_test

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// lt2Report is the written report on somebody, with its recommendation on pay, which a scene may leave
// out.
func lt2Report(pay *api.PayChoice, aims ...aim) func(*replay) api.SaveStep {
	return func(r *replay) api.SaveStep {
		each := map[string]any{}
		for _, a := range aims {
			each[r.ids[string(a)].String()] = "Half of the group gained two grades."
		}
		return api.SaveStep{Pay: pay, Answers: map[string]any{"objective": each, "role_and_standards": "Lessons that begin on time.", "development": "A term beside the head of year."}}
	}
}

func progresses() *api.PayChoice { return &api.PayChoice{Progression: progress} }

func stays(why string) *api.PayChoice {
	return &api.PayChoice{Progression: noProgression, Reason: &why}
}

// weighing is a step's body in which only that was weighed.
func weighing(body func(*replay) api.SaveStep, inputs ...string) func(*replay) api.SaveStep {
	return func(r *replay) api.SaveStep {
		b := body(r)
		b.Weighed = inputs
		return b
	}
}

func commentOn(text string) api.SaveStep {
	return api.SaveStep{Answers: map[string]any{"comment": text}}
}

// lodgedLate lodges an appeal against pay when its days are over, with the reason where there is one.
func (p plea) lodgedLate(whose string, reason *string) deed {
	return func(r *replay) (client.Answer, error) {
		a, err := r.who.LodgeAppealWithResponse(r.T.Context(), r.year(whose).ID, nil, api.LodgeAppeal{Against: "pay", Text: "The store was rebuilt.", LateReason: reason})
		if err == nil && a.JSON201 != nil {
			r.ids[string(p)] = a.JSON201.ID
		}
		return a, err
	}
}

func (p plea) admitted() deed {
	return p.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.AdmitLateAppealWithResponse(r.T.Context(), id, &api.AdmitLateAppealParams{IfMatch: tag}, api.AdmitLateAppeal{Admitted: true, Reason: "He lay in hospital."})
	})
}

func (p plea) takenOn() deed {
	return p.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.LodgeNextStageWithResponse(r.T.Context(), id, &api.LodgeNextStageParams{IfMatch: tag}, api.LodgeNextStage{Text: "The tests of July were not looked at."})
	})
}

func (p plea) withdrawn() deed {
	return p.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.WithdrawAppealWithResponse(r.T.Context(), id, &api.WithdrawAppealParams{IfMatch: tag})
	})
}

func (p plea) read() deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetAppealWithResponse(r.T.Context(), r.ids[string(p)])
	}
}

// paysTransferred decides on the pay of somebody whose year ended without an outcome.
func paysTransferred(whose string, choice api.PayChoice) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.DecidePayOfTransferredWithResponse(r.T.Context(), r.year(whose).ID, nil, choice)
	}
}

// spokenOf is the record of a meeting that has no form of its own.
func spokenOf(text string) func(*replay) map[string]any {
	return func(*replay) map[string]any { return map[string]any{"notes": text} }
}
