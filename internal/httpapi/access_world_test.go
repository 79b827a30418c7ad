package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// accessWorld is Brightwater in its year, with somebody for each role and nothing but that role,
// and with one record of each kind for everybody who matters.
type accessWorld struct {
	*apitest.Year
	t     *testing.T
	extra map[string]*apitest.Person   // who is not of the cast
	kept  map[string]map[string]string // person to the ids of their records, by path parameter
}

// Who works where and who is on whose team, as the cast has it.
var (
	worksIn = map[string]string{tom: "science", ines: "science", "priya.nair": "science", "leo.hart": "science", marta: "northfield", dev: "northfield", "sam.quill": "northfield",
		"wen.zhou": "southgate", "abe.stone": "southgate", "mia.frost": "southgate", "kit.vale": "central", hrWithYear: "central", olu: "trust"}
	teams = map[string][]string{ines: {tom, "priya.nair", "leo.hart"}, marta: {dev}, onlyReviewer: {"mia.frost"}}
)

// The people beside the cast: each has one role alone, but for Hugo, who is HR and has a year.
const (
	onlyReviewer = "rae" // line-manages Mia
	onlyHead     = "hal" // heads the central team
	onlySignedIn = "bo"
	onlyHR       = "hana"
	hrWithYear   = "hugo"
)

func newAccessWorld(t *testing.T, owners ...string) *accessWorld {
	t.Helper()
	w := &accessWorld{Year: apitest.NewYear(t), t: t, extra: map[string]*apitest.Person{}, kept: map[string]map[string]string{}}
	w.extra[onlyHR] = w.World.HR
	for key, body := range map[string]api.CreatePerson{
		onlyReviewer: {GivenName: "Rae", FamilyName: "Holm"}, onlyHead: {GivenName: "Hal", FamilyName: "Ode"}, onlySignedIn: {GivenName: "Bo", FamilyName: "Lake"},
		hrWithYear: {GivenName: "Hugo", FamilyName: "Marsh", Post: &api.CreatePost{UnitID: w.Units["central"], JobTitle: "HR officer", StaffType: "support", FromOn: date("2020-09-01")}},
	} {
		w.extra[key] = w.Invited(body)
	}
	w.office("head", "central", onlyHead)
	w.office("hr", "trust", hrWithYear)
	w.manage("mia.frost", onlyReviewer)
	e, err := w.World.HR.EnrolPeopleWithResponse(t.Context(), w.CycleID, nil, api.EnrolPeople{})
	apitest.OK(t, e, err)
	w.On("2026-10-30")
	for _, owner := range owners {
		w.kept[owner] = w.records(owner)
	}
	return w
}

// somebody is a person of the world, of the cast or beside it.
func (w *accessWorld) somebody(key string) *apitest.Person {
	if p := w.extra[key]; p != nil {
		return p
	}
	return w.As(key)
}

func (w *accessWorld) office(code, unit, who string) {
	w.t.Helper()
	r, err := w.World.HR.FillOfficeWithResponse(w.t.Context(), nil, api.FillOffice{Code: api.FillOfficeCode(code), UnitID: w.Units[unit], PersonID: w.extra[who].ID})
	apitest.OK(w.t, r, err)
}

func (w *accessWorld) manage(whom, who string) {
	w.t.Helper()
	post, err := w.World.HR.GetPostWithResponse(w.t.Context(), w.Posts[whom])
	apitest.OK(w.t, post, err)
	r, err := w.World.HR.SetLineManagerWithResponse(w.t.Context(), w.Posts[whom], &api.SetLineManagerParams{IfMatch: post.HTTPResponse.Header.Get("ETag")}, api.SetLineManager{ManagerID: w.extra[who].ID})
	apitest.OK(w.t, r, err)
}

// records makes one of each kind for a person, and returns their ids.
func (w *accessWorld) records(owner string) map[string]string {
	w.t.Helper()
	p, ids := w.somebody(owner), map[string]string{}
	keep := func(kind string, id uuid.UUID) { ids[kind] = id.String() }
	keep("person_id", p.ID)
	posts, err := w.World.HR.ListPostsWithResponse(w.t.Context(), p.ID)
	apitest.OK(w.t, posts, err)
	keep("post_id", posts.JSON200.Items[0].ID)
	a, err := p.ListAppraisalsWithResponse(w.t.Context(), &api.ListAppraisalsParams{PersonID: &p.ID})
	apitest.OK(w.t, a, err)
	require.Len(w.t, a.JSON200.Items, 1, owner)
	appraisal := a.JSON200.Items[0].ID
	keep("appraisal_id", appraisal)
	absence, err := w.World.HR.RecordAbsenceWithResponse(w.t.Context(), p.ID, nil, api.RecordAbsence{FromOn: date("2026-09-07")})
	apitest.OK(w.t, absence, err)
	keep("absence_id", absence.JSON201.ID)
	o, err := p.CreateObjectiveWithResponse(w.t.Context(), nil, api.CreateObjective{AppraisalID: appraisal, Slot: onSelf, Content: api.ObjectiveContent{Title: "Coaching", Text: "Coach a colleague."}})
	apitest.OK(w.t, o, err)
	keep("objective_id", o.JSON201.ID)
	keep("check_in_id", w.sentCheckIn(p, appraisal))
	m, err := p.ScheduleMeetingWithResponse(w.t.Context(), nil, api.ScheduleMeeting{AppraisalID: appraisal, PlanCode: "mid_year", ScheduledAt: time.Date(2027, 2, 1, 9, 30, 0, 0, time.UTC)})
	apitest.OK(w.t, m, err)
	keep("meeting_id", m.JSON201.ID)
	s, err := p.ListSessionsWithResponse(w.t.Context())
	apitest.OK(w.t, s, err)
	keep("session_id", s.JSON200.Items[0].ID)
	w.ofUnit(owner, ids)
	return ids
}

// sentCheckIn is a check-in that others may read: a draft is its author's alone.
func (w *accessWorld) sentCheckIn(p *apitest.Person, appraisal uuid.UUID) uuid.UUID {
	w.t.Helper()
	k, err := p.StartCheckInWithResponse(w.t.Context(), nil, api.StartCheckIn{AppraisalID: appraisal, WindowID: w.Windows[0].ID})
	apitest.OK(w.t, k, err)
	saved, err := p.SaveCheckInWithResponse(w.t.Context(), k.JSON201.ID, &api.SaveCheckInParams{IfMatch: etag(k.JSON201.Version)}, api.SaveCheckIn{Answers: reflected("A good start.")})
	apitest.OK(w.t, saved, err)
	sent, err := p.SubmitCheckInWithResponse(w.t.Context(), k.JSON201.ID, &api.SubmitCheckInParams{IfMatch: etag(saved.JSON200.Version)})
	apitest.OK(w.t, sent, err)
	return k.JSON201.ID
}

// ofUnit adds the ids of what belongs to the owner's unit, or to the whole trust.
func (w *accessWorld) ofUnit(owner string, ids map[string]string) {
	w.t.Helper()
	unit := w.Units[worksIn[owner]]
	p, err := w.World.HR.CreatePriorityWithResponse(w.t.Context(), nil, api.CreatePriority{Code: "u-" + owner, Title: "Of the unit", UnitID: &unit})
	apitest.OK(w.t, p, err)
	templates, err := w.World.HR.ListObjectiveTemplatesWithResponse(w.t.Context(), nil)
	apitest.OK(w.t, templates, err)
	offices, err := w.World.HR.ListOfficesWithResponse(w.t.Context(), nil)
	apitest.OK(w.t, offices, err)
	name := "staff.csv"
	file, err := w.World.HR.CreateImportWithBodyWithResponse(w.t.Context(), &api.CreateImportParams{FileName: &name}, "text/csv", jsonBody(staffFile))
	apitest.OK(w.t, file, err)
	for kind, id := range map[string]uuid.UUID{"unit_id": unit, "priority_id": p.JSON201.ID, "template_id": templates.JSON200.Items[0].ID, "office_id": offices.JSON200.Items[0].ID,
		"import_id": file.JSON201.ID, "policy_id": w.PolicyID, "policy_version_id": w.PolicyVersion, "cycle_id": w.CycleID, "window_id": w.Windows[1].ID} {
		ids[kind] = id.String()
	}
}

const staffFile = "external_id,given_name,family_name\nmis:NEW-1,Nia,Cole\n"
