package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/report"
	"github.com/perennial-api/perennial/internal/yearend"
)

// GetAppraisalReport handles GET /v1/appraisals/{appraisal_id}/report.
func (s *Server) GetAppraisalReport(ctx context.Context, r server.GetAppraisalReportRequestObject) (server.GetAppraisalReportResponseObject, error) {
	m, err := s.reports.Get(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	return server.GetAppraisalReport200JSONResponse(toReport(m)), nil
}

// GetStartingPoint handles GET /v1/appraisals/{appraisal_id}/starting-point.
func (s *Server) GetStartingPoint(ctx context.Context, r server.GetStartingPointRequestObject) (server.GetStartingPointResponseObject, error) {
	c, before, err := s.reports.Start(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	out := api.StartingPoint{AppraisalID: c.ID, Previous: nullable.NewNullNullable[api.Report](), PreviousCycle: nullable.NewNullNullable[string](), Objectives: []api.CarriedObjective{}}
	if before == nil {
		return server.GetStartingPoint200JSONResponse(out), nil
	}
	out.Previous, out.PreviousCycle = nullable.NewNullableWithValue(toReport(before)), nullText(before.Case.Cycle.Name)
	for _, o := range before.Objectives {
		carried := api.CarriedObjective{ObjectiveID: o.ID, Title: o.Live.Title, Completion: string(o.Completion), WhatNext: null(o.WhatNext), CarriedTo: nullable.NewNullNullable[uuid.UUID]()}
		for _, now := range c.Objectives {
			if now.FromID != nil && *now.FromID == o.ID {
				carried.CarriedTo = nullable.NewNullableWithValue(now.ID)
			}
		}
		out.Objectives = append(out.Objectives, carried)
	}
	return server.GetStartingPoint200JSONResponse(out), nil
}

func toReport(m *report.Material) api.Report {
	c := m.Case
	return api.Report{AppraisalID: c.ID, PersonID: c.PersonID, CycleID: c.CycleID, Released: c.Stage == appraisal.Released, ReleasedOn: nullDate(m.ReleasedOn()),
		Sections: mapped(m.Sections(), func(s report.Section) api.ReportSection { return toReportSection(m, s) }), Corrections: mapped(m.Corrections, toCorrection)}
}

func toReportSection(m *report.Material, s report.Section) api.ReportSection {
	c, r := m.Case, s.Rule
	out := api.ReportSection{Code: r.Code, Label: r.Label, Holds: api.ReportSectionHolds(r.Holds), To: mapped(r.To, func(p policy.Party) string { return string(p) }),
		DueOn: nullDate(s.DueOn), ReceivedOn: nullDate(s.ReceivedOn), Late: s.Late, Visible: s.Refusal == nil, Refusal: nullable.NewNullNullable[api.Refusal](),
		Objectives: mapped(s.Objectives, func(o *objective.Aggregate) api.ReportObjective { return toReportObjective(m, o) }),
		Standards:  mapped(s.Assessments, toReportStandards),
		Ratings:    mapped(s.Ratings, func(v yearend.Rating) api.RatingMade { return toRating(c, v) }),
		Development: mapped(s.Needs, func(n report.Need) api.ReportDevelopment {
			return api.ReportDevelopment{Source: api.ReportDevelopmentSource(n.Source), SourceID: n.SourceID, Text: n.Text}
		}),
		Answers: []api.ReportAnswer{}, Recommendation: nullable.NewNullNullable[api.PayRecommendation](), Pay: nullable.NewNullNullable[api.ReportPay](), Comments: []api.ReportComment{}, Signatures: []api.ReportSignature{}}
	if s.Refusal != nil {
		out.Refusal = nullable.NewNullableWithValue(toRefusal(*s.Refusal))
	}
	for _, a := range s.Answers {
		out.Answers = append(out.Answers, toReportAnswers(a)...)
	}
	if v := s.Recommended; v != nil {
		out.Recommendation = nullable.NewNullableWithValue(toPayRecommendation(v))
	}
	if d := s.Decision; d != nil {
		out.Pay = nullable.NewNullableWithValue(api.ReportPay{Result: d.Result, Awards: mapped(d.Awards, toAward), DecidedOn: toDate(d.DecidedOn)})
	}
	for _, a := range s.Steps {
		if r.Holds == "comments" {
			out.Comments = append(out.Comments, toReportComment(a))
		} else {
			out.Signatures = append(out.Signatures, toReportSignature(a))
		}
	}
	return out
}

func toReportObjective(m *report.Material, o *objective.Aggregate) api.ReportObjective {
	out := api.ReportObjective{ObjectiveID: o.ID, Slot: o.Slot, Title: o.Live.Title, Text: o.Live.Text, Counts: o.Counts, Completion: string(o.Completion),
		Validation: string(o.Validation), WhatNext: null(o.WhatNext), Judgements: []api.ReportJudgement{}}
	for _, j := range m.Judged(o.ID) {
		v := api.ReportJudgement{Party: string(j.Party), Outcome: nullable.NewNullNullable[api.Coded](), Percent: null(j.Percent), Text: null(j.Text), ByID: j.ByID}
		for _, scale := range m.Case.Rules().Outcome.ObjectiveScale {
			if j.Code != nil && scale.Code == *j.Code {
				v.Outcome = nullable.NewNullableWithValue(api.Coded{Code: scale.Code, Label: scale.Label})
			}
		}
		out.Judgements = append(out.Judgements, v)
	}
	return out
}

func toReportStandards(a *assessment.Aggregate) api.ReportStandards {
	out := api.ReportStandards{SelfAssessmentID: a.ID, Framework: api.Coded{Code: a.FrameworkCode, Label: a.FrameworkLabel}, Complete: a.State == assessment.Complete,
		Overview: null(a.Overview), Counts: []api.ReportRatingCount{}}
	for _, v := range a.Scale {
		n := 0
		for _, r := range a.Ratings {
			if r.Rating == v.Code {
				n++
			}
		}
		out.Counts = append(out.Counts, api.ReportRatingCount{Rating: api.Coded{Code: v.Code, Label: v.Label}, Count: n})
	}
	return out
}

// toReportAnswers answers the sections of a step's form in its order; what was left empty is left out.
func toReportAnswers(a report.Answers) []api.ReportAnswer {
	out := []api.ReportAnswer{}
	for _, s := range a.Sections() {
		if v, ok := a.Step.Said()[s.Code]; ok {
			out = append(out, api.ReportAnswer{Step: a.Step.Rule.Name(), Code: s.Code, Label: s.Label, PerObjective: s.Per != "", Value: anyOf(v)})
		}
	}
	return out
}

func toReportComment(a *yearend.Aggregate) api.ReportComment {
	rule := a.Rule
	out := api.ReportComment{Step: rule.Name(), Label: rule.Rule.Label, Party: string(rule.Rule.Party), State: api.ReportCommentState(rule.State), ByID: null(rule.DoneBy),
		DoneOn: nullDate(rule.DoneOn), Reason: nullable.NewNullNullable[string](), Answers: []api.ReportAnswer{}}
	if rule.Settled() && a.Visible() {
		out.Reason, out.Answers = null(a.Reason), toReportAnswers(report.Answers{Step: a})
	}
	return out
}

func toReportSignature(a *yearend.Aggregate) api.ReportSignature {
	rule := a.Rule
	out := api.ReportSignature{Step: rule.Name(), Label: rule.Rule.Label, Party: string(rule.Rule.Party), State: api.ReportSignatureState(rule.State), ByID: null(rule.DoneBy),
		DoneOn: nullDate(rule.DoneOn), Reason: nullable.NewNullNullable[string](), SignedSha256: null(a.SignedSHA256), Stands: nullable.NewNullNullable[bool]()}
	if rule.Settled() && a.Visible() {
		out.Reason = null(a.Reason)
	}
	if a.SignedSHA256 != nil {
		out.Stands = nullable.NewNullableWithValue(*a.SignedSHA256 == a.Sum())
	}
	return out
}
