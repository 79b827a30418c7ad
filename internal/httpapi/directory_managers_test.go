package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func dirSet(t *testing.T, c *client.ClientWithResponses, post api.Post, version int, manager uuid.UUID, from string) (*client.SetLineManagerResponse, error) {
	t.Helper()
	body := api.SetLineManager{ManagerID: manager}
	if from != "" {
		day := dirDate(from)
		body.FromOn = &day
	}
	return c.SetLineManagerWithResponse(t.Context(), post.ID, &api.SetLineManagerParams{IfMatch: dirETag(version)}, body)
}

// managers lists the line managers of a post, newest first, as "name from until".
func (w dirWorld) managers(t *testing.T, post uuid.UUID) []string {
	t.Helper()
	r, err := w.HR.ListLineManagersWithResponse(t.Context(), post)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	out := []string{}
	for _, m := range r.JSON200.Items {
		until := "open"
		if !m.UntilOn.IsNull() {
			until = m.UntilOn.MustGet().String()
		}
		out = append(out, m.Person.MustGet().DisplayName+" "+m.FromOn.String()+" "+until)
	}
	return out
}

func TestNewLineManagerEndsTheFormerOnTheDay(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, bo, cy, di := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Bo Lindqvist", w.North), w.teacher(t, "Cy Haddad", w.North), w.teacher(t, "Di Novak", w.South)
	post, hr := ada.Posts[0], w.HR.ClientWithResponses
	require.Equal(t, 2, w.manage(t, post, bo.ID).Version)
	r, err := dirSet(t, hr, post, 2, cy.ID, "2027-01-01")
	require.NoError(t, err)
	require.Equal(t, bo.ID, r.JSON200.LineManager.MustGet().PersonID, "today's")
	r, err = dirSet(t, hr, post, 3, di.ID, "")
	require.NoError(t, err)
	require.Equal(t, di.ID, r.JSON200.LineManager.MustGet().PersonID)
	require.Equal(t, `"4"`, r.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, []string{"Cy Haddad 2027-01-01 open", "Di Novak 2026-10-05 2027-01-01", "Bo Lindqvist 2026-09-01 2026-10-05"}, w.managers(t, post.ID))
	r, err = dirSet(t, hr, post, 4, di.ID, "2026-11-01")
	require.NoError(t, err)
	require.Equal(t, 4, r.JSON200.Version, "they manage it on that day already")
	r, err = dirSet(t, hr, post, 3, bo.ID, "")
	require.Equal(t, 4, dirRefused(t, r, err, 412, "stale_version").CurrentVersion.MustGet())
}

func TestLineManagerMustBeSomebodyElseWhoIsEmployed(t *testing.T) {
	t.Parallel()
	w, other := newDirWorld(t), newDirWorld(t)
	ada, gone := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Gil Gone", w.North)
	d, err := w.HR.DeactivatePersonWithResponse(t.Context(), gone.ID, &api.DeactivatePersonParams{IfMatch: `"1"`}, api.EndFrom{On: dirDate("2026-10-05")})
	require.NoError(t, err)
	require.NotNil(t, d.JSON200, string(d.Body))
	for code, manager := range map[string]uuid.UUID{"manages_themselves": ada.ID, "person_inactive": gone.ID, "unknown_person": other.HR.ID} {
		r, err := dirSet(t, w.HR.ClientWithResponses, ada.Posts[0], 1, manager, "")
		require.Equal(t, []string{"/manager_id"}, dirPointers(dirRefused(t, r, err, 422, code)))
	}
	r, err := dirSet(t, w.HR.ClientWithResponses, ada.Posts[0], 1, w.HR.ID, "2026-08-31")
	require.Equal(t, []string{"/from_on"}, dirPointers(dirRefused(t, r, err, 422, "before_post")))
	r, err = dirSet(t, w.HR.ClientWithResponses, gone.Posts[0], 2, w.HR.ID, "")
	dirRefused(t, r, err, 409, "post_ended")
	r, err = w.HR.SetLineManagerWithResponse(t.Context(), ada.Posts[0].ID, &api.SetLineManagerParams{}, api.SetLineManager{ManagerID: w.HR.ID}, dirDropIfMatch)
	dirRefused(t, r, err, 428, "version_required")
	require.Empty(t, w.managers(t, ada.Posts[0].ID))
}

func TestWhoMaySetALineManager(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	tom, tim, lead, head := w.people["Tom North"], w.people["Tim South"], w.people["Lead North"], w.people["Head North"]
	r, err := dirSet(t, w.callers["Head North"], tom.Posts[0], 1, lead.ID, "")
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, "a head, in their unit: %s", r.Body)
	r, err = dirSet(t, w.callers["Head North"], tim.Posts[0], 2, lead.ID, "")
	dirRefused(t, r, err, 404, "not_found")
	r, err = dirSet(t, w.callers["Head North"], head.Posts[0], 1, lead.ID, "")
	dirRefused(t, r, err, 403, "out_of_reach")
	r, err = dirSet(t, w.callers["Lead North"], tim.Posts[0], 2, head.ID, "")
	dirRefused(t, r, err, 403, "role_not_admitted")
	w.fill(t, "head", w.South.ID, lead.ID)
	r, err = dirSet(t, w.callers["Lead North"], tom.Posts[0], 2, head.ID, "")
	dirRefused(t, r, err, 403, "out_of_reach")
	r, err = dirSet(t, w.callers["Head North"], tom.Posts[0], 99, tom.ID, "")
	dirRefused(t, r, err, 412, "stale_version")
}

func TestOfTwoWhoSetALineManagerAtOnceOneIsStale(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, bo, cy := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Bo Lindqvist", w.North), w.teacher(t, "Cy Haddad", w.North)
	set := func(m api.Person) func() (client.Answer, error) {
		return func() (client.Answer, error) { return dirSet(t, w.HR.ClientWithResponses, ada.Posts[0], 1, m.ID, "") }
	}
	require.ElementsMatch(t, []int{200, 412}, dirTogether(t, set(bo), set(cy)))
	require.Len(t, w.managers(t, ada.Posts[0].ID), 1)
}

func TestUnassignedPostsAreThoseOfTodayInReach(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	list := func(c *client.ClientWithResponses, q *api.ListUnassignedParams) []string {
		r, err := c.ListUnassignedWithResponse(t.Context(), q)
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		out := []string{}
		for _, u := range r.JSON200.Items {
			out = append(out, u.Person.DisplayName+", "+u.JobTitle)
		}
		return out
	}
	require.ElementsMatch(t, []string{"Lead North, Teacher of science", "Tom North, Teacher of science", "Both Schools, Teacher of science"}, list(w.callers["Head North"], nil))
	require.Equal(t, []string{"Both Schools, Teacher of art"}, list(w.HR.ClientWithResponses, &api.ListUnassignedParams{UnitID: &w.South.ID}))
	limit, seen := 2, 0
	q := &api.ListUnassignedParams{Limit: &limit}
	for {
		r, err := w.HR.ListUnassignedWithResponse(t.Context(), q)
		require.NoError(t, err)
		seen += len(r.JSON200.Items)
		if r.JSON200.NextCursor.IsNull() {
			break
		}
		next := r.JSON200.NextCursor.MustGet()
		q.Cursor = &next
	}
	require.Equal(t, 5, seen)
	r, err := w.callers["Lead North"].ListUnassignedWithResponse(t.Context(), nil)
	dirRefused(t, r, err, 403, "role_not_admitted")
}

// reassignment is a bulk change of which the second and the fourth item cannot be done.
func reassignment(w reachWorld, mode api.ReassignPeopleMode) api.ReassignPeople {
	head := w.people["Head North"]
	item := func(post uuid.UUID, manager uuid.UUID) api.Reassignment {
		return api.Reassignment{PostID: post, ManagerID: manager}
	}
	tom, lead := w.people["Tom North"].Posts[0].ID, w.people["Lead North"].Posts[0].ID
	return api.ReassignPeople{Mode: &mode, Items: []api.Reassignment{item(tom, head.ID), item(head.Posts[0].ID, head.ID), item(lead, head.ID), item(uuid.New(), head.ID)}}
}

func TestBulkReassignmentStoresAllOrNothing(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	body := reassignment(w, api.ReassignPeopleModeAtomic)
	before := w.count(t, "select count(*) from line_managers where trust_id = $1", w.Trust)
	r, err := w.HR.ReassignPeopleWithResponse(t.Context(), nil, body)
	p := dirRefused(t, r, err, 422, "invalid_request")
	require.Equal(t, []string{"/items/1/manager_id", "/items/3"}, dirPointers(p))
	require.Equal(t, "manages_themselves", p.Errors[0].Code)
	require.Equal(t, "not_found", p.Errors[1].Code)
	require.Equal(t, before, w.count(t, "select count(*) from line_managers where trust_id = $1", w.Trust))

	body.Items, body.Mode = []api.Reassignment{body.Items[0], body.Items[2]}, nil
	r, err = w.HR.ReassignPeopleWithResponse(t.Context(), nil, body)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, 2, r.JSON200.Succeeded)
	require.Equal(t, before+2, w.count(t, "select count(*) from line_managers where trust_id = $1", w.Trust))
	r, err = w.callers["Head North"].ReassignPeopleWithResponse(t.Context(), nil, body)
	dirRefused(t, r, err, 403, "role_not_admitted")
	r, err = w.HR.ReassignPeopleWithResponse(t.Context(), nil, api.ReassignPeople{Items: []api.Reassignment{}})
	require.Equal(t, []string{"/items"}, dirPointers(dirRefused(t, r, err, 422, "invalid_request")))
}

func TestPartialReassignmentStoresWhatItCan(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	body := reassignment(w, api.ReassignPeopleModePartial)
	body.Items = append(body.Items, body.Items[0])
	r, err := w.HR.ReassignPeopleWithResponse(t.Context(), nil, body)
	require.NoError(t, err)
	require.NotNil(t, r.JSON207, string(r.Body))
	require.Equal(t, 2, r.JSON207.Succeeded)
	require.Equal(t, 3, r.JSON207.Failed)
	codes := map[int]string{}
	for i, item := range r.JSON207.Results {
		require.Equal(t, i, item.Index)
		require.Equal(t, body.Items[i].PostID, item.ID.MustGet())
		if !item.Problem.IsNull() {
			p := item.Problem.MustGet()
			require.Equal(t, item.Status, p.Status)
			require.Equal(t, r.HTTPResponse.Header.Get("X-Request-Id"), p.RequestID)
			codes[i] = p.Code
		}
	}
	require.Equal(t, map[int]string{1: "manages_themselves", 3: "not_found", 4: "repeated"}, codes)
	require.Equal(t, []string{"Head North 2026-10-05 open"}, w.managers(t, body.Items[0].PostID))
	require.Equal(t, []string{"Head North 2026-10-05 open"}, w.managers(t, body.Items[2].PostID))
	require.Empty(t, w.managers(t, body.Items[1].PostID))
}

func TestBulkReassignmentsInOppositeOrderBothFinish(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	a, b := w.people["Tom North"].Posts[0].ID, w.people["Lead North"].Posts[0].ID
	send := func(manager string, posts ...uuid.UUID) func() (client.Answer, error) {
		return func() (client.Answer, error) {
			body := api.ReassignPeople{}
			for _, p := range posts {
				body.Items = append(body.Items, api.Reassignment{PostID: p, ManagerID: w.people[manager].ID})
			}
			return w.HR.ReassignPeopleWithResponse(t.Context(), nil, body)
		}
	}
	require.Equal(t, []int{200, 200}, dirTogether(t, send("Head North", a, b), send("Both Schools", b, a)))
	for _, post := range []uuid.UUID{a, b} {
		require.Equal(t, 1, w.count(t, "select count(*) from line_managers where trust_id = $1 and post_id = $2 and until_on is null", w.Trust, post))
	}
}
