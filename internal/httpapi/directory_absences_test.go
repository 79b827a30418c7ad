package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func dirAbsent(t *testing.T, c *client.ClientWithResponses, person uuid.UUID, from, until string) (*client.RecordAbsenceResponse, error) {
	t.Helper()
	body := api.RecordAbsence{FromOn: dirDate(from)}
	if until != "" {
		day := dirDate(until)
		body.UntilOn = &day
	}
	return c.RecordAbsenceWithResponse(t.Context(), person, nil, body)
}

func dirBack(t *testing.T, c *client.ClientWithResponses, id uuid.UUID, version int, on string) (*client.EndAbsenceResponse, error) {
	t.Helper()
	return c.EndAbsenceWithResponse(t.Context(), id, &api.EndAbsenceParams{IfMatch: dirETag(version)}, api.EndFrom{On: dirDate(on)})
}

func TestAbsencesHaveDatesThatDoNotOverlap(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, hr := w.teacher(t, "Ada Marsh", w.North), w.HR.ClientWithResponses
	first, err := dirAbsent(t, hr, ada.ID, "2026-11-01", "2026-12-01")
	require.NoError(t, err)
	require.NotNil(t, first.JSON201, string(first.Body))
	require.Equal(t, `"1"`, first.HTTPResponse.Header.Get("ETag"))
	for _, days := range [][2]string{{"2026-11-30", ""}, {"2026-10-01", "2026-11-02"}, {"2026-10-01", ""}, {"2026-11-10", "2026-11-12"}} {
		r, err := dirAbsent(t, hr, ada.ID, days[0], days[1])
		dirRefused(t, r, err, 409, "absence_overlaps")
	}
	r, err := dirAbsent(t, hr, ada.ID, "2026-10-05", "2026-10-05")
	require.Equal(t, []string{"/until_on"}, dirPointers(dirRefused(t, r, err, 422, "before_start")))
	open, err := dirAbsent(t, hr, ada.ID, "2026-12-01", "")
	require.NoError(t, err)
	require.NotNil(t, open.JSON201, "the first day back is free again: %s", open.Body)
	require.True(t, open.JSON201.UntilOn.IsNull())

	b, err := dirBack(t, hr, first.JSON201.ID, 1, "2026-12-02")
	dirRefused(t, b, err, 409, "absence_overlaps")
	b, err = dirBack(t, hr, first.JSON201.ID, 1, "2026-10-31")
	require.Equal(t, []string{"/on"}, dirPointers(dirRefused(t, b, err, 422, "before_start")))
	b, err = dirBack(t, hr, first.JSON201.ID, 2, "2026-11-20")
	dirRefused(t, b, err, 412, "stale_version")
	b, err = dirBack(t, hr, first.JSON201.ID, 1, "2026-11-20")
	require.NoError(t, err)
	require.Equal(t, "2026-11-20", b.JSON200.UntilOn.MustGet().String())
	l, err := hr.ListAbsencesWithResponse(t.Context(), ada.ID)
	require.NoError(t, err)
	require.Equal(t, []api.Absence{*open.JSON201, *b.JSON200}, l.JSON200.Items)
}

func TestOfTwoOverlappingAbsencesAtOnceOneIsStored(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada := w.teacher(t, "Ada Marsh", w.North)
	record := func(from string) func() (client.Answer, error) {
		return func() (client.Answer, error) { return dirAbsent(t, w.HR.ClientWithResponses, ada.ID, from, "") }
	}
	require.ElementsMatch(t, []int{201, 409}, dirTogether(t, record("2026-11-01"), record("2026-11-02")))
}

func TestHeadsRecordAbsencesOfTheirUnitAndReviewersOnlyRead(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	tom, tim, head := w.people["Tom North"], w.people["Tim South"], w.people["Head North"]
	north, lead := w.callers["Head North"], w.callers["Lead North"]
	for _, name := range []string{"Tom North", "Both Schools", "Gone North"} {
		r, err := dirAbsent(t, north, w.people[name].ID, "2026-09-10", "2026-09-20")
		require.NoError(t, err)
		require.NotNil(t, r.JSON201, "%s: %s", name, r.Body)
	}
	r, err := dirAbsent(t, north, tim.ID, "2026-11-01", "")
	dirRefused(t, r, err, 404, "not_found")
	r, err = dirAbsent(t, north, head.ID, "2026-11-01", "")
	dirRefused(t, r, err, 403, "out_of_reach")
	r, err = dirAbsent(t, lead, tim.ID, "2026-11-01", "")
	dirRefused(t, r, err, 403, "role_not_admitted")
	tims, err := dirAbsent(t, w.HR.ClientWithResponses, tim.ID, "2026-11-01", "")
	require.NoError(t, err)
	require.NotNil(t, tims.JSON201, string(tims.Body))
	b, err := dirBack(t, north, tims.JSON201.ID, 1, "2026-11-20")
	dirRefused(t, b, err, 404, "not_found")
	for caller, seen := range map[string]int{"Lead North": 200, "Head North": 404, "Tom North": 404, "Hana": 200} {
		l, err := w.callers[caller].ListAbsencesWithResponse(t.Context(), tim.ID)
		require.NoError(t, err)
		require.Equal(t, seen, l.StatusCode(), caller)
	}
	own, err := w.callers["Tom North"].ListAbsencesWithResponse(t.Context(), tom.ID)
	require.NoError(t, err)
	require.Len(t, own.JSON200.Items, 1)
}
