package httpapi

import (
	"maps"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/standards"
)

func fromContent(c api.ObjectiveContent) objective.Content {
	return objective.Content{Title: c.Title, Text: c.Text, TargetOn: fromDatePtr(c.TargetOn), TemplateID: c.TemplateID,
		Criteria:   mapped(c.Criteria, func(i api.Item) string { return i.Text }),
		Actions:    mapped(c.Actions, fromAction),
		Milestones: mapped(c.Milestones, fromAction),
		Priorities: mapped(c.PriorityIds, func(id uuid.UUID) uuid.UUID { return id }),
		Statements: mapped(c.Statements, func(l api.StatementLink) standards.StatementRef {
			return standards.StatementRef{FrameworkVersionID: l.FrameworkVersionID, Statement: l.Statement}
		}),
		Checklist: ticked(c.Checklist), SMART: ticked(c.Smart), CPDSupport: deref(c.CpdSupport), SupportingEvidence: deref(c.SupportingEvidence),
		AssessmentMethod: deref(c.AssessmentMethod), Remark: c.Remark, Confirmed: deref(c.ConfirmDisclosure)}
}

// ticked is a checklist that is empty, never null, where nobody has answered it.
func ticked(list map[string]bool) map[string]bool {
	out := map[string]bool{}
	maps.Copy(out, list)
	return out
}

func fromAction(a api.Action) objective.Action {
	return objective.Action{Text: a.Text, DueOn: fromDatePtr(a.DueOn)}
}

func toObjective(o *objective.Aggregate) api.Objective {
	return api.Objective{ID: o.ID, Version: o.Version, AppraisalID: o.AppraisalID, Slot: slotOf(o.Case, o.Slot), Origin: o.Origin, Counts: o.Counts,
		Approval: api.ObjectiveApproval(o.Approval), Completion: api.ObjectiveCompletion(o.Completion), Validation: api.ObjectiveValidation(o.Validation),
		Progress: o.Progress, CompletedOn: nullDate(o.CompletedOn), WhatNext: null(o.WhatNext), CarriedFrom: null(o.FromID), Mandate: null(o.Mandate),
		Live: revisionOrNull(o.Live), Next: revisionOrNull(o.Next),
		Signatures: mapped(o.Signatures, func(g objective.Signature) api.Signature {
			return api.Signature{Revision: g.Revision, Party: string(g.Party), PersonID: g.PersonID, At: g.At}
		}),
		Advisories:     mapped(objective.Advisories(o.Case, o), toAdvisory),
		DisclosedTo:    mapped(objective.DisclosedTo(o.Case, o), func(p policy.Party) string { return string(p) }),
		AllowedActions: toActions(appraisal.Allowed(o.Case, o, objective.Acts)), CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt}
}

func toAdvisory(r fault.Refusal) api.Advisory {
	return api.Advisory{Code: r.Code, Detail: r.Detail, Policy: toRefusal(r).Policy}
}

func slotOf(c *appraisal.Case, code string) api.Coded {
	if s := objective.SlotOf(c, code); s != nil {
		return api.Coded{Code: code, Label: s.Label}
	}
	return api.Coded{Code: code, Label: "Further objective"}
}

func revisionOrNull(r *objective.Revision) nullable.Nullable[api.Revision] {
	if r == nil {
		return nullable.NewNullNullable[api.Revision]()
	}
	return nullable.NewNullableWithValue(toRevision(*r))
}

func toRevision(r objective.Revision) api.Revision {
	return api.Revision{Number: r.Number, State: api.RevisionState(r.State), Title: r.Title, Text: r.Text,
		Criteria:    mapped(r.Criteria, func(t string) api.Item { return api.Item{Text: t} }),
		Actions:     mapped(r.Actions, toAction),
		Milestones:  mapped(r.Milestones, toAction),
		PriorityIds: mapped(r.Priorities, func(id uuid.UUID) uuid.UUID { return id }),
		Statements: mapped(r.Statements, func(l standards.StatementRef) api.StatementLink {
			return api.StatementLink{FrameworkVersionID: l.FrameworkVersionID, Statement: l.Statement}
		}),
		Checklist: ticked(r.Checklist), Smart: ticked(r.SMART), CpdSupport: nullText(r.CPDSupport), SupportingEvidence: nullText(r.SupportingEvidence),
		AssessmentMethod: nullText(r.AssessmentMethod), TargetOn: nullDate(r.TargetOn), TemplateID: null(r.TemplateID), Remark: null(r.Remark),
		AuthorID: r.AuthorID, DeterminedBy: null(r.DeterminedBy), LiveAt: null(r.LiveAt), CreatedAt: r.CreatedAt}
}

func toAction(a objective.Action) api.RevisionAction {
	return api.RevisionAction{Text: a.Text, DueOn: nullDate(a.DueOn)}
}
