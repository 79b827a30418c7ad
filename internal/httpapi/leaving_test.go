package httpapi_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
)

func endPost(t *testing.T, y *apitest.Year, key, on string) {
	t.Helper()
	post, err := y.World.HR.GetPostWithResponse(t.Context(), y.Posts[key])
	apitest.OK(t, post, err)
	r, err := y.World.HR.EndPostWithResponse(t.Context(), y.Posts[key], &api.EndPostParams{IfMatch: post.HTTPResponse.Header.Get("ETag")}, api.EndFrom{On: date(on)})
	apitest.OK(t, r, err)
}

func TestAPostThatEndsLaterShortensTheYear(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	y.On("2026-10-01")
	endPost(t, y, tom, "2027-04-01")
	a := y.Appraisal(tom)
	require.Equal(t, api.AppraisalStatus("open"), a.Status)
	require.Equal(t, "2027-03-31", a.EndsOn.String())
}

func TestAPostThatEndsTodayEndsTheYear(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	y.On("2026-10-01")
	endPost(t, y, tom, "2026-10-01")
	a := y.Appraisal(tom)
	require.Equal(t, api.AppraisalStatus("ended"), a.Status)
	for _, action := range a.AllowedActions {
		require.False(t, action.Allowed, action.Action)
	}
}

func TestAReviewerWhoLeavesHandsTheSeatToTheLineManagerOfTheDay(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	y.On("2026-10-01")
	hr := y.World.HR
	ines, err := hr.GetPersonWithResponse(t.Context(), y.Trust.People[bw.Reviewer])
	apitest.OK(t, ines, err)
	left, err := hr.DeactivatePersonWithResponse(t.Context(), y.Trust.People[bw.Reviewer], &api.DeactivatePersonParams{IfMatch: ines.HTTPResponse.Header.Get("ETag")}, api.EndFrom{On: date("2026-10-01")})
	apitest.OK(t, left, err)
	open, err := hr.ListAppraisalsWithResponse(t.Context(), &api.ListAppraisalsParams{WithoutReviewer: ptr(true), PersonID: ptr(y.Trust.People[tom])})
	apitest.OK(t, open, err)
	require.Len(t, open.JSON200.Items, 1, "nobody line-manages Tom now, and HR sees it")
	handed, err := hr.HandOverAppraisalWithResponse(t.Context(), open.JSON200.Items[0].ID, &api.HandOverAppraisalParams{IfMatch: fmt.Sprintf(`"%d"`, open.JSON200.Items[0].Version)}, api.HandOver{ReviewerID: y.Trust.People[bw.ReviewersReviewer]})
	apitest.OK(t, handed, err)
	seen, err := y.As(bw.ReviewersReviewer).GetAppraisalWithResponse(t.Context(), open.JSON200.Items[0].ID, nil)
	apitest.OK(t, seen, err)
}
