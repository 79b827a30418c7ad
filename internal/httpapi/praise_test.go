package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func thanking(people ...uuid.UUID) map[string]any {
	answers, list := reflected("Pairs talk more."), []any{}
	for _, p := range people {
		list = append(list, p.String())
	}
	answers["praise"] = list
	return answers
}

func (f *fortnight) praise(c *client.ClientWithResponses, limit int) []api.Praise {
	f.t.Helper()
	var all []api.Praise
	q := &api.ListPraiseParams{Limit: &limit}
	for {
		r, err := c.ListPraiseWithResponse(f.t.Context(), q)
		apitest.OK(f.t, r, err)
		all = append(all, r.JSON200.Items...)
		if r.JSON200.NextCursor.IsNull() {
			return all
		}
		q.Cursor = ptr(r.JSON200.NextCursor.MustGet())
	}
}

func TestPraiseReachesThoseWhoAreThankedOnceItIsSent(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	priya, mia := f.People["priya.nair"], f.People["mia.frost"]
	k := f.written(f.started(1), thanking(priya, mia, priya))
	require.Len(t, k.Praise.MustGet(), 2, "each once")
	require.Empty(t, f.praise(f.As("priya.nair").ClientWithResponses, 50), "a draft thanks nobody yet")
	r, err := f.submit(k)
	apitest.OK(t, r, err)
	f.On("2026-11-16")
	f.sent(2, thanking(priya))

	got := f.praise(f.As("priya.nair").ClientWithResponses, 1)
	require.Len(t, got, 2)
	require.Equal(t, []string{"2026-11-16", "2026-10-30"}, []string{got[0].SchoolOn.String(), got[1].SchoolOn.String()}, "newest first")
	require.Equal(t, priya, got[0].PersonID)
	require.Equal(t, "Tom Birch", got[0].By.DisplayName)
	require.Equal(t, "Teacher of science", got[0].By.JobTitle.MustGet())
	require.Len(t, f.praise(f.As("mia.frost").ClientWithResponses, 50), 1, "also of somebody at another school")
	require.Empty(t, f.praise(f.As(tom).ClientWithResponses, 50), "it is for those who are thanked")
	require.Empty(t, f.praise(f.World.HR.ClientWithResponses, 50))
}

func TestNobodyWhoHasLeftIsThanked(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	mia := f.People["mia.frost"]
	k := f.written(f.started(1), thanking(f.People[ines], mia))
	p, err := f.World.HR.GetPersonWithResponse(t.Context(), mia)
	apitest.OK(t, p, err)
	d, err := f.World.HR.DeactivatePersonWithResponse(t.Context(), mia, &api.DeactivatePersonParams{IfMatch: etag(p.JSON200.Version)}, api.EndFrom{On: day("2026-10-30")})
	apitest.OK(t, d, err)
	r, err := f.submit(k)
	refused := apitest.Refused(t, r, err, invalid, "invalid_answers")
	require.Equal(t, []string{"/answers/praise/1 unknown_person"}, violationsAt(refused.Problem))
	require.Empty(t, f.praise(f.As(ines).ClientWithResponses, 50), "nothing was sent")
	r, err = f.submit(f.written(k, thanking(f.People[ines])))
	apitest.OK(t, r, err)
	require.Len(t, f.praise(f.As(ines).ClientWithResponses, 50), 1)
}
