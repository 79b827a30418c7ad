package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/dossier"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/standards"
	"github.com/perennial-api/perennial/internal/yearend"
)

// GetDossier handles GET /v1/appraisals/{appraisal_id}/dossier.
func (s *Server) GetDossier(ctx context.Context, r server.GetDossierRequestObject) (server.GetDossierResponseObject, error) {
	y, err := s.dossier.Year(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	return server.GetDossier200JSONResponse(toDossier(y)), nil
}

// GetTimeline handles GET /v1/appraisals/{appraisal_id}/timeline.
func (s *Server) GetTimeline(ctx context.Context, r server.GetTimelineRequestObject) (server.GetTimelineResponseObject, error) {
	list, err := s.dossier.Timeline(ctx, r.AppraisalID, pageOf(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return server.GetTimeline200JSONResponse{Body: api.Timeline{Items: mapped(list.Items, toMoment), NextCursor: null(list.Next)}}, nil
}

func toMoment(m dossier.Moment) api.TimelineEntry {
	return api.TimelineEntry{ID: m.ID, Type: m.Type, On: toDate(m.On), Actor: nullCard(m.Actor), Subject: toStanding(deref(m.AppraisalID), m.Source), Sentence: clip(m.Sentence, 500)}
}

func toDossier(y *dossier.Year) api.Dossier {
	v := dossierView{y}
	return api.Dossier{AppraisalID: y.Case.ID, Person: cardOrNull(y.Cards, y.Case.PersonID), Stage: api.DossierStage(y.Case.Stage), Truncated: y.Truncated,
		Objectives: mapped(y.Objectives, v.objective), General: mapped(y.General, v.entry), Meetings: mapped(y.Meetings, v.meeting),
		SelfAssessments: mapped(y.SelfAssessments, toDossierSelfAssessment), Engagement: toEngagement(y.Case, y.Engagement),
		Praise: mapped(y.Praise, func(p checkin.Praise) api.DossierPraise {
			return api.DossierPraise{By: toCard(y.Cards[p.ByID]), On: toDate(p.SchoolOn)}
		}),
		Absences: mapped(y.Absences, func(a appraisal.Absence) api.DossierAbsence {
			return api.DossierAbsence{FromOn: toDate(a.FromOn), UntilOn: nullDate(a.UntilOn)}
		}),
		EarlierYears: v.earlierYears(), Suggestions: mapped(y.Suggestions, v.suggestion)}
}

// dossierView renders the parts of a year, whose people it knows.
type dossierView struct{ *dossier.Year }

func (v dossierView) card(id *uuid.UUID) nullable.Nullable[api.PersonCard] {
	if id == nil {
		return nullable.NewNullNullable[api.PersonCard]()
	}
	return cardOrNull(v.Cards, *id)
}

func (v dossierView) entry(e dossier.Entry) api.DossierEntry {
	return api.DossierEntry{Kind: api.DossierEntryKind(e.Kind), Source: toStanding(v.Case.ID, e.Source), On: toDate(e.On), By: v.card(e.By), Party: nullText(string(e.Party)),
		Label: clip(e.Label, 500), Text: clip(e.Text, 20000)}
}

func (v dossierView) objective(o dossier.Objective) api.DossierObjective {
	return api.DossierObjective{ID: o.ID, Slot: slotOf(v.Case, o.Slot), Counts: o.Counts, Approval: api.DossierObjectiveApproval(o.Approval),
		Completion: api.DossierObjectiveCompletion(o.Completion), Validation: api.DossierObjectiveValidation(o.Validation), Progress: o.Progress,
		CompletedOn: nullDate(o.CompletedOn), WhatNext: null(o.WhatNext), Content: toRevision(*o.Live),
		Revisions: mapped(o.Agreed, func(r objective.Revision) api.Revision { return toRevision(r) }),
		Priorities: mapped(o.Priorities, func(p plan.Priority) api.DossierPriority {
			return api.DossierPriority{ID: p.ID, Code: p.Code, Title: p.Title}
		}),
		Statements: mapped(o.Live.Statements, func(r standards.StatementRef) api.DossierStatement {
			return api.DossierStatement{FrameworkVersionID: r.FrameworkVersionID, Statement: r.Statement, Label: nullText(clip(v.Statements[r], 2000))}
		}),
		Judgements: mapped(o.Judgements, v.judgement), Entries: mapped(o.Entries, v.entry)}
}

func (v dossierView) judgement(j yearend.Judgement) api.DossierJudgement {
	out := api.DossierJudgement{Party: string(j.Party), Judgement: nullable.NewNullNullable[api.Coded](), Percent: null(j.Percent), Text: null(j.Text), By: v.card(&j.ByID), At: j.CreatedAt}
	if j.Code != nil {
		out.Judgement = nullable.NewNullableWithValue(labelled(v.Case.Rules().Outcome.ObjectiveScale, *j.Code))
	}
	return out
}

// labelled is a code with its label on a scale; a code that the scale no longer has is its own label.
func labelled(scale []policy.Rating, code string) api.Coded {
	for _, r := range scale {
		if r.Code == code {
			return api.Coded{Code: r.Code, Label: r.Label}
		}
	}
	return api.Coded{Code: code, Label: code}
}

func (v dossierView) meeting(m dossier.Meeting) api.DossierMeeting {
	return api.DossierMeeting{ID: m.ID, Href: hrefOf(v.Case.ID, dossier.Source{Kind: "meeting", ID: m.ID}), Plan: api.Coded{Code: m.Plan.Code, Label: clip(m.Plan.Label, 200)},
		HeldOn: nullDate(m.HeldOn), Formal: m.Plan.Formal, IndicativeRating: toIndicated(m.Indicated()), Entries: mapped(m.Entries, v.entry)}
}

func (v dossierView) earlierYears() api.DossierEarlierYears {
	reason, cite := dossier.WhyEarlier(v.Case)
	return api.DossierEarlierYears{Included: v.ReachesBack, Reason: reason, Items: mapped(v.Earlier, v.earlier),
		Policy: api.PolicyCitation{Parameter: cite.Parameter, Value: anyOf(cite.Value), Origin: api.PolicyCitationOrigin(cite.Origin)}}
}

func (v dossierView) earlier(e dossier.Earlier) api.DossierEarlierYear {
	return api.DossierEarlierYear{AppraisalID: e.Case.ID, Href: "/v1/appraisals/" + e.Case.ID.String() + "/outcome", Cycle: clip(e.Case.Cycle.Name, 200),
		StartsOn: toDate(e.Case.StartsOn), EndsOn: toDate(e.Case.EndsOn), Rating: toIndicated(e.Rating), Statement: mapped(e.Statement, v.entry)}
}

func (v dossierView) suggestion(s dossier.Suggestion) api.DossierSuggestion {
	return api.DossierSuggestion{Step: s.Step.Name(), Label: clip(s.Step.Rule.Label, 200), Sections: mapped(s.Sections, func(q dossier.Quote) api.DossierSuggestedSection {
		return api.DossierSuggestedSection{Section: q.Section.Code, Label: clip(q.Section.Label, 500), ObjectiveID: null(q.ObjectiveID), Text: q.Text,
			Sources: mapped(q.Sources, func(o dossier.Source) api.DossierSource { return toStanding(v.Case.ID, o) })}
	})}
}

func toEngagement(c *appraisal.Case, e yearend.Engagement) api.Engagement {
	out := api.Engagement{Counted: e.Counted, OnTime: e.OnTime, Late: e.Late, Share: null(e.Share), Sentence: e.Sentence, Suggestion: nullable.NewNullNullable[api.Coded](),
		Windows: mapped(e.Windows, func(w yearend.WindowCount) api.WindowCount {
			return api.WindowCount{N: w.N, OpensOn: toDate(w.OpensOn), ClosesOn: toDate(w.ClosesOn), Counted: w.Counted, Why: nullText(w.Why), Sent: api.WindowCountSent(w.Sent)}
		}),
		Scale: mapped(c.Rules().CheckIns.Engagement, func(v policy.Engagement) api.EngagementStep {
			return api.EngagementStep{Value: api.Coded{Code: v.Code, Label: v.Label}, AtLeast: v.AtLeast}
		})}
	if v := e.Suggestion; v != nil {
		out.Suggestion = nullable.NewNullableWithValue(api.Coded{Code: v.Code, Label: v.Label})
	}
	return out
}
