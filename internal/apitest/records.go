package apitest

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	openapi_types "github.com/oapi-codegen/runtime/types"
	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/schooltime"
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
	absence, err := hr.RecordAbsenceWithResponse(ctx, p.ID, nil, api.RecordAbsence{FromOn: day("2026-09-07")})
	OK(y.T, absence, err)
	o, err := p.CreateObjectiveWithResponse(ctx, nil, api.CreateObjective{AppraisalID: appraisal, Slot: "impact_on_self", Content: api.ObjectiveContent{Title: "Coaching", Text: "Coach a colleague."}})
	OK(y.T, o, err)
	m, err := p.ScheduleMeetingWithResponse(ctx, nil, api.ScheduleMeeting{AppraisalID: appraisal, PlanCode: "mid_year", ScheduledAt: time.Date(2027, 2, 1, 9, 30, 0, 0, time.UTC)})
	OK(y.T, m, err)
	s, err := p.ListSessionsWithResponse(ctx)
	OK(y.T, s, err)
	for kind, id := range map[string]uuid.UUID{"post_id": posts.JSON200.Items[0].ID, "appraisal_id": appraisal, "absence_id": absence.JSON201.ID, "objective_id": o.JSON201.ID,
		"check_in_id": y.sentCheckIn(p, appraisal), "meeting_id": m.JSON201.ID, "session_id": s.JSON200.Items[0].ID} {
		ids[kind] = id.String()
	}
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
	return map[string]uuid.UUID{"unit_id": unit, "priority_id": p.JSON201.ID, "template_id": templates.JSON200.Items[0].ID, "office_id": offices.JSON200.Items[0].ID,
		"import_id": file.JSON201.ID, "policy_id": y.PolicyID, "policy_version_id": y.PolicyVersion, "cycle_id": y.CycleID, "window_id": y.Windows[1].ID}
}

func day(s string) openapi_types.Date {
	return openapi_types.Date{Time: schooltime.MustDate(s).Time()}
}
