package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/concern"
)

// ResumeAppraisal handles POST /v1/appraisals/{appraisal_id}/resume.
func (s *Server) ResumeAppraisal(ctx context.Context, r server.ResumeAppraisalRequestObject) (server.ResumeAppraisalResponseObject, error) {
	c, err := s.appraisals.Resume(ctx, r.AppraisalID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.ResumeAppraisal200JSONResponse{Body: toAppraisal(c, nil)}, nil
}

func toSuspension(s appraisal.Suspension) api.Suspension {
	return api.Suspension{FromOn: toDate(s.FromOn), UntilOn: nullDate(s.UntilOn)}
}

func fromContents(list []api.ConcernContent) []concern.Content {
	if list == nil {
		return nil
	}
	return mapped(list, func(c api.ConcernContent) concern.Content { return concern.Content{Code: string(c.Code), Text: c.Text} })
}

func fromTarget(t api.SetConcernTarget) concern.Target {
	return concern.Target{Text: t.Text, Support: t.Support}
}

// nullCode is a code as the contract's enum; nil is null.
func nullCode[T ~string](p *string) nullable.Nullable[T] { return nullWord(T(deref(p))) }

// toConcernItem is a concern in a list, without what is said in it.
func toConcernItem(a *concern.Aggregate) api.Concern {
	rules := &a.Case.Rules().Concern
	return api.Concern{ID: a.ID, Version: a.Version, AppraisalID: a.AppraisalID, PersonID: a.PersonID, HolderID: a.HolderID, Status: api.ConcernStatus(a.Status),
		Serious: a.Serious, RaisedOn: toDate(a.RaisedOn), SharedAt: null(a.SharedAt), ConfirmedOn: nullDate(a.ConfirmedOn), CompanionAllowed: rules.Companion,
		MustCover: mapped(rules.MustCover, func(code string) api.ConcernMustCover { return api.ConcernMustCover(code) }),
		Contents:  nullable.NewNullNullable[[]api.ConcernContent](), Entries: nullable.NewNullNullable[[]api.ConcernEntry](),
		MonitoringEndsOn: nullDate(a.MonitoringUntil), Monitoring: nullable.NewNullNullable[api.ConcernMonitoring](),
		ClosedOn: nullDate(a.ClosedOn), Outcome: nullCode[api.ConcernOutcome](a.Outcome), Closing: nullable.NewNullNullable[string](),
		Capability: nullable.NewNullNullable[api.ConcernCapability](), Warnings: mapped(a.Warnings(), toConcernWarning),
		AllowedActions: toActions(appraisal.Allowed(a.Case, a, concern.Acts)), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
}

// toConcern is a concern as a whole, as far as the caller may see what it says.
func toConcern(a *concern.Aggregate) api.Concern {
	out := toConcernItem(a)
	if a.Visible() {
		out.Contents = nullable.NewNullableWithValue(mapped(a.Contents, func(c concern.Content) api.ConcernContent {
			return api.ConcernContent{Code: api.ConcernContentCode(c.Code), Text: c.Text}
		}))
	}
	out.Entries, out.Closing = nullable.NewNullableWithValue(mapped(a.Entries, toConcernEntry)), null(a.Closing)
	if a.Weeks != nil {
		out.Monitoring = nullable.NewNullableWithValue(toConcernMonitoring(a))
	}
	if !a.CapabilityOn.IsZero() {
		out.Capability = nullable.NewNullableWithValue(api.ConcernCapability{On: toDate(a.CapabilityOn), Reason: deref(a.CapabilityReason),
			NoticeOn: nullDate(a.NoticeOn), Notice: null(a.Notice)})
	}
	return out
}

func toConcernMonitoring(a *concern.Aggregate) api.ConcernMonitoring {
	return api.ConcernMonitoring{StartsOn: toDate(a.MonitoringFrom), Weeks: deref(a.Weeks), Reason: null(a.WeeksReason), EndsOn: toDate(a.MonitoringUntil),
		ExtensionWeeks: a.ExtensionWeeks, ExtensionReasonCode: nullCode[api.ConcernMonitoringExtensionReasonCode](a.ExtensionCode), Explanation: null(a.ExtensionReason),
		Targets: mapped(a.Targets, func(t concern.Target) api.ConcernTarget {
			return api.ConcernTarget{Text: t.Text, Support: null(t.Support)}
		}),
		Support: null(a.Support), ReviewOn: mapped(a.ReviewDays, toDate)}
}

func toConcernEntry(e concern.Entry) api.ConcernEntry {
	return api.ConcernEntry{ID: e.ID, Kind: api.ConcernEntryKind(e.Kind), HappenedOn: toDate(e.HappenedOn), ByID: e.ByID, Contact: nullCode[api.ConcernEntryContact](e.Contact),
		CompanionPresent: null(e.Companion), Progress: nullCode[api.ConcernEntryProgress](e.Progress), Text: e.Text, At: e.At}
}

func toConcernWarning(w concern.Warning) api.ConcernWarning {
	return api.ConcernWarning{Code: w.Code, Detail: w.Detail, Policy: toRule(w.Citation)}
}

// DecidePayOfTransferred handles POST /v1/appraisals/{appraisal_id}/pay/transferred.
func (s *Server) DecidePayOfTransferred(ctx context.Context, r server.DecidePayOfTransferredRequestObject) (server.DecidePayOfTransferredResponseObject, error) {
	p, err := s.pay.DecideTransferred(ctx, r.AppraisalID, *fromPayChoice(r.Body))
	if err != nil {
		return nil, err
	}
	return server.DecidePayOfTransferred201JSONResponse{Body: toPayOutcome(p)}, nil
}
