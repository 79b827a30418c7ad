package apitest

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/pkg/client"
)

// Year is a world in which Brightwater's year 2026-27 is open and everybody is enrolled, on
// 1 September 2026. Its people are those of brightwater, by key; who is asked signs in.
type Year struct {
	*World
	*brightwater.Trust
	signedIn map[string]*Person
}

// NewYear sets Brightwater up in a trust of its own.
func NewYear(t testing.TB) *Year {
	t.Helper()
	w := NewWorld(t, "2026-09-01")
	b, err := brightwater.SetUp(t.Context(), w.HR.ClientWithResponses, w.Root, w.Slug+".example", 2026)
	require.NoError(t, err)
	return &Year{World: w, Trust: b, signedIn: map[string]*Person{}}
}

// As is somebody of the cast, signed in.
func (y *Year) As(key string) *Person {
	y.T.Helper()
	if y.signedIn[key] == nil {
		id, ok := y.Trust.People[key]
		require.True(y.T, ok, "nobody is called %s", key)
		y.signedIn[key] = y.person(id, key, y.Emails[key])
	}
	return y.signedIn[key]
}

// Appraisal is somebody's appraisal of the year, as the person sees it.
func (y *Year) Appraisal(key string) api.Appraisal {
	y.T.Helper()
	return y.AppraisalIn(key, y.CycleID)
}

// AppraisalIn is somebody's appraisal in a cycle, as the person sees it.
func (y *Year) AppraisalIn(key string, cycle uuid.UUID) api.Appraisal {
	y.T.Helper()
	person := y.Trust.People[key]
	r, err := y.As(key).ListAppraisalsWithResponse(y.T.Context(), &api.ListAppraisalsParams{CycleID: &cycle, PersonID: &person})
	OK(y.T, r, err)
	require.Len(y.T, r.JSON200.Items, 1, "%s has one appraisal in the cycle", key)
	return r.JSON200.Items[0]
}

// OK fails the test unless the operation succeeded.
func OK(t testing.TB, r client.Answer, err error) {
	t.Helper()
	require.NoError(t, err)
	require.NoError(t, client.Check(r))
}

// Refused fails the test unless the operation was refused with the status and code.
func Refused(t testing.TB, r client.Answer, err error, status int, code string) *client.ProblemError {
	t.Helper()
	require.NoError(t, err)
	var p *client.ProblemError
	require.ErrorAs(t, client.Check(r), &p)
	require.Equal(t, status, p.Status, p.Error())
	require.Equal(t, code, p.Code, p.Error())
	return p
}
