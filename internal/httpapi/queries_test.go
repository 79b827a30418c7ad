package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// A list takes one query for its page and a fixed number more, however many items the page has.
func TestListsTakeAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.run(setting)
	p.run(checking(1, 2))
	hr := p.World.HR
	for operation, list := range map[string]func(limit int) (client.Answer, int, error){
		"ListAppraisals": func(n int) (client.Answer, int, error) {
			r, err := hr.ListAppraisalsWithResponse(t.Context(), &api.ListAppraisalsParams{Limit: &n, Expand: ptr(api.ListAppraisalsParamsExpand("person"))})
			return r, len(r.JSON200.Items), err
		},
		"ListObjectives": func(n int) (client.Answer, int, error) {
			r, err := hr.ListObjectivesWithResponse(t.Context(), &api.ListObjectivesParams{Limit: &n})
			return r, len(r.JSON200.Items), err
		},
		"ListCheckIns": func(n int) (client.Answer, int, error) {
			r, err := hr.ListCheckInsWithResponse(t.Context(), &api.ListCheckInsParams{Limit: &n})
			return r, len(r.JSON200.Items), err
		},
		"ListPeople": func(n int) (client.Answer, int, error) {
			r, err := hr.ListPeopleWithResponse(t.Context(), &api.ListPeopleParams{Limit: &n})
			return r, len(r.JSON200.Items), err
		},
	} {
		items := 0
		count := func(limit int) int64 {
			return p.World.Queries(operation, func() {
				r, n, err := list(limit)
				apitest.OK(t, r, err)
				items = n
			})
		}
		few := count(2)
		require.Equal(t, 2, items, operation)
		many := count(50)
		require.GreaterOrEqual(t, items, 2, operation)
		require.InDelta(t, few, many, 2, "%s: %d items take more queries than 2", operation, items) // a page without posts or seats saves a query
		require.LessOrEqual(t, many, int64(30), operation)
	}
}
