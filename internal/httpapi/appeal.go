package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// ListAppeals handles GET /v1/appraisals/{appraisal_id}/appeals.
func (s *Server) ListAppeals(ctx context.Context, r server.ListAppealsRequestObject) (server.ListAppealsResponseObject, error) {
	y, err := s.appeals.Appeals(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	return server.ListAppeals200JSONResponse{Items: mapped(y.Appeals, toAppealItem), Options: mapped(y.Options(), toAppealOption)}, nil
}

// LodgeAppeal handles POST /v1/appraisals/{appraisal_id}/appeals.
func (s *Server) LodgeAppeal(ctx context.Context, r server.LodgeAppealRequestObject) (server.LodgeAppealResponseObject, error) {
	b := r.Body
	a, err := s.appeals.Lodge(ctx, r.AppraisalID, appeal.Against(b.Against), appeal.Words{Ground: b.Ground, Text: b.Text, LateReason: b.LateReason})
	if err != nil {
		return nil, err
	}
	return server.LodgeAppeal201JSONResponse{Body: toAppeal(a)}, nil
}

// GetAppeal handles GET /v1/appeals/{appeal_id}.
func (s *Server) GetAppeal(ctx context.Context, r server.GetAppealRequestObject) (server.GetAppealResponseObject, error) {
	a, err := s.appeals.Appeal(ctx, r.AppealID)
	if err != nil {
		return nil, err
	}
	return server.GetAppeal200JSONResponse{Body: toAppeal(a)}, nil
}

// AdmitLateAppeal handles POST /v1/appeals/{appeal_id}/admit-late.
func (s *Server) AdmitLateAppeal(ctx context.Context, r server.AdmitLateAppealRequestObject) (server.AdmitLateAppealResponseObject, error) {
	a, err := s.appeals.AdmitLate(ctx, r.AppealID, version(r.Params.IfMatch), appeal.Admission{Admitted: r.Body.Admitted, Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	return server.AdmitLateAppeal200JSONResponse{Body: toAppeal(a)}, nil
}

// ScheduleHearing handles POST /v1/appeals/{appeal_id}/schedule-hearing.
func (s *Server) ScheduleHearing(ctx context.Context, r server.ScheduleHearingRequestObject) (server.ScheduleHearingResponseObject, error) {
	a, err := s.appeals.ScheduleHearing(ctx, r.AppealID, version(r.Params.IfMatch), appeal.Hearing{On: fromDate(r.Body.HearingOn), Companion: deref(r.Body.Companion)})
	if err != nil {
		return nil, err
	}
	return server.ScheduleHearing200JSONResponse{Body: toAppeal(a)}, nil
}

// DecideAppeal handles POST /v1/appeals/{appeal_id}/decide.
func (s *Server) DecideAppeal(ctx context.Context, r server.DecideAppealRequestObject) (server.DecideAppealResponseObject, error) {
	b := r.Body
	verdict := appeal.Verdict{Result: appeal.Result(b.Result), Reason: b.Reason, Progression: string(deref(b.Progression)), Amendment: b.Amendment, ReviewerID: b.ReviewerID,
		Awards: mapped(b.Awards, fromAward)}
	a, err := s.appeals.Decide(ctx, r.AppealID, version(r.Params.IfMatch), verdict)
	if err != nil {
		return nil, err
	}
	return server.DecideAppeal200JSONResponse{Body: toAppeal(a)}, nil
}

// ConsentToAmendment handles POST /v1/appeals/{appeal_id}/consent.
func (s *Server) ConsentToAmendment(ctx context.Context, r server.ConsentToAmendmentRequestObject) (server.ConsentToAmendmentResponseObject, error) {
	a, err := s.appeals.Consent(ctx, r.AppealID, version(r.Params.IfMatch), appeal.Answer{Consents: r.Body.Consents, Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	return server.ConsentToAmendment200JSONResponse{Body: toAppeal(a)}, nil
}

// LodgeNextStage handles POST /v1/appeals/{appeal_id}/next-stage.
func (s *Server) LodgeNextStage(ctx context.Context, r server.LodgeNextStageRequestObject) (server.LodgeNextStageResponseObject, error) {
	a, err := s.appeals.LodgeNext(ctx, r.AppealID, version(r.Params.IfMatch), appeal.Words{Text: r.Body.Text, LateReason: r.Body.LateReason})
	if err != nil {
		return nil, err
	}
	return server.LodgeNextStage200JSONResponse{Body: toAppeal(a)}, nil
}

// WithdrawAppeal handles POST /v1/appeals/{appeal_id}/withdraw.
func (s *Server) WithdrawAppeal(ctx context.Context, r server.WithdrawAppealRequestObject) (server.WithdrawAppealResponseObject, error) {
	a, err := s.appeals.Withdraw(ctx, r.AppealID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.WithdrawAppeal200JSONResponse{Body: toAppeal(a)}, nil
}

func toAppealOption(o appeal.Option) api.AppealOption {
	return api.AppealOption{Against: api.AppealOptionAgainst(o.Against), SinceOn: nullDate(o.Since()), UntilOn: nullDate(o.Until()), Late: o.Late(), PersonIds: people(o.Hears()),
		Stages:         mapped(appeal.Stages(o.Case, o.Against), func(s policy.AppealStage) api.Coded { return api.Coded{Code: s.Code, Label: s.Label} }),
		Grounds:        mapped(o.Case.Rules().Appeals.Grounds, func(g policy.Rating) api.Coded { return api.Coded{Code: g.Code, Label: g.Label} }),
		AllowedActions: toActions(appraisal.Allowed(o.Case, o, []appraisal.Act[appeal.Option]{appeal.Lodging}))}
}

func people(ids []uuid.UUID) []uuid.UUID {
	return mapped(ids, func(id uuid.UUID) uuid.UUID { return id })
}

// toAppealItem is an appeal in a list, without what was written.
func toAppealItem(a *appeal.Aggregate) api.Appeal { return appealAs(a, false, false) }

// toAppeal is an appeal with what the caller may read of it.
func toAppeal(a *appeal.Aggregate) api.Appeal { return appealAs(a, a.Told(), a.ToldAmendments()) }

func appealAs(a *appeal.Aggregate, told, amendments bool) api.Appeal {
	at := a.At()
	return api.Appeal{ID: a.ID, Version: a.Version, AppraisalID: a.AppraisalID, PersonID: a.Case.PersonID, Against: api.AppealAgainst(a.Against), Status: api.AppealStatus(a.Status),
		Stage: a.Stage, Ground: groundOf(a), LodgedOn: toDate(a.LodgedOn), PersonIds: people(a.With()), DueOn: nullDate(at.DueOn), Overdue: overdue(a, at),
		NextStageUntil: nullDate(a.NextUntil()), Stages: mapped(a.Stages, func(st appeal.Stage) api.AppealStage { return toAppealStage(a, &st, told) }),
		Amendments:     mapped(a.Amendments, func(m appeal.Amendment) api.AppealAmendment { return toAmendment(m, told, amendments) }),
		AllowedActions: toActions(appraisal.Allowed(a.Case, a, appeal.Acts)), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
}

// overdue says whether a stage was decided after its day, or waits beyond it.
func overdue(a *appeal.Aggregate, s *appeal.Stage) bool {
	waits := a.Status == appeal.Lodged || a.Status == appeal.AwaitingConsent
	return (waits || s.DecidedBy != nil) && s.DecidedLate(a.Case.Today)
}

func groundOf(a *appeal.Aggregate) nullable.Nullable[api.Coded] {
	if a.Ground == nil {
		return nullable.NewNullNullable[api.Coded]()
	}
	for _, g := range a.Case.Rules().Appeals.Grounds {
		if g.Code == *a.Ground {
			return nullable.NewNullableWithValue(api.Coded{Code: g.Code, Label: g.Label})
		}
	}
	return nullable.NewNullableWithValue(api.Coded{Code: *a.Ground, Label: *a.Ground}) // the policy no longer has it
}

func toAppealStage(a *appeal.Aggregate, s *appeal.Stage, told bool) api.AppealStage {
	out := api.AppealStage{N: s.N, Code: s.Code, Label: s.Code, Party: string(s.Party), LodgedOn: toDate(s.LodgedOn), Late: s.Late, Admitted: null(s.Admitted),
		AdmissionBy: null(s.AdmissionBy), AdmissionOn: nullDate(s.AdmissionOn), HearingOn: nullDate(s.HearingOn), Companion: s.Companion, DueOn: nullDate(s.DueOn),
		Overdue: overdue(a, s), DecidedOn: nullDate(s.DecidedOn), DecidedBy: null(s.DecidedBy), Result: nullWord(api.AppealStageResult(deref(s.Result))), ReviewerID: null(s.ReviewerID),
		Text: shown(told, &s.Text), LateReason: shown(told, s.LateReason), AdmissionReason: shown(told, s.AdmissionReason), Reason: shown(told, s.Reason)}
	if rule := a.Rule(s.Code); rule != nil {
		out.Label = rule.Label
	}
	return out
}

func toAmendment(m appeal.Amendment, told, amendments bool) api.AppealAmendment {
	return api.AppealAmendment{N: m.N, Text: shown(amendments, &m.Text), Reason: shown(told, &m.Reason), ProposedBy: m.ProposedBy, ProposedOn: toDate(m.ProposedOn),
		Agreed: null(m.Agreed), AnsweredBy: null(m.AnsweredBy), AnsweredOn: nullDate(m.AnsweredOn), AnswerReason: shown(amendments, m.AnswerReason)}
}

// shown is a text for whoever may read it, and null for others.
func shown(may bool, text *string) nullable.Nullable[string] {
	if !may {
		return nullable.NewNullNullable[string]()
	}
	return null(text)
}
