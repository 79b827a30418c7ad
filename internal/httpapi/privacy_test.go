package httpapi_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/privacy"
	"github.com/perennial-api/perennial/pkg/client"
)

func auditEvents(t *testing.T, c *client.ClientWithResponses, q api.ListAuditEventsParams) []api.Event {
	t.Helper()
	var all []api.Event
	for {
		r, err := c.ListAuditEventsWithResponse(t.Context(), &q)
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		all = append(all, r.JSON200.Items...)
		if r.JSON200.NextCursor.IsNull() {
			return all
		}
		next := r.JSON200.NextCursor.MustGet()
		q.Cursor = &next
	}
}

func eventTypes(events []api.Event) []string {
	types := make([]string, len(events))
	for i, e := range events {
		types[i] = e.Type
	}
	return types
}

func TestAuditEventsTellWhatWasDoneTheLatestFirst(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	p := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "1", Title: "Attendance"})
	title := "Every day counts"
	u, err := w.HR.UpdatePriorityWithResponse(t.Context(), p.ID, &api.UpdatePriorityParams{IfMatch: planETag(1)}, api.UpdatePriority{Title: &title})
	require.NoError(t, err)
	require.NotNil(t, u.JSON200, string(u.Body))
	other := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "2", Title: "Reading"})

	one := 1
	all := auditEvents(t, w.HR.ClientWithResponses, api.ListAuditEventsParams{Limit: &one})
	require.Equal(t, []string{"priority.created", "priority.updated", "priority.created"}, eventTypes(all), "page by page")
	require.Equal(t, other.ID, all[0].SubjectID)
	require.Greater(t, all[0].Block, all[1].Block)

	e := all[1]
	require.Equal(t, "priority", e.SubjectKind)
	require.Equal(t, p.ID, e.SubjectID)
	require.Equal(t, 2, e.SubjectVersion)
	require.Equal(t, w.HR.ID, e.ActorID.MustGet())
	require.Equal(t, "person", string(e.ActorKind))
	require.Equal(t, "2026-09-01", e.SchoolAt.Format("2006-01-02"))
	require.Equal(t, map[string]any{"code": "1", "changed": []any{"title"}}, e.Data, "codes, never the text")

	require.Equal(t, []string{"priority.updated", "priority.created"}, eventTypes(auditEvents(t, w.HR.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &p.ID})))
	kind := "priority.updated"
	require.Len(t, auditEvents(t, w.HR.ClientWithResponses, api.ListAuditEventsParams{Type: &kind}), 1)
	nobody := uuid.New()
	require.Empty(t, auditEvents(t, w.HR.ClientWithResponses, api.ListAuditEventsParams{AppraisalID: &nobody}))
}

func TestWhatWasDoneToOnesOwnRecordIsForAnotherHRPersonToList(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	_, ruth := planSchool(t, w, "Northfield School", "Ruth")
	me := sessionPerson(t, w, ruth)
	planExec(t, w, "insert into offices (trust_id, id, code, unit_id, person_id, from_on) values ($1, $2, 'hr', $3, $4, '2026-09-01')", w.Trust, uuid.New(), w.Root, me)
	list := func(c *client.ClientWithResponses, person uuid.UUID) []string {
		return eventTypes(auditEvents(t, c, api.ListAuditEventsParams{PersonID: &person}))
	}
	require.Contains(t, list(w.HR.ClientWithResponses, me), "session.started")
	require.Empty(t, list(w.HR.ClientWithResponses, w.HR.ID))
	require.Contains(t, list(ruth, w.HR.ID), "session.started")
	require.Empty(t, list(ruth, me))
}

// sessionPerson finds who is signed in as c, by the event that their sign-in left.
func sessionPerson(t *testing.T, w *apitest.World, c *client.ClientWithResponses) uuid.UUID {
	t.Helper()
	r, err := c.ListSessionsWithResponse(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	events := auditEvents(t, w.HR.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &r.JSON200.Items[0].ID})
	require.Len(t, events, 1)
	return events[0].PersonID.MustGet()
}

func TestOnlyHRListsAuditEventsAndOnlyOfTheirTrust(t *testing.T) {
	t.Parallel()
	w, other := apitest.NewWorld(t, "2026-09-01"), apitest.NewWorld(t, "2026-09-01")
	_, head := planSchool(t, w, "Northfield School", "Ruth")
	p := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "1", Title: "Attendance"})
	r, err := head.ListAuditEventsWithResponse(t.Context(), nil)
	planRefused(t, r, err, 403, "role_not_admitted")
	require.Empty(t, auditEvents(t, other.HR.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &p.ID}))
}

// disclose writes a reading down as the person would in a request of the operation.
func disclose(t *testing.T, w *apitest.World, reader uuid.UUID, readings ...privacy.Reading) {
	t.Helper()
	require.NoError(t, w.Stack.DB.InTx(t.Context(), w.Trust, func(ctx context.Context) error {
		a, err := w.Stack.DB.LoadActor(ctx, w.Trust, reader)
		if err != nil {
			return err
		}
		ctx = access.WithOperation(access.With(ctx, a), "GetAppraisal")
		for _, r := range readings {
			if err := w.Stack.DB.Disclose(ctx, r); err != nil {
				return err
			}
		}
		return nil
	}))
}

func disclosures(t *testing.T, c *client.ClientWithResponses, q api.ListDisclosuresParams) []api.Disclosure {
	t.Helper()
	var all []api.Disclosure
	for {
		r, err := c.ListDisclosuresWithResponse(t.Context(), &q)
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		all = append(all, r.JSON200.Items...)
		if r.JSON200.NextCursor.IsNull() {
			return all
		}
		next := r.JSON200.NextCursor.MustGet()
		q.Cursor = &next
	}
}

func TestEverybodySeesWhoHasReadTheirRecord(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-10-14")
	_, ruth := planSchool(t, w, "Northfield School", "Ruth")
	_, sam := planSchool(t, w, "Southfield School", "Sam")
	ruthID, samID := sessionPerson(t, w, ruth), sessionPerson(t, w, sam)
	appraisal := uuid.New()
	disclose(t, w, w.HR.ID, privacy.Reading{PersonID: ruthID, AppraisalID: &appraisal, Purpose: "moderation", SubjectKind: "appraisal", SubjectID: appraisal})

	mine := disclosures(t, ruth, api.ListDisclosuresParams{})
	require.Len(t, mine, 1)
	d := mine[0]
	require.Equal(t, ruthID, d.PersonID)
	require.Equal(t, w.HR.ID, d.Reader.ID)
	require.Equal(t, "Hana Reyes", d.Reader.DisplayName)
	require.Equal(t, "moderation", d.Purpose)
	require.Equal(t, "GetAppraisal", d.Operation)
	require.Equal(t, "appraisal", d.SubjectKind)
	require.Equal(t, appraisal, d.SubjectID)
	require.Equal(t, "2026-10-14", d.SchoolOn.String())

	require.Empty(t, disclosures(t, sam, api.ListDisclosuresParams{}))
	require.Empty(t, disclosures(t, sam, api.ListDisclosuresParams{PersonID: &ruthID}), "a head does not see who read another's record")
	require.Equal(t, mine, disclosures(t, w.HR.ClientWithResponses, api.ListDisclosuresParams{PersonID: &ruthID}))

	disclose(t, w, ruthID, privacy.Reading{PersonID: w.HR.ID, Purpose: "support", SubjectKind: "appraisal", SubjectID: uuid.New()})
	disclose(t, w, samID, privacy.Reading{PersonID: ruthID, Purpose: "support", SubjectKind: "appraisal", SubjectID: appraisal})
	one := 1
	all := disclosures(t, w.HR.ClientWithResponses, api.ListDisclosuresParams{Limit: &one})
	require.Equal(t, []uuid.UUID{samID, ruthID, w.HR.ID}, []uuid.UUID{all[0].Reader.ID, all[1].Reader.ID, all[2].Reader.ID}, "HR: others' and their own, the latest first")
}

func TestReadingIsWrittenDownOnceADayForEachPurpose(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-10-14")
	_, ruth := planSchool(t, w, "Northfield School", "Ruth")
	me := sessionPerson(t, w, ruth)
	r := privacy.Reading{PersonID: me, Purpose: "moderation", SubjectKind: "appraisal", SubjectID: uuid.New()}
	another, purpose := r, r
	another.SubjectID, purpose.Purpose = uuid.New(), "appeal"
	disclose(t, w, w.HR.ID, r, r)
	disclose(t, w, w.HR.ID, r)
	require.Len(t, disclosures(t, ruth, api.ListDisclosuresParams{}), 1)
	disclose(t, w, w.HR.ID, another, purpose)
	require.Len(t, disclosures(t, ruth, api.ListDisclosuresParams{}), 3)
	w.On("2026-10-15")
	disclose(t, w, w.HR.ID, r)
	require.Len(t, disclosures(t, ruth, api.ListDisclosuresParams{}), 4)
	disclose(t, w, me, r)
	require.Len(t, disclosures(t, ruth, api.ListDisclosuresParams{}), 4, "one's own record is no disclosure")
}

func TestDisclosuresOfAnotherTrustAreNotListed(t *testing.T) {
	t.Parallel()
	w, other := apitest.NewWorld(t, "2026-10-14"), apitest.NewWorld(t, "2026-10-14")
	_, ruth := planSchool(t, w, "Northfield School", "Ruth")
	me := sessionPerson(t, w, ruth)
	disclose(t, w, w.HR.ID, privacy.Reading{PersonID: me, Purpose: "moderation", SubjectKind: "appraisal", SubjectID: uuid.New()})
	require.Len(t, disclosures(t, ruth, api.ListDisclosuresParams{}), 1)
	require.Empty(t, disclosures(t, other.HR.ClientWithResponses, api.ListDisclosuresParams{PersonID: &me}))
}
