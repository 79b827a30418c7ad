package httpapi_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/privacy"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestReadingWronglyIsReportedInOneCallAndFollowedUp(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Day: "2026-10-14"})
	ctx, ada, cho, hr := t.Context(), p.As("ada"), p.As("cho"), p.World.HR
	read, err := cho.GetAppraisalWithResponse(ctx, p.Appraisal("ada").ID, nil)
	apitest.OK(t, read, err)
	seen := disclosures(t, ada.ClientWithResponses, api.ListDisclosuresParams{})
	require.Len(t, seen, 1)

	made, err := ada.ReportBreachWithResponse(ctx, nil, api.ReportBreach{PersonID: ada.ID, DisclosureID: &seen[0].ID, WhatHappened: "Read aloud in the staff room.", DiscoveredOn: day("2026-10-13")})
	apitest.OK(t, made, err)
	b := made.JSON201
	require.Equal(t, "/v1/breaches/"+b.ID.String(), made.HTTPResponse.Header.Get("Location"))
	require.Equal(t, []any{api.BreachStatus("reported"), p.Appraisal("ada").ID, cho.ID, "2026-10-16T00:00:00Z"},
		[]any{b.Status, b.AppraisalID.MustGet(), b.Reader.MustGet().ID, b.DueAt.Format("2006-01-02T15:04:05Z07:00")})
	whoReportsAndReads(t, p, b.ID)

	follow := func(version int, body api.RecordBreachFollowUp) (*client.RecordBreachFollowUpResponse, error) {
		return hr.RecordBreachFollowUpWithResponse(ctx, b.ID, &api.RecordBreachFollowUpParams{IfMatch: etag(version)}, body)
	}
	require.Len(t, privacy.BreachLifecycle.Moves(), 3, "each is walked below")
	early, err := follow(1, api.RecordBreachFollowUp{Close: ptr(true)})
	apitest.Refused(t, early, err, 409, "wrong_status")
	empty, err := follow(1, api.RecordBreachFollowUp{})
	apitest.Refused(t, empty, err, 422, "required")
	unfounded, err := follow(1, api.RecordBreachFollowUp{Measures: ptr("Spoken to.")})
	apitest.Refused(t, unfounded, err, 422, "required")
	before, err := follow(1, api.RecordBreachFollowUp{Assessment: ptr("Three heard it."), NotifiedOn: ptr(day("2026-10-12"))})
	apitest.Refused(t, before, err, 422, "before_discovery")
	stale, err := follow(9, api.RecordBreachFollowUp{Assessment: ptr("Three heard it.")})
	apitest.Refused(t, stale, err, 412, "stale_version")
	assessed, err := follow(1, api.RecordBreachFollowUp{Assessment: ptr("Three heard it."), NotifiedOn: ptr(day("2026-10-14"))})
	apitest.OK(t, assessed, err)
	require.Equal(t, []any{api.BreachStatus("assessed"), "2026-10-14"}, []any{assessed.JSON200.Status, assessed.JSON200.NotifiedOn.MustGet().String()})
	undone, err := follow(2, api.RecordBreachFollowUp{Close: ptr(true)})
	apitest.Refused(t, undone, err, 422, "required")
	more, err := follow(2, api.RecordBreachFollowUp{Assessment: ptr("Four heard it.")})
	apitest.OK(t, more, err)
	closed, err := follow(3, api.RecordBreachFollowUp{Measures: ptr("Spoken to, and trained."), Close: ptr(true)})
	apitest.OK(t, closed, err)
	require.Equal(t, []any{api.BreachStatus("closed"), "Four heard it.", "2026-10-14"}, []any{closed.JSON200.Status, closed.JSON200.Assessment.MustGet(), closed.JSON200.ClosedOn.MustGet().String()})
	again, err := follow(4, api.RecordBreachFollowUp{Assessment: ptr("Five.")})
	apitest.Refused(t, again, err, 409, "wrong_status")

	events := auditEvents(t, hr.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &b.ID})
	require.Equal(t, []string{"breach.closed", "breach.assessed", "breach.assessed", "breach.reported"}, eventTypes(events))
	for _, e := range events {
		require.NotRegexp(t, "heard|aloud|trained", fmt.Sprint(e.Data), "never the text")
	}
	mine, err := ada.GetBreachWithResponse(ctx, b.ID)
	apitest.OK(t, mine, err)
	require.Equal(t, "Spoken to, and trained.", mine.JSON200.Measures.MustGet(), "whose record it is sees what was done")
	nobodyFollowsUpTheirOwn(t, p)
}

// whoReportsAndReads holds who may report for whom, and that a report is read by few.
func whoReportsAndReads(t *testing.T, p *apitest.Process, breach uuid.UUID) {
	t.Helper()
	ctx, ada := t.Context(), p.As("ada")
	body := api.ReportBreach{PersonID: ada.ID, WhatHappened: "A page was left on the copier.", DiscoveredOn: day("2026-10-14")}
	for _, who := range []string{"ben", "dov"} {
		r, err := p.As(who).ReportBreachWithResponse(ctx, nil, body)
		apitest.Refused(t, r, err, 422, "unknown_person")
		hidden, err := p.As(who).GetBreachWithResponse(ctx, breach)
		apitest.Refused(t, hidden, err, 404, "not_found")
	}
	hidden, err := p.As("cho").GetBreachWithResponse(ctx, breach)
	apitest.Refused(t, hidden, err, 404, "not_found") // what is reported of the head is not the head's to read
	elsewhere, err := apitest.NewWorld(t, "2026-10-14").HR.GetBreachWithResponse(ctx, breach)
	apitest.Refused(t, elsewhere, err, 404, "not_found")

	byHead, err := p.As("cho").ReportBreachWithResponse(ctx, nil, body)
	apitest.OK(t, byHead, err)
	own, err := p.As("cho").GetBreachWithResponse(ctx, byHead.JSON201.ID)
	apitest.OK(t, own, err)
	tries, err := p.As("cho").RecordBreachFollowUpWithResponse(ctx, byHead.JSON201.ID, &api.RecordBreachFollowUpParams{IfMatch: etag(1)}, api.RecordBreachFollowUp{Assessment: ptr("Nothing.")})
	apitest.Refused(t, tries, err, 403, "role_not_admitted")
	for who, n := range map[*apitest.Person]int{ada: 2, p.As("cho"): 1, p.World.HR: 2, p.As("ben"): 0} {
		list, err := who.ListBreachesWithResponse(ctx, &api.ListBreachesParams{Status: ptr(api.ListBreachesParamsStatus("reported"))})
		apitest.OK(t, list, err)
		require.Len(t, list.JSON200.Items, n, who.Name)
	}
	for code, change := range map[string]func(*api.ReportBreach){
		"unknown_disclosure": func(b *api.ReportBreach) { b.DisclosureID = ptr(uuid.New()) },
		"unknown_appraisal":  func(b *api.ReportBreach) { b.AppraisalID = ptr(p.Appraisal("dov").ID) },
		"in_the_future":      func(b *api.ReportBreach) { b.DiscoveredOn = day("2026-10-15") },
		"required":           func(b *api.ReportBreach) { b.WhatHappened = " \n " },
	} {
		wrong := body
		change(&wrong)
		r, err := ada.ReportBreachWithResponse(ctx, nil, wrong)
		apitest.Refused(t, r, err, 422, code)
	}
}

// nobodyFollowsUpTheirOwn holds that HR follows up neither their own reading nor their own record.
func nobodyFollowsUpTheirOwn(t *testing.T, p *apitest.Process) {
	t.Helper()
	ctx, ada, hr := t.Context(), p.As("ada"), p.World.HR
	read, err := hr.GetOutcomeWithResponse(ctx, p.Appraisal("ada").ID)
	apitest.OK(t, read, err)
	seen := disclosures(t, ada.ClientWithResponses, api.ListDisclosuresParams{})[0]
	require.Equal(t, hr.ID, seen.Reader.ID)
	b, err := ada.ReportBreachWithResponse(ctx, nil, api.ReportBreach{PersonID: ada.ID, DisclosureID: &seen.ID, WhatHappened: "Without a reason.", DiscoveredOn: day("2026-10-14")})
	apitest.OK(t, b, err)
	mine, err := hr.ReportBreachWithResponse(ctx, nil, api.ReportBreach{PersonID: hr.ID, WhatHappened: "My own.", DiscoveredOn: day("2026-10-14")})
	apitest.OK(t, mine, err)
	for id, code := range map[uuid.UUID]string{b.JSON201.ID: "concerned_yourself", mine.JSON201.ID: "out_of_reach"} {
		r, err := hr.RecordBreachFollowUpWithResponse(ctx, id, &api.RecordBreachFollowUpParams{IfMatch: etag(1)}, api.RecordBreachFollowUp{Assessment: ptr("Nothing.")})
		apitest.Refused(t, r, err, 403, code)
	}
	shown, err := hr.GetBreachWithResponse(ctx, b.JSON201.ID)
	apitest.OK(t, shown, err)
	require.Equal(t, "concerned_yourself", shown.JSON200.AllowedActions[0].Refusals[0].Code)
}
