package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestWhatThePreviewListsIsErasedForGood(t *testing.T) {
	t.Parallel()
	k := newKept(t)
	open := k.preview("2030-01-01").Items
	require.Len(t, open, 1, "a year whose cycle is not closed is kept; a concern counts from its own end")
	require.Equal(t, []any{api.RetentionItemClass("concern"), "2027-09-01", k.As("ada").ID}, []any{open[0].Class, open[0].DueOn.String(), open[0].Person.ID})
	k.ends()
	k.On("2028-08-30")
	require.Equal(t, map[string][2]int{"appraisal": {0, 0}, "self_assessment": {0, 0}, "evidence": {0, 0}, "concern": {1, 0}, "pay": {1, 0}}, counted(k.preview("2028-08-30").Counts))
	early, err := k.run("2028-08-31", k.preview("2028-08-31").Token)
	apitest.Refused(t, early, err, 422, "in_the_future")

	k.On("2028-08-31")
	p := k.preview("2028-08-31")
	require.Equal(t, map[string][2]int{"appraisal": {5, 0}, "self_assessment": {0, 0}, "evidence": {2, 0}, "concern": {1, 0}, "pay": {1, 0}}, counted(p.Counts))
	require.Len(t, p.Items, 9)
	before := k.holds()
	for _, where := range []string{"objective_revisions", "notes", "evidence", "check_ins", "concerns", "steps", "corrections", "idempotency", "a document"} {
		require.NotZero(t, before[where], where)
	}
	k.holdsBack(p.Token)
	p = k.preview("2028-08-31")
	done, err := k.run("2028-08-31", p.Token)
	apitest.OK(t, done, err)
	require.Equal(t, counted(p.Counts), counted(done.JSON200.Counts))
	require.Empty(t, k.holds(), "where what was written still stands")
	require.Empty(t, k.preview("2028-08-31").Items)
	again, err := k.run("2028-08-31", p.Token)
	apitest.Refused(t, again, err, 409, "preview_stale")
	k.remains(done.JSON200.RunID)
}

// holdsBack keeps Ada's records by a legal hold, after which the preview is another one, and lifts it.
func (k *kept) holdsBack(token string) {
	k.T.Helper()
	t, ctx, hr, ada := k.T, k.T.Context(), k.World.HR, k.As("ada")
	set := func(person uuid.UUID, version int, body api.SetLegalHold) (*client.SetLegalHoldResponse, error) {
		return hr.SetLegalHoldWithResponse(ctx, person, &api.SetLegalHoldParams{IfMatch: etag(version)}, body)
	}
	why := api.SetLegalHold{Held: true, Reason: ptr("A claim is under way.")}
	bare, err := set(ada.ID, 0, api.SetLegalHold{Held: true})
	apitest.Refused(t, bare, err, 422, "required")
	old, err := set(ada.ID, 7, why)
	apitest.Refused(t, old, err, 412, "stale_version")
	own, err := set(hr.ID, 0, why)
	apitest.Refused(t, own, err, 403, "out_of_reach")
	held, err := set(ada.ID, 0, why)
	apitest.OK(t, held, err)
	require.Equal(t, `"1"`, held.HTTPResponse.Header.Get("ETag"))
	list, err := hr.ListLegalHoldsWithResponse(ctx, nil)
	apitest.OK(t, list, err)
	require.Equal(t, "A claim is under way.", list.JSON200.Items[0].Reason.MustGet())

	stale, err := k.run("2028-08-31", token)
	apitest.Refused(t, stale, err, 409, "preview_stale")
	p := k.preview("2028-08-31")
	require.Equal(t, map[string][2]int{"appraisal": {4, 1}, "self_assessment": {0, 0}, "evidence": {0, 2}, "concern": {0, 1}, "pay": {0, 1}}, counted(p.Counts))
	others, err := k.run("2028-08-31", p.Token)
	apitest.OK(t, others, err)
	require.NotEmpty(t, k.holds(), "Ada's is kept")

	lifted, err := set(ada.ID, 1, api.SetLegalHold{Held: false, Reason: ptr("It is over.")})
	apitest.OK(t, lifted, err)
	require.True(t, lifted.JSON200.Reason.IsNull())
	list, err = hr.ListLegalHoldsWithResponse(ctx, nil)
	apitest.OK(t, list, err)
	require.Empty(t, list.JSON200.Items)
	events := auditEvents(k.t, hr.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &held.JSON200.ID})
	require.Equal(t, []string{"legal_hold.lifted", "legal_hold.set"}, eventTypes(events))
}

// remains holds what is left of Ada's year: that it was, when it was erased, and the audit trail.
func (k *kept) remains(run uuid.UUID) {
	k.T.Helper()
	t, ctx, ada := k.T, k.T.Context(), k.As("ada")
	a := k.own()
	require.Equal(t, "2028-08-31", a.ErasedOn.MustGet().String())
	require.Equal(t, api.AppraisalStage("released"), a.Stage)
	for _, act := range a.AllowedActions {
		require.False(t, act.Allowed, act.Action)
	}
	again, err := ada.RequestCorrectionWithResponse(ctx, k.appraisal, nil, api.RequestCorrection{Part: "pay", Text: "More.", Reason: "More."})
	apitest.Refused(t, again, err, 409, "erased")
	o, err := ada.GetObjectiveWithResponse(ctx, k.objective)
	apitest.OK(t, o, err)
	require.NotContains(t, string(o.Body), k.mark)
	docs, err := ada.ListEvidenceWithResponse(ctx, k.appraisal, nil)
	apitest.OK(t, docs, err)
	require.Empty(t, docs.JSON200.Items)
	events := auditEvents(k.t, k.World.HR.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &k.appraisal, Type: ptr("appraisal.erased")})
	require.Len(t, events, 2, "as an appraisal, and as pay")
	for _, e := range events {
		require.Equal(t, run.String(), e.Data["run_id"])
	}
	chain, err := k.World.HR.VerifyAuditChainWithResponse(ctx, nil)
	apitest.OK(t, chain, err)
	require.True(t, chain.JSON200.Intact)
}

func TestSomebodyIsGivenEverythingThatIsHeldAboutThem(t *testing.T) {
	t.Parallel()
	k := newKept(t)
	ctx, ada, hr := t.Context(), k.As("ada"), k.World.HR
	draft := met
	draft.Answers = map[string]any{"statement": "Not yet said: " + k.mark}
	saved, err := k.save("ben", "outcome.state", draft)
	apitest.OK(t, saved, err)

	asked, err := ada.CreateSubjectAccessExportWithResponse(ctx, ada.ID, nil)
	apitest.OK(t, asked, err)
	e := asked.JSON201
	require.Equal(t, "/v1/subject-access/"+e.ID.String(), asked.HTTPResponse.Header.Get("Location"))
	require.Equal(t, []string{"2027-08-02", "2027-09-02", "2027-09-01"}, []string{e.RequestedOn.String(), e.DueOn.String(), e.ExpiresOn.String()})
	files := k.archive(ada, e.ID)
	require.Contains(t, files["index.html"], "objective_versions.json")
	require.Contains(t, files["index.json"], `"file": "steps.json"`)
	for file, says := range map[string]string{"profile.json": ada.Email, "objective_versions.json": k.text("Criterion"), "notes.json": k.text("Note"), "check_ins.json": k.text("Week"),
		"evidence.json": k.text("Seen"), "steps.json": `"withheld": true`, "concerns.json": `"withheld": true`, "audit_events.json": "subject_access_export.requested"} {
		require.Contains(t, files[file], says, file)
	}
	for file, hides := range map[string]string{"steps.json": "Not yet said", "concerns.json": k.mark} {
		require.NotContains(t, files[file], hides, file)
	}
	documents := 0
	for name, content := range files {
		if content == smallPDF+"\n% "+k.mark+"\n" {
			require.Contains(t, name, k.mark+".pdf")
			documents++
		}
	}
	require.Equal(t, 1, documents)

	other, err := k.As("ben").CreateSubjectAccessExportWithResponse(ctx, ada.ID, nil)
	apitest.Refused(t, other, err, 403, "out_of_reach")
	hidden, err := k.As("ben").GetSubjectAccessExportWithResponse(ctx, e.ID)
	apitest.Refused(t, hidden, err, 404, "not_found")
	notHers, err := hr.DownloadSubjectAccessExportWithResponse(ctx, e.ID)
	apitest.Refused(t, notHers, err, 403, "not_your_export")
	forAda, err := hr.CreateSubjectAccessExportWithResponse(ctx, ada.ID, nil)
	apitest.OK(t, forAda, err)
	require.Equal(t, hr.ID, forAda.JSON201.RequestedBy.ID)
	require.NotContains(t, k.archive(hr, forAda.JSON201.ID)["steps.json"], "Not yet said", "HR takes what she would be given")
	seen := disclosures(t, ada.ClientWithResponses, api.ListDisclosuresParams{})
	require.Equal(t, []any{hr.ID, "subject_access"}, []any{seen[0].Reader.ID, string(seen[0].Purpose)})

	k.On("2027-09-02")
	late, err := ada.DownloadSubjectAccessExportWithResponse(ctx, e.ID)
	apitest.Refused(t, late, err, 409, "export_expired")
	now, err := ada.GetSubjectAccessExportWithResponse(ctx, e.ID)
	apitest.OK(t, now, err)
	require.Equal(t, []any{1, `"2"`}, []any{now.JSON200.Downloads, now.HTTPResponse.Header.Get("ETag")})
}
