package httpapi_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// wire writes down what goes over it.
type wire struct {
	next http.RoundTripper
	mu   sync.Mutex
	seen []string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := w.next.RoundTrip(r)
	if err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seen = append(w.seen, r.Method+" "+r.URL.Path+" "+strings.Fields(res.Status)[0])
	}
	return res, err
}

// A role that was gained after signing in is taken up by the request that needs it, and the caller
// notices nothing.
func TestClientTakesUpARoleThatWasGained(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	unit, person, email := uuid.New(), uuid.New(), "noor@"+w.Slug+".example"
	planExec(t, w, "insert into units (trust_id, id, parent_id, kind, name, decides) values ($1, $2, $3, 'school', 'Northfield School', true)", w.Trust, unit, w.Root)
	planExec(t, w, "insert into people (trust_id, id, given_name, family_name, email) values ($1, $2, 'Noor', 'Okafor', $3)", w.Trust, person, email)
	planExec(t, w, "insert into credentials select trust_id, $2, password_hash, updated_at from credentials where trust_id = $1 and person_id = $3", w.Trust, person, w.HR.ID)
	over := &wire{next: apitest.Checked(t)}
	noor, err := client.New(w.Stack.URL, client.WithTransport(over), client.WithCredentials(client.Password(w.Slug, email, "correct horse battery")))
	require.NoError(t, err)

	r, err := noor.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Attendance", UnitID: &unit})
	planRefused(t, r, err, 403, "role_not_admitted")
	require.Equal(t, []string{"POST /v1/oauth/token 200", "POST /v1/priorities 403"}, over.seen)

	planExec(t, w, "insert into offices (trust_id, id, code, unit_id, person_id, from_on) values ($1, $2, 'head', $3, $4, '2026-09-01')", w.Trust, uuid.New(), unit, person)
	over.seen = nil
	r, err = noor.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Attendance", UnitID: &unit})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	require.Equal(t, []string{"POST /v1/priorities 403", "POST /v1/oauth/token 200", "POST /v1/priorities 201"}, over.seen)
}
