package httpapi

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/yearend"
)

// stepName reads the name of a step, whose form the contract has checked.
func stepName(step string) yearend.Name {
	chain, code, _ := strings.Cut(step, ".")
	return yearend.Name{Chain: chain, Code: code}
}

// ListSteps handles GET /v1/appraisals/{appraisal_id}/steps.
func (s *Server) ListSteps(ctx context.Context, r server.ListStepsRequestObject) (server.ListStepsResponseObject, error) {
	c, stored, err := s.yearend.Steps(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	facts, err := s.yearend.PayFacts(ctx, c)
	if err != nil {
		return nil, err
	}
	out := api.StepList{Items: []api.Step{}}
	for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
		for _, rule := range c.Chain(chain) {
			a := &yearend.Aggregate{Rule: rule, Case: c, Pay: facts}
			for _, row := range stored {
				if row.Chain == chain && row.Code == rule.Rule.Code {
					a.Step = row
				}
			}
			out.Items = append(out.Items, toStep(a))
		}
	}
	return server.ListSteps200JSONResponse(out), nil
}

// GetStep handles GET /v1/appraisals/{appraisal_id}/steps/{step}.
func (s *Server) GetStep(ctx context.Context, r server.GetStepRequestObject) (server.GetStepResponseObject, error) {
	a, err := s.yearend.Step(ctx, r.AppraisalID, stepName(r.Step))
	if err != nil {
		return nil, err
	}
	body, err := s.toStepDetail(ctx, a)
	return server.GetStep200JSONResponse{Body: body}, err
}

// SaveStep handles PUT /v1/appraisals/{appraisal_id}/steps/{step}.
func (s *Server) SaveStep(ctx context.Context, r server.SaveStepRequestObject) (server.SaveStepResponseObject, error) {
	d := yearend.Draft{Reason: r.Body.Reason}
	if r.Body.Answers != nil {
		d.Answers = form.Answers(r.Body.Answers)
	}
	d.Weighed = r.Body.Weighed
	d.Rating = fromRatingInput(r.Body.Rating)
	d.Pay = fromPayChoice(r.Body.Pay)
	a, err := s.yearend.SaveDraft(ctx, r.AppraisalID, stepName(r.Step), version(r.Params.IfMatch), d)
	if err != nil {
		return nil, err
	}
	body, err := s.toStepDetail(ctx, a)
	return server.SaveStep200JSONResponse{Body: body}, err
}

// CompleteStep handles POST /v1/appraisals/{appraisal_id}/steps/{step}/complete.
func (s *Server) CompleteStep(ctx context.Context, r server.CompleteStepRequestObject) (server.CompleteStepResponseObject, error) {
	result := yearend.Done
	if r.Body.Result != nil {
		result = yearend.Result(*r.Body.Result)
	}
	a, err := s.yearend.Finish(ctx, r.AppraisalID, stepName(r.Step), version(r.Params.IfMatch), result, deref(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	body, err := s.toStepDetail(ctx, a)
	return server.CompleteStep200JSONResponse{Body: body}, err
}

// ReturnStep handles POST /v1/appraisals/{appraisal_id}/steps/{step}/return.
func (s *Server) ReturnStep(ctx context.Context, r server.ReturnStepRequestObject) (server.ReturnStepResponseObject, error) {
	a, err := s.yearend.Return(ctx, r.AppraisalID, stepName(r.Step), version(r.Params.IfMatch), stepName(r.Body.To), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := s.toStepDetail(ctx, a)
	return server.ReturnStep200JSONResponse{Body: body}, err
}

func toStep(a *yearend.Aggregate) api.Step {
	c, rule := a.Case, a.Rule
	people := c.Who(rule.Rule.Party, c.Barred(rule)...)
	out := api.Step{Step: rule.Name(), Version: a.Version, AppraisalID: c.ID, Chain: api.StepChain(rule.Chain), Label: rule.Rule.Label, Order: rule.Rule.Order, Round: roundOf(a),
		Party: string(rule.Rule.Party), PersonIds: mapped(people, func(id uuid.UUID) uuid.UUID { return id }), Acts: mapped(rule.Rule.Acts, func(v string) string { return v }),
		Required: rule.Rule.Required, State: api.StepState(rule.State), OpensOn: nullDate(rule.OpensOn), DueOn: nullDate(rule.DueOn), Late: rule.Late(c.Today),
		DoneBy: null(a.DoneBy), DoneAt: null(a.DoneAt), ReturnedFrom: null(a.ReturnedFrom), ReturnedReason: nullable.NewNullNullable[string](),
		AllowedActions: toActions(appraisal.Allowed(c, a, yearend.Acts))}
	if a.ToldWhyReturned() {
		out.ReturnedReason = null(a.ReturnedReason)
	}
	return out
}

func (s *Server) toStepDetail(ctx context.Context, a *yearend.Aggregate) (api.StepDetail, error) {
	out := api.StepDetail{Step: toStep(a), Form: formOrNull(a.Case.Rules(), a.Rule.Rule.Form), Answers: nullable.NewNullNullable[map[string]any](),
		Rating: nullable.NewNullNullable[api.RatingMade](), DraftedRating: nullable.NewNullNullable[api.RatingDrafted](), Reason: nullable.NewNullNullable[string](),
		Inputs: mapped(a.Inputs(), func(v appraisal.Code) api.Coded { return api.Coded{Code: v.Code, Label: v.Label} }), Weighed: []string{}}
	out.Pay = toPayChoice(nil)
	answers, quoted, err := s.yearend.Prefilled(ctx, a)
	if err != nil {
		return out, err
	}
	if quoted {
		out.Answers, out.Prefilled = nullable.NewNullableWithValue(map[string]any(answers)), true
		return out, nil
	}
	if !a.Visible() {
		return out, nil
	}
	out.Reason = null(a.Reason)
	if a.DraftOfAnother() {
		return out, nil
	}
	if answers == nil {
		answers = form.Answers{}
	}
	out.Pay = toPayChoice(a.DraftPay)
	out.Answers = nullable.NewNullableWithValue(map[string]any(answers))
	if d := a.DraftRating; d != nil && !a.Rule.Settled() {
		out.DraftedRating = nullable.NewNullableWithValue(api.RatingDrafted{Code: nullText(d.Code), Row: nullText(d.Row), Column: nullText(d.Column), Box: nullText(d.Box), Reason: nullText(d.Reason)})
	}
	if a.Weighed != nil {
		out.Weighed = a.Weighed
	}
	for _, r := range yearend.VisibleRatings(a.Case, a.Ratings) {
		if a.DoneBy != nil && r.ByID == *a.DoneBy && a.Rates(r.Kind) {
			out.Rating = nullable.NewNullableWithValue(toRating(a.Case, r))
		}
	}
	return out, nil
}

func toRating(c *appraisal.Case, r yearend.Rating) api.RatingMade {
	return api.RatingMade{Kind: api.RatingMadeKind(r.Kind), Rating: ratingOf(c, r.Code), Row: null(r.RowValue), Column: null(r.ColumnValue), Box: null(r.Box),
		Reason: null(r.Reason), Derived: scaled(c.Rules().Outcome.Scale, deref(r.Derived)), Provisional: r.Provisional, ByID: r.ByID, At: r.At}
}

func ratingOf(c *appraisal.Case, code string) api.Coded {
	for _, v := range c.Rules().Outcome.Scale {
		if v.Code == code {
			return api.Coded{Code: v.Code, Label: v.Label}
		}
	}
	return api.Coded{Code: code, Label: code}
}

func formOrNull(rules *policy.Rules, code string) nullable.Nullable[api.Form] {
	f, ok := rules.Forms[code]
	if !ok || code == "" {
		return nullable.NewNullNullable[api.Form]()
	}
	return nullable.NewNullableWithValue(api.Form{Code: code, Label: f.Label, Sections: mapped(f.Sections, toSection)})
}

func toSection(v form.Section) api.FormSection {
	out := api.FormSection{Code: v.Code, Label: v.Label, Help: nullText(v.Help), Kind: api.FormSectionKind(v.Kind), Required: v.Required, Group: nullText(v.Group),
		Options: mapped(v.Options, func(o form.Option) api.FormOption { return api.FormOption{Code: o.Code, Label: o.Label} }),
		Prefill: mapped(v.Prefill, func(p string) string { return p }), Min: nullable.NewNullNullable[float64](), Max: nullable.NewNullNullable[float64](),
		MaxChars: nullable.NewNullNullable[int](), Per: nullable.NewNullNullable[api.FormSectionPer]()}
	if v.Kind == form.Number && (v.Min != 0 || v.Max != 0) {
		out.Min, out.Max = nullable.NewNullableWithValue(v.Min), nullable.NewNullableWithValue(v.Max)
	}
	if v.Kind == form.Text {
		out.MaxChars = nullable.NewNullableWithValue(v.Limit())
	}
	if v.Per != "" {
		out.Per = nullable.NewNullableWithValue(api.FormSectionPer(v.Per))
	}
	return out
}
