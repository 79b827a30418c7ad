package httpapi_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// fiveThousand are forty schools beside the trust's central people: a chief executive who manages
// the heads, heads who manage six leaders each, and leaders who manage everybody else. The statements
// run in this order; $1 is the trust and $2 its root unit.
var fiveThousand = []string{
	`insert into units (trust_id, id, parent_id, kind, name, decides)
		select $1::uuid, md5($1::uuid::text || 'unit' || n)::uuid, $2::uuid, 'school', 'School number ' || n, true from generate_series(1, 40) n`,
	`insert into people (trust_id, id, given_name, family_name)
		select $1::uuid, md5($1::uuid::text || 'person' || n)::uuid, 'Given ' || n % 97, 'Family ' || n from generate_series(0, 5000) n where $2::uuid is not null`,
	`insert into posts (trust_id, id, person_id, unit_id, job_title, staff_type, qts, at_top_of_range, from_on)
		select $1::uuid, md5($1::uuid::text || 'post' || n)::uuid, md5($1::uuid::text || 'person' || n)::uuid, case n when 0 then $2::uuid else md5($1::uuid::text || 'unit' || n % 40 + 1)::uuid end,
			case when n <= 40 then 'Headteacher' when n <= 280 then 'Leader' else 'Member of staff' end,
			case when n = 0 then 'central' when n <= 280 or n % 3 > 0 then 'teaching' else 'support' end, n % 5 > 0, n % 7 > 3, '2024-09-01'
		from generate_series(0, 5000) n`,
	`insert into line_managers (trust_id, id, post_id, manager_id, from_on)
		select $1::uuid, md5($1::uuid::text || 'manager' || n)::uuid, md5($1::uuid::text || 'post' || n)::uuid,
			md5($1::uuid::text || 'person' || case when n <= 40 then 0 when n <= 280 then (n - 1) % 40 + 1 else (n - 1) % 40 + 41 + n % 6 * 40 end)::uuid, '2024-09-01'
		from generate_series(1, 5000) n where $2::uuid is not null`,
	`insert into offices (trust_id, id, code, unit_id, person_id, from_on)
		select $1::uuid, md5($1::uuid::text || 'office' || n)::uuid, case n when 0 then 'ceo' else 'head' end, case n when 0 then $2::uuid else md5($1::uuid::text || 'unit' || n % 40 + 1)::uuid end,
			md5($1::uuid::text || 'person' || n)::uuid, '2024-09-01'
		from generate_series(0, 40) n`,
}

// It runs alone, so that the time is its own.
func TestAPolicyIsTriedOnFiveThousandPeopleInSeconds(t *testing.T) {
	w := apitest.NewWorld(t, "2026-06-01")
	for _, statement := range fiveThousand {
		planExec(t, w, statement, w.Trust, w.Root)
	}
	c, err := w.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "Our year", Document: map[string]any{"schema": 1, "profile": "model"}})
	apitest.OK(t, c, err)
	v, err := w.HR.PublishPolicyWithResponse(t.Context(), c.JSON201.ID, &api.PublishPolicyParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	apitest.OK(t, v, err)
	try := func(body api.SimulatePolicy) api.Simulation {
		starts := date("2026-09-01")
		body.StartsOn = &starts
		start := time.Now()
		r, err := w.HR.SimulatePolicyWithResponse(t.Context(), c.JSON201.ID, body)
		apitest.OK(t, r, err)
		taken := time.Since(start)
		t.Logf("5,001 people: tried in %v, an answer of %d KiB", taken, len(r.Body)>>10)
		assert.Less(t, taken, 2*time.Minute, "far more than the machine is busy with")
		return *r.JSON200
	}
	s := try(api.SimulatePolicy{})
	assert.Equal(t, []int{5001, 5001, 0}, []int{s.Summary.Posts, s.Summary.Included, s.Summary.Excluded})
	assert.Equal(t, 1, s.Summary.WithoutReviewer, "nobody is above the chief executive")
	require.NotEmpty(t, s.Items)
	assert.False(t, s.NextCursor.IsNull())
	same := try(api.SimulatePolicy{Against: &api.AgainstPolicy{PolicyVersionID: v.JSON201.ID}})
	assert.Zero(t, same.Changes.MustGet().People)
}
