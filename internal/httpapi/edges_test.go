package httpapi_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// What the contract fuzzer has found once stays found.

// The first day of the year 1 means no day inside, so that it is not a day that anybody may send.
func TestADayOfAnotherAgeIsRefusedWithoutRepeatingIt(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	ops := map[string]apitest.Operation{}
	for _, o := range apitest.Operations(t) {
		ops[o.OperationID] = o
	}
	call := apitest.Call{Operation: ops["RecordAbsence"], Token: y.World.HR.Token(), Path: map[string]string{"person_id": y.People[tom].String()}}
	for _, bad := range []string{"0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31", "2026-02-30", "Ada Marsh"} {
		call.Body = fmt.Appendf(nil, `{"from_on":%q}`, bad)
		r, err := call.Send(t.Context())
		require.NoError(t, err)
		require.Equal(t, invalid, r.Status, string(r.Body))
		p := r.Problem()
		require.Equal(t, []string{"/from_on format"}, violationsAt(p))
		require.NotContains(t, string(r.Body), bad)
	}
	call.Body = []byte(`{"from_on":"1900-01-01","until_on":"2200-12-31"}`)
	r, err := call.Send(t.Context())
	require.NoError(t, err)
	require.Equal(t, created, r.Status, string(r.Body))
}

// A step that nobody has saved has version 0, which whoever is late is told like any other.
func TestAStaleWriteOfAStepThatNobodyHasSavedIsToldItsVersion(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	r, err := p.As(tom).SaveStepWithResponse(t.Context(), p.appraisal, "outcome.reflect", &api.SaveStepParams{IfMatch: `"7"`}, api.SaveStep{Answers: map[string]any{}})
	require.Equal(t, 0, refusedWith(t, r, err, 412, "stale_version").CurrentVersion.MustGet())
}

// Outside ids that are put are only ever added, up to as many as the contract shows.
func TestAPersonHasAtMostTwentyOutsideIDsHoweverTheyAreAdded(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	ids := func(from, until int) (out []api.ExternalID) {
		for n := from; n < until; n++ {
			out = append(out, api.ExternalID{System: "payroll", Value: fmt.Sprint(n)})
		}
		return out
	}
	put := func(from, until int) (int, string) {
		r, err := w.HR.PutPersonByExternalIDWithResponse(t.Context(), "mis:1", api.CreatePerson{GivenName: "Ada", FamilyName: "Marsh", ExternalIds: ids(from, until)})
		require.NoError(t, err)
		return r.StatusCode(), string(r.Body)
	}
	status, body := put(0, 20)
	require.Equal(t, invalid, status, "twenty and the one that names her: "+body)
	status, body = put(0, 10)
	require.Equal(t, ok, status, body)
	status, body = put(10, 19)
	require.Equal(t, ok, status, body)
	status, body = put(19, 20)
	require.Equal(t, invalid, status, body)
	require.Contains(t, body, `"code":"too_many_external_ids"`)
	status, body = put(5, 8)
	require.Equal(t, ok, status, "those that she has: "+body)
}
