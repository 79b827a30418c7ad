package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/yearend"
)

// GetPayOutcome handles GET /v1/appraisals/{appraisal_id}/pay.
func (s *Server) GetPayOutcome(ctx context.Context, r server.GetPayOutcomeRequestObject) (server.GetPayOutcomeResponseObject, error) {
	p, err := s.pay.Pay(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	return server.GetPayOutcome200JSONResponse{Body: toPayOutcome(p)}, nil
}

// GrantExceptionalAward handles POST /v1/appraisals/{appraisal_id}/pay/exception.
func (s *Server) GrantExceptionalAward(ctx context.Context, r server.GrantExceptionalAwardRequestObject) (server.GrantExceptionalAwardResponseObject, error) {
	p, err := s.pay.Grant(ctx, r.AppraisalID, mapped(r.Body.Awards, fromAward), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return server.GrantExceptionalAward201JSONResponse{Body: toPayOutcome(p)}, nil
}

func toPayOutcome(p *pay.Subject) api.PayOutcome {
	c, f := p.Case, p.Facts.As(p.Case)
	o := pay.Shown(c, f)
	out := api.PayOutcome{AppraisalID: c.ID, Version: len(f.History), Link: api.PayOutcomeLink(c.Rules().Pay.Link), Covered: o.Covered, Awards: mapped(o.Awards, toAward),
		Working: mapped(o.Working, toWorking), Refusals: mapped(o.Refusals, toRefusal), Decision: nullable.NewNullNullable[api.PayDecision](),
		Recommendation: nullable.NewNullNullable[api.PayRecommendation](), History: mapped(f.History, toPayDecision),
		AllowedActions: toActions(appraisal.Allowed(c, p, pay.Acts))}
	out.AppealUntil = nullDate(appeal.PayUntil(c, p.Facts.History))
	due, late := pay.Deadline(c)
	out.DueOn, out.Late = nullDate(due), late
	if d := f.Decision; d != nil {
		out.Decision = nullable.NewNullableWithValue(toPayDecision(*d))
	}
	mine := c.Actor.PersonID == c.PersonID
	if v := f.Recommended; v != nil && (!mine || yearend.OutcomeVisible(c) == nil) {
		out.Recommendation = nullable.NewNullableWithValue(toPayRecommendation(v))
	}
	if mine && f.Decision == nil {
		hideCalculation(&out) // what is not decided yet is worked out by others, not shown as a promise
	}
	return out
}

// hideCalculation leaves out what a calculation would tell the person of a recommendation.
func hideCalculation(out *api.PayOutcome) {
	out.Working, out.Awards = []api.PayWorkingStep{}, []api.Award{}
	if pay.Takes(string(out.Link)) {
		out.Covered, out.Refusals = false, []api.Refusal{}
	}
}

func toPayDecision(d pay.Decision) api.PayDecision {
	out := api.PayDecision{N: d.N, Kind: api.PayDecisionKind(d.Kind), Result: api.PayDecisionResult(d.Result), Progression: nullable.NewNullNullable[api.PayDecisionProgression](),
		Awards: mapped(d.Awards, toAward), Working: mapped(d.Working, toWorking), Reason: null(d.Reason), DecidedBy: d.DecidedBy, DecidedOn: toDate(d.DecidedOn), DecidedAt: d.DecidedAt}
	if d.Progression != nil {
		out.Progression = nullable.NewNullableWithValue(api.PayDecisionProgression(*d.Progression))
	}
	return out
}

func toPayRecommendation(r *pay.Recommendation) api.PayRecommendation {
	return api.PayRecommendation{Step: r.Step, Progression: api.PayRecommendationProgression(r.Progression), Awards: mapped(r.Awards, toAward), Reason: null(r.Reason), ByID: r.ByID, At: r.At}
}

func toWorking(v pay.Step) api.PayWorkingStep {
	return api.PayWorkingStep{Step: v.Step, Detail: v.Detail, Value: anyOf(v.Value)}
}

func toAward(a pay.Award) api.Award { return api.Award{Kind: api.AwardKind(a.Kind), Amount: a.Amount} }

func fromAward(a api.Award) pay.Award { return pay.Award{Kind: string(a.Kind), Amount: a.Amount} }

// fromPayChoice is what a step says on progression; nil where it says nothing.
func fromPayChoice(v *api.PayChoice) *pay.Choice {
	if v == nil {
		return nil
	}
	return &pay.Choice{Progression: string(v.Progression), Awards: mapped(v.Awards, fromAward), Reason: deref(v.Reason)}
}

func toPayChoice(v *pay.Choice) nullable.Nullable[api.PayChoiceMade] {
	if v == nil {
		return nullable.NewNullNullable[api.PayChoiceMade]()
	}
	return nullable.NewNullableWithValue(api.PayChoiceMade{Progression: api.PayChoiceMadeProgression(v.Progression), Awards: mapped(v.Awards, toAward), Reason: nullText(v.Reason)})
}
