package httpapi_test

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// judged judges the objective as whoever is on stage.
func (a aim) judged(in api.JudgeObjective) deed {
	return func(r *replay) (client.Answer, error) {
		o := a.outcome(r)
		return r.who.JudgeObjectiveWithResponse(r.T.Context(), o.ObjectiveID, &api.JudgeObjectiveParams{IfMatch: etag(o.Version)}, in)
	}
}

// outcome is how the objective is judged, as far as whoever is on stage sees it.
func (a aim) outcome(r *replay) api.ObjectiveOutcome {
	r.T.Helper()
	list, err := r.who.ListObjectiveOutcomesWithResponse(r.T.Context(), a.now(r).AppraisalID)
	apitest.OK(r.T, list, err)
	for _, o := range list.JSON200.Items {
		if o.ObjectiveID == r.ids[string(a)] {
			return o
		}
	}
	require.Fail(r.T, "it does not count", "%s", a)
	return api.ObjectiveOutcome{}
}

// as is a judgement by its code.
func as(code string) api.JudgeObjective { return api.JudgeObjective{Code: &code} }

// gives does a step of somebody's year and judges nothing for it: it saves the body, with everything
// weighed unless the scene says what was, and completes the step. What is refused is what comes of it.
func gives(whose, step string, body api.SaveStep) deed {
	return func(r *replay) (client.Answer, error) {
		ctx, id := r.T.Context(), r.year(whose).ID
		now, err := r.who.GetStepWithResponse(ctx, id, step)
		if err != nil || now.JSON200 == nil {
			return now, err
		}
		version := now.JSON200.Step.Version
		if body := apitest.Weighing(now.JSON200, body); body.Answers != nil || body.Rating != nil || body.Weighed != nil || body.Pay != nil {
			saved, err := r.who.SaveStepWithResponse(ctx, id, step, &api.SaveStepParams{IfMatch: etag(version)}, body)
			if err != nil || saved.JSON200 == nil {
				return saved, err
			}
			version = saved.JSON200.Step.Version
		}
		return r.who.CompleteStepWithResponse(ctx, id, step, &api.CompleteStepParams{IfMatch: etag(version)}, api.CompleteStep{})
	}
}

// declines refuses to do a step of somebody's year, with the reason.
func declines(whose, step string) deed {
	return func(r *replay) (client.Answer, error) {
		id := r.year(whose).ID
		s, err := r.who.GetStepWithResponse(r.T.Context(), id, step)
		apitest.OK(r.T, s, err)
		return r.who.CompleteStepWithResponse(r.T.Context(), id, step, &api.CompleteStepParams{IfMatch: etag(s.JSON200.Step.Version)},
			api.CompleteStep{Result: ptr(api.CompleteStepResult("declined")), Reason: ptr("It is not what we said.")})
	}
}

// sendsBack returns somebody's year from a step to an earlier one.
func sendsBack(whose, step, to string) deed {
	return func(r *replay) (client.Answer, error) {
		id := r.year(whose).ID
		s, err := r.who.GetStepWithResponse(r.T.Context(), id, step)
		apitest.OK(r.T, s, err)
		return r.who.ReturnStepWithResponse(r.T.Context(), id, step, &api.ReturnStepParams{IfMatch: etag(s.JSON200.Step.Version)}, api.ReturnStep{To: to, Reason: "One word is to change."})
	}
}

// readsReport reads the written report on somebody's year.
func readsReport(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetAppraisalReportWithResponse(r.T.Context(), r.year(whose).ID)
	}
}

// reportPart is a section of the report that was read.
func reportPart(r *replay, code string) api.ReportSection {
	r.T.Helper()
	for _, s := range replayed[api.Report](r).Sections {
		if s.Code == code {
			return s
		}
	}
	require.Fail(r.T, "no such section", "%s", code)
	return api.ReportSection{}
}

// plea is an appeal of a replay, by the name that its scenes give it.
type plea string

func (p plea) lodged(whose, against string) deed {
	return func(r *replay) (client.Answer, error) {
		a, err := r.who.LodgeAppealWithResponse(r.T.Context(), r.year(whose).ID, nil, api.LodgeAppeal{Against: api.LodgeAppealAgainst(against), Text: "My summer term is not in it."})
		if err == nil && a.JSON201 != nil {
			r.ids[string(p)] = a.JSON201.ID
		}
		return a, err
	}
}

// on runs a command on the appeal, in the version that whoever is on stage reads.
func (p plea) on(command func(r *replay, id uuid.UUID, tag string) (client.Answer, error)) deed {
	return func(r *replay) (client.Answer, error) {
		now, err := r.who.GetAppealWithResponse(r.T.Context(), r.ids[string(p)])
		if err != nil || now.JSON200 == nil {
			return now, err
		}
		return command(r, now.JSON200.ID, etag(now.JSON200.Version))
	}
}

func (p plea) decided(in api.DecideAppeal) deed {
	return p.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.DecideAppealWithResponse(r.T.Context(), id, &api.DecideAppealParams{IfMatch: tag}, in)
	})
}

func (p plea) consented() deed {
	return p.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ConsentToAmendmentWithResponse(r.T.Context(), id, &api.ConsentToAmendmentParams{IfMatch: tag}, api.ConsentToAmendment{Consents: true})
	})
}
