package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/privacy"
	"github.com/perennial-api/perennial/pkg/client"
)

// governor is somebody who has to do with the trust and has no post in it.
func governor(p *apitest.Process) *apitest.Person {
	p.T.Helper()
	return p.Invited(api.CreatePerson{GivenName: "Gil", FamilyName: "Orme"})
}

// grantTo is a grant on ada's appraisal for quality assurance, until a day.
func grantTo(p *apitest.Process, reader uuid.UUID, until string) api.CreateAccessGrant {
	p.T.Helper()
	return api.CreateAccessGrant{AppraisalID: p.Appraisal("ada").ID, ReaderID: reader, Purpose: "quality_assurance", UntilOn: day(until)}
}

func given(p *apitest.Process, by string, g api.CreateAccessGrant) *api.AccessGrant {
	p.T.Helper()
	r, err := p.As(by).CreateAccessGrantWithResponse(p.T.Context(), nil, g)
	apitest.OK(p.T, r, err)
	return r.JSON201
}

// adasDraft is an objective that ada began.
func adasDraft(p *apitest.Process) *api.Objective {
	p.T.Helper()
	o, err := p.As("ada").CreateObjectiveWithResponse(p.T.Context(), nil, api.CreateObjective{AppraisalID: p.Appraisal("ada").ID, Slot: "practice",
		Content: api.ObjectiveContent{Title: "Coaching", Text: "Coach a colleague."}})
	apitest.OK(p.T, o, err)
	return o.JSON201
}

func TestWhoeverIsLetInReadsOneRecordForItsPurposeUntilItEnds(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Day: "2026-10-12"})
	ctx, gil, ada, cho, hr := t.Context(), governor(p), p.As("ada"), p.As("cho"), p.World.HR
	id, objective := p.Appraisal("ada").ID, adasDraft(p)
	before, err := gil.GetAppraisalWithResponse(ctx, id, nil)
	apitest.Refused(t, before, err, 403, "role_not_admitted")

	body := grantTo(p, gil.ID, "2026-10-20")
	body.Note = ptr("A sample for the governors.")
	made, err := cho.CreateAccessGrantWithResponse(ctx, nil, body)
	apitest.OK(t, made, err)
	g := made.JSON201
	require.Equal(t, `"1"`, made.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, "/v1/access-grants/"+g.ID.String(), made.HTTPResponse.Header.Get("Location"))
	require.Equal(t, []any{ada.ID, gil.ID, cho.ID, "2026-10-12", true}, []any{g.PersonID, g.Reader.ID, g.GivenBy.ID, g.FromOn.String(), g.InForce})

	read, err := gil.GetAppraisalWithResponse(ctx, id, nil)
	apitest.OK(t, read, err)
	for _, a := range read.JSON200.AllowedActions {
		require.False(t, a.Allowed, "whoever reads may not %s", a.Action)
	}
	me, err := gil.GetMeWithResponse(ctx)
	apitest.OK(t, me, err)
	require.Empty(t, me.JSON200.Waiting)
	require.Len(t, me.JSON200.LetIn, 1)
	require.Equal(t, []any{g.ID, id, "Ada Finch", "quality_assurance", "2026-10-20"}, []any{me.JSON200.LetIn[0].GrantID, me.JSON200.LetIn[0].AppraisalID,
		me.JSON200.LetIn[0].Person.DisplayName, me.JSON200.LetIn[0].Purpose, me.JSON200.LetIn[0].UntilOn.String()})
	readsPartsAndNothingElse(t, p, gil, objective.ID)
	changesNothing(t, p, gil, objective)
	theLedgerShowsTheGrant(t, p, gil, g.ID)

	p.On("2026-10-20")
	last, err := gil.GetAppraisalWithResponse(ctx, id, nil)
	apitest.OK(t, last, err)
	p.On("2026-10-21")
	after, err := gil.GetAppraisalWithResponse(ctx, id, nil)
	apitest.Refused(t, after, err, 403, "role_not_admitted")
	over, err := gil.GetAccessGrantWithResponse(ctx, g.ID)
	apitest.OK(t, over, err)
	require.False(t, over.JSON200.InForce)
	late, err := cho.EndAccessGrantWithResponse(ctx, g.ID, &api.EndAccessGrantParams{IfMatch: etag(1)})
	apitest.Refused(t, late, err, 409, "grant_over")
	events := auditEvents(t, hr.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &g.ID})
	require.Equal(t, []string{"access_grant.given"}, eventTypes(events))
	require.Equal(t, map[string]any{"reader_id": gil.ID.String(), "purpose": "quality_assurance", "from_on": "2026-10-12", "until_on": "2026-10-20"}, events[0].Data)
}

// readsPartsAndNothingElse holds that a grant opens one appraisal with its parts, and nothing beside it.
func readsPartsAndNothingElse(t *testing.T, p *apitest.Process, gil *apitest.Person, objective uuid.UUID) {
	t.Helper()
	ctx, id := t.Context(), p.Appraisal("ada").ID
	o, err := gil.GetObjectiveWithResponse(ctx, objective)
	apitest.OK(t, o, err)
	outcome, err := gil.GetOutcomeWithResponse(ctx, id)
	apitest.OK(t, outcome, err)
	steps, err := gil.ListStepsWithResponse(ctx, id)
	apitest.OK(t, steps, err)
	met, err := gil.ListMeetingsWithResponse(ctx, &api.ListMeetingsParams{AppraisalID: &id})
	apitest.OK(t, met, err)
	list, err := gil.ListAppraisalsWithResponse(ctx, nil)
	apitest.OK(t, list, err)
	require.Len(t, list.JSON200.Items, 1, "and no other appraisal")
	other, err := gil.GetAppraisalWithResponse(ctx, p.Appraisal("dov").ID, nil)
	apitest.Refused(t, other, err, 404, "not_found")
	pay, err := gil.GetPayOutcomeWithResponse(ctx, id)
	apitest.Refused(t, pay, err, 403, "out_of_reach")
	s, err := p.As("ada").StartSelfAssessmentWithResponse(ctx, nil, api.StartSelfAssessment{AppraisalID: id, Framework: "teachers_standards"})
	apitest.OK(t, s, err)
	private, err := gil.GetSelfAssessmentWithResponse(ctx, s.JSON201.ID)
	apitest.Refused(t, private, err, 404, "not_found")
	own, err := gil.ListSelfAssessmentsWithResponse(ctx, nil)
	apitest.OK(t, own, err)
	require.Empty(t, own.JSON200.Items)
	stated, err := gil.GetAppraisalWithResponse(ctx, id, nil, client.ForPurpose("pay_decision"))
	refused := apitest.Refused(t, stated, err, 403, "purpose_not_granted")
	require.Equal(t, "privacy.granted_by", refused.Refusals[0].Policy.MustGet().Parameter)
}

// changesNothing holds that a grant is for reading alone.
func changesNothing(t *testing.T, p *apitest.Process, gil *apitest.Person, o *api.Objective) {
	t.Helper()
	ctx, id := t.Context(), p.Appraisal("ada").ID
	note, err := gil.AddNoteWithResponse(ctx, id, nil, api.AddNote{SubjectKind: "appraisal", Text: "Seen."})
	apitest.Refused(t, note, err, 403, "out_of_reach")
	propose, err := gil.ProposeObjectiveWithResponse(ctx, o.ID, &api.ProposeObjectiveParams{IfMatch: etag(o.Version)}, api.ProposeObjectiveJSONRequestBody{})
	apitest.Refused(t, propose, err, 403, "out_of_reach")
	checkIn, err := gil.StartCheckInWithResponse(ctx, nil, api.StartCheckIn{AppraisalID: id, WindowID: p.Windows[0].ID})
	require.NoError(t, err)
	require.Equal(t, 403, checkIn.StatusCode())
	meeting, err := gil.ScheduleMeetingWithResponse(ctx, nil, api.ScheduleMeeting{AppraisalID: id, PlanCode: "mid_year", ScheduledAt: talkTime})
	apitest.Refused(t, meeting, err, 403, "out_of_reach")
	step, err := gil.SaveStepWithResponse(ctx, id, "outcome.reflect", &api.SaveStepParams{IfMatch: etag(0)}, api.SaveStep{})
	require.NoError(t, err)
	require.Equal(t, 403, step.StatusCode(), string(step.Body))
	grant, err := gil.CreateAccessGrantWithResponse(ctx, nil, grantTo(p, p.As("dov").ID, "2026-10-20"))
	apitest.Refused(t, grant, err, 403, "role_not_admitted")
}

// theLedgerShowsTheGrant holds that the person sees who read what, why, and who let them in.
func theLedgerShowsTheGrant(t *testing.T, p *apitest.Process, gil *apitest.Person, grant uuid.UUID) {
	t.Helper()
	ctx, ada := t.Context(), p.As("ada")
	kinds := map[string]bool{}
	for _, d := range disclosures(t, ada.ClientWithResponses, api.ListDisclosuresParams{}) {
		require.Equal(t, []any{gil.ID, "quality_assurance", grant, p.Appraisal("ada").ID}, []any{d.Reader.ID, d.Purpose, d.GrantID.MustGet(), d.AppraisalID.MustGet()})
		kinds[d.SubjectKind] = true
	}
	require.True(t, kinds["appraisal"] && kinds["objective"] && kinds["outcome"], "%v", kinds)
	for who, n := range map[*client.ClientWithResponses]int{ada.ClientWithResponses: 1, gil.ClientWithResponses: 1, p.As("cho").ClientWithResponses: 1,
		p.World.HR.ClientWithResponses: 1, p.As("ben").ClientWithResponses: 0, p.As("dov").ClientWithResponses: 0} {
		list, err := who.ListAccessGrantsWithResponse(ctx, nil)
		apitest.OK(t, list, err)
		require.Len(t, list.JSON200.Items, n)
	}
	one, err := ada.GetAccessGrantWithResponse(ctx, grant)
	apitest.OK(t, one, err)
	require.Equal(t, "A sample for the governors.", one.JSON200.Note.MustGet())
	hidden, err := p.As("ben").GetAccessGrantWithResponse(ctx, grant)
	apitest.Refused(t, hidden, err, 404, "not_found")
	elsewhere, err := apitest.NewWorld(t, "2026-10-12").HR.GetAccessGrantWithResponse(ctx, grant)
	apitest.Refused(t, elsewhere, err, 404, "not_found")
}

func TestAccessIsGivenByWhomForWhatAndForHowLongThePolicySays(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Day: "2026-10-12", Document: map[string]any{"schema": 1, "rules": map[string]any{
		"privacy": map[string]any{"purposes": []any{"quality_assurance", "partnership_link"}, "granted_by": []any{"head"}, "grant_days": 10, "breach": true}}}})
	gil := governor(p)
	grantsAreRefused(t, p, gil)
	g := given(p, "cho", grantTo(p, gil.ID, "2026-10-21"))
	theHeadAloneEndsIt(t, p, gil, g)
	purposesAreStated(t, p)
}

// grantsAreRefused tries every grant that this policy does not give.
func grantsAreRefused(t *testing.T, p *apitest.Process, gil *apitest.Person) {
	t.Helper()
	give := func(by string, change func(*api.CreateAccessGrant)) (client.Answer, error) {
		body := grantTo(p, gil.ID, "2026-10-21")
		if change != nil {
			change(&body)
		}
		return p.As(by).CreateAccessGrantWithResponse(t.Context(), nil, body)
	}
	for _, c := range []struct {
		what   string
		by     string
		status int
		code   string
		leaf   string
		change func(*api.CreateAccessGrant)
	}{
		{"the reviewer", "ben", 403, "role_not_admitted", "", nil},
		{"HR, whom the policy does not name", "hr", 403, "not_your_act", "privacy.granted_by", nil},
		{"another purpose", "cho", 422, "purpose_not_here", "privacy.purposes", func(g *api.CreateAccessGrant) { g.Purpose = "pay_decision" }},
		{"eleven days", "cho", 422, "too_long", "privacy.grant_days", func(g *api.CreateAccessGrant) { g.UntilOn = day("2026-10-22") }},
		{"yesterday", "cho", 422, "in_the_past", "", func(g *api.CreateAccessGrant) { g.FromOn = ptr(day("2026-10-11")) }},
		{"backwards", "cho", 422, "ends_before_it_begins", "", func(g *api.CreateAccessGrant) { g.FromOn, g.UntilOn = ptr(day("2026-10-20")), day("2026-10-19") }},
		{"to the person themself", "cho", 422, "reader_is_reviewee", "", func(g *api.CreateAccessGrant) { g.ReaderID = p.As("ada").ID }},
		{"to oneself", "cho", 422, "reader_is_grantor", "", func(g *api.CreateAccessGrant) { g.ReaderID = p.As("cho").ID }},
		{"to nobody", "cho", 422, "unknown_person", "", func(g *api.CreateAccessGrant) { g.ReaderID = uuid.New() }},
		{"on nothing", "cho", 404, "not_found", "", func(g *api.CreateAccessGrant) { g.AppraisalID = uuid.New() }},
		{"on one's own", "cho", 403, "out_of_reach", "", func(g *api.CreateAccessGrant) { g.AppraisalID = p.Appraisal("cho").ID }},
	} {
		r, err := give(c.by, c.change)
		refused := apitest.Refused(t, r, err, c.status, c.code)
		if c.leaf != "" {
			require.Equal(t, c.leaf, refused.Refusals[0].Policy.MustGet().Parameter, c.what)
		}
	}
}

func theHeadAloneEndsIt(t *testing.T, p *apitest.Process, gil *apitest.Person, g *api.AccessGrant) {
	t.Helper()
	ctx := t.Context()
	gilEnds, err := gil.EndAccessGrantWithResponse(ctx, g.ID, &api.EndAccessGrantParams{IfMatch: etag(1)})
	apitest.Refused(t, gilEnds, err, 403, "role_not_admitted")
	hrEnds, err := p.World.HR.EndAccessGrantWithResponse(ctx, g.ID, &api.EndAccessGrantParams{IfMatch: etag(1)})
	apitest.Refused(t, hrEnds, err, 403, "not_your_act")
	stale, err := p.As("cho").EndAccessGrantWithResponse(ctx, g.ID, &api.EndAccessGrantParams{IfMatch: etag(7)})
	apitest.Refused(t, stale, err, 412, "stale_version")

	require.Equal(t, []string{"given", "ended"}, []string{privacy.GrantLifecycle.Moves()[0].From, privacy.GrantLifecycle.Moves()[0].To})
	ended, err := p.As("cho").EndAccessGrantWithResponse(ctx, g.ID, &api.EndAccessGrantParams{IfMatch: etag(1)})
	apitest.OK(t, ended, err)
	require.Equal(t, []any{api.AccessGrantStatus("ended"), false, "2026-10-12"}, []any{ended.JSON200.Status, ended.JSON200.InForce, ended.JSON200.EndedOn.MustGet().String()})
	require.False(t, ended.JSON200.AllowedActions[0].Allowed)
	again, err := p.As("cho").EndAccessGrantWithResponse(ctx, g.ID, &api.EndAccessGrantParams{IfMatch: etag(2)})
	apitest.Refused(t, again, err, 409, "wrong_status")
	r, err := gil.GetAppraisalWithResponse(ctx, g.AppraisalID, nil)
	apitest.Refused(t, r, err, 403, "role_not_admitted")
	holds := true
	list, err := p.As("cho").ListAccessGrantsWithResponse(ctx, &api.ListAccessGrantsParams{InForce: &holds})
	apitest.OK(t, list, err)
	require.Empty(t, list.JSON200.Items)
}

// purposesAreStated holds that whoever reads by office may state one of the trust's purposes.
func purposesAreStated(t *testing.T, p *apitest.Process) {
	t.Helper()
	ctx, id := t.Context(), p.Appraisal("ada").ID
	plain, err := p.As("cho").GetOutcomeWithResponse(ctx, id)
	apitest.OK(t, plain, err)
	stated, err := p.As("cho").GetOutcomeWithResponse(ctx, id, client.ForPurpose("partnership_link"))
	apitest.OK(t, stated, err)
	unknown, err := p.As("cho").GetOutcomeWithResponse(ctx, id, client.ForPurpose("pay_decision"))
	refused := apitest.Refused(t, unknown, err, 400, "unknown_purpose")
	require.Equal(t, "privacy.purposes", refused.Refusals[0].Policy.MustGet().Parameter)
	require.Equal(t, "Disclosure-Purpose", refused.Errors[0].Pointer)
	party, err := p.As("ben").GetOutcomeWithResponse(ctx, id, client.ForPurpose("partnership_link"))
	apitest.OK(t, party, err)
	var purposes []string
	for _, d := range disclosures(t, p.As("ada").ClientWithResponses, api.ListDisclosuresParams{}) {
		if d.SubjectKind == "outcome" {
			require.Equal(t, p.As("cho").ID, d.Reader.ID, "a party leaves no trace, whatever they state")
			require.True(t, d.GrantID.IsNull())
			purposes = append(purposes, d.Purpose)
		}
	}
	require.Equal(t, []string{"partnership_link", "oversight"}, purposes)
}
