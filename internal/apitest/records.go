package apitest

import (
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
)

// StaffFile is a small staff list, as an MIS exports it.
const StaffFile = "external_id,given_name,family_name\nmis:NEW-1,Nia,Cole\n"

// Invited adds somebody who is not of the cast to a world, ready to sign in.
func (w *World) Invited(body api.CreatePerson) *Person {
	w.T.Helper()
	if body.Email == nil {
		email := strings.ToLower(body.GivenName+"."+body.FamilyName) + "@" + w.Slug + ".example"
		body.Email = &email
	}
	r, err := w.HR.CreatePersonWithResponse(w.T.Context(), nil, body)
	OK(w.T, r, err)
	return w.person(r.JSON201.ID, body.GivenName, *body.Email)
}

// Records makes one record of each kind for a person with an appraisal, on a day on which the first
// check-in window is open, and returns the ids by the path parameter that names such a record.
// unit is the unit that the records of no person belong to.
func (y *Year) Records(p *Person, unit uuid.UUID) map[string]string {
	y.T.Helper()
	ids := y.ownRecords(p)
	for kind, id := range y.sharedRecords(unit) {
		ids[kind] = id.String()
	}
	return ids
}

func (y *Year) ownRecords(p *Person) map[string]string {
	y.T.Helper()
	ctx, hr, ids := y.T.Context(), y.World.HR, map[string]string{"person_id": p.ID.String()}
	posts, err := hr.ListPostsWithResponse(ctx, p.ID)
	OK(y.T, posts, err)
	a, err := p.ListAppraisalsWithResponse(ctx, &api.ListAppraisalsParams{PersonID: &p.ID})
	OK(y.T, a, err)
	require.Len(y.T, a.JSON200.Items, 1, p.Name)
	appraisal := a.JSON200.Items[0].ID
	absence, err := hr.RecordAbsenceWithResponse(ctx, p.ID, nil, api.RecordAbsence{FromOn: Day("2026-09-07")})
	OK(y.T, absence, err)
	o, err := p.CreateObjectiveWithResponse(ctx, nil, api.CreateObjective{AppraisalID: appraisal, Slot: "impact_on_self", Content: api.ObjectiveContent{Title: "Coaching", Text: "Coach a colleague."}})
	OK(y.T, o, err)
	m, err := p.ScheduleMeetingWithResponse(ctx, nil, api.ScheduleMeeting{AppraisalID: appraisal, PlanCode: "mid_year", ScheduledAt: time.Date(2027, 2, 1, 9, 30, 0, 0, time.UTC)})
	OK(y.T, m, err)
	seen := "Two lessons."
	e, err := p.AddEvidenceWithResponse(ctx, appraisal, nil, api.AddEvidence{SubjectKind: "objective", SubjectID: o.JSON201.ID, Kind: "check_in", Title: "Seen", Text: &seen})
	OK(y.T, e, err)
	s, err := p.ListSessionsWithResponse(ctx)
	OK(y.T, s, err)
	for kind, id := range map[string]uuid.UUID{"post_id": posts.JSON200.Items[0].ID, "appraisal_id": appraisal, "absence_id": absence.JSON201.ID, "objective_id": o.JSON201.ID, "evidence_id": e.JSON201.ID,
		"check_in_id": y.sentCheckIn(p, appraisal), "meeting_id": m.JSON201.ID, "session_id": s.JSON200.Items[0].ID, "self_assessment_id": y.selfAssessment(p, appraisal), "appeal_id": y.appeal(p, posts.JSON200.Items[0].ID), "correction_id": y.correction(p), "concern_id": y.concern(p, appraisal), "deferral_id": y.deferral(p, appraisal)} {
		ids[kind] = id.String()
	}
	maps.Copy(ids, y.privacyRecords(p, appraisal))
	return ids
}

// sentCheckIn is a check-in that others may read: a draft is its author's alone.
func (y *Year) sentCheckIn(p *Person, appraisal uuid.UUID) uuid.UUID {
	y.T.Helper()
	k, err := p.StartCheckInWithResponse(y.T.Context(), nil, api.StartCheckIn{AppraisalID: appraisal, WindowID: y.Windows[0].ID})
	OK(y.T, k, err)
	answers := map[string]any{"went_well": "A good start.", "even_better_if": "More time for pairs.", "whats_next": "A second text."}
	saved, err := p.SaveCheckInWithResponse(y.T.Context(), k.JSON201.ID, &api.SaveCheckInParams{IfMatch: k.HTTPResponse.Header.Get("ETag")}, api.SaveCheckIn{Answers: answers})
	OK(y.T, saved, err)
	sent, err := p.SubmitCheckInWithResponse(y.T.Context(), k.JSON201.ID, &api.SubmitCheckInParams{IfMatch: saved.HTTPResponse.Header.Get("ETag")})
	OK(y.T, sent, err)
	return k.JSON201.ID
}

// sharedRecords belong to a unit, or to the whole trust, and to no person.
func (y *Year) sharedRecords(unit uuid.UUID) map[string]uuid.UUID {
	y.T.Helper()
	ctx, hr := y.T.Context(), y.World.HR
	p, err := hr.CreatePriorityWithResponse(ctx, nil, api.CreatePriority{Code: uuid.NewString()[:8], Title: "Of the unit", UnitID: &unit})
	OK(y.T, p, err)
	templates, err := hr.ListObjectiveTemplatesWithResponse(ctx, nil)
	OK(y.T, templates, err)
	offices, err := hr.ListOfficesWithResponse(ctx, nil)
	OK(y.T, offices, err)
	file, err := hr.CreateImportWithBodyWithResponse(ctx, nil, "text/csv", strings.NewReader(StaffFile))
	OK(y.T, file, err)
	framework, published := y.framework(unit)
	return map[string]uuid.UUID{"framework_id": framework, "framework_version_id": published, "unit_id": unit, "priority_id": p.JSON201.ID, "template_id": templates.JSON200.Items[0].ID, "office_id": offices.JSON200.Items[0].ID,
		"import_id": file.JSON201.ID, "policy_id": y.PolicyID, "policy_version_id": y.PolicyVersion, "policy_override_id": y.override(unit), "cycle_id": y.CycleID, "window_id": y.Windows[1].ID, "sample_id": y.sample(unit)}
}

// sample is a sample of a unit's objectives, in a year that is prepared on a policy which has them
// looked at.
func (y *Year) sample(unit uuid.UUID) uuid.UUID {
	y.T.Helper()
	ctx, hr := y.T.Context(), y.World.HR
	p, err := hr.CreatePolicyWithResponse(ctx, nil, api.CreatePolicy{Name: "With samples", Document: map[string]any{"schema": 1, "profile": "tsat",
		"rules": map[string]any{"objectives": map[string]any{"moderation": "sample"}}}})
	OK(y.T, p, err)
	v, err := hr.PublishPolicyWithResponse(ctx, p.JSON201.ID, &api.PublishPolicyParams{IfMatch: p.HTTPResponse.Header.Get("ETag")})
	OK(y.T, v, err)
	c, err := hr.CreateCycleWithResponse(ctx, nil, api.CreateCycle{Name: "2031-32", StartsOn: Day("2031-09-01"), PolicyVersionID: v.JSON201.ID})
	OK(y.T, c, err)
	percent := 100
	s, err := hr.SampleObjectivesWithResponse(ctx, nil, api.SampleObjectives{CycleID: c.JSON201.ID, UnitID: unit, Percent: &percent})
	OK(y.T, s, err)
	return s.JSON201.ID
}

// override is what the unit, or the nearest one above it that decides, proposes for itself.
func (y *Year) override(unit uuid.UUID) uuid.UUID {
	y.T.Helper()
	for {
		u, err := y.World.HR.GetUnitWithResponse(y.T.Context(), unit)
		OK(y.T, u, err)
		if u.JSON200.Decides || u.JSON200.ParentID.IsNull() {
			break
		}
		unit = u.JSON200.ParentID.MustGet()
	}
	o, err := y.World.HR.CreatePolicyOverrideWithResponse(y.T.Context(), nil, api.CreatePolicyOverride{PolicyID: y.PolicyID, UnitID: unit, Rules: map[string]any{"objectives": map[string]any{"bank": false}}})
	OK(y.T, o, err)
	return o.JSON201.ID
}
