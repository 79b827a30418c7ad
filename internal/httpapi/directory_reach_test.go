package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// reachWorld has people whom different callers reach.
type reachWorld struct {
	dirWorld
	people  map[string]api.Person
	callers map[string]*client.ClientWithResponses
}

func newReachWorld(t *testing.T) reachWorld {
	t.Helper()
	w := reachWorld{newDirWorld(t), map[string]api.Person{}, map[string]*client.ClientWithResponses{}}
	for name, unit := range map[string]api.Unit{"Head North": w.North, "Lead North": w.North, "Tom North": w.North, "Tim South": w.South, "Both Schools": w.North, "Gone North": w.North} {
		w.people[name] = w.teacher(t, name, unit)
	}
	w.fill(t, "head", w.North.ID, w.people["Head North"].ID)
	w.manage(t, w.people["Tim South"].Posts[0], w.people["Lead North"].ID)
	second, err := w.HR.CreatePostWithResponse(t.Context(), w.people["Both Schools"].ID, nil, *dirPost(w.South, "Teacher of art"))
	require.NoError(t, err)
	require.NotNil(t, second.JSON201, string(second.Body))
	require.Equal(t, "/v1/posts/"+second.JSON201.ID.String(), second.HTTPResponse.Header.Get("Location"))
	gone, err := w.HR.DeactivatePersonWithResponse(t.Context(), w.people["Gone North"].ID, &api.DeactivatePersonParams{IfMatch: `"1"`}, api.EndFrom{On: dirDate("2026-10-01")})
	require.NoError(t, err)
	require.NotNil(t, gone.JSON200, string(gone.Body))
	for _, name := range []string{"Head North", "Lead North", "Tom North"} {
		w.callers[name] = w.signIn(t, w.people[name])
	}
	w.callers["Hana"] = w.HR.ClientWithResponses
	w.people["Hana"] = w.person(t, w.HR.ID)
	return w
}

func TestListsAndReadsReachTheSamePeople(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	reached := map[string][]string{
		"Hana":       {"Head North", "Lead North", "Tom North", "Tim South", "Both Schools", "Gone North"},
		"Head North": {"Lead North", "Tom North", "Both Schools", "Gone North"},
		"Lead North": {"Tim South"},
		"Tom North":  {},
	}
	for caller, want := range reached {
		c := w.callers[caller]
		l, err := c.ListPeopleWithResponse(t.Context(), nil)
		if caller == "Tom North" {
			dirRefused(t, l, err, 403, "role_not_admitted")
		} else {
			require.NoError(t, err)
			require.ElementsMatch(t, want, dirNames(l.JSON200.Items), caller)
		}
		for name, p := range w.people {
			r, err := c.GetPersonWithResponse(t.Context(), p.ID)
			require.NoError(t, err)
			readable := name == caller || dirHas(want, name)
			require.Equal(t, readable, r.StatusCode() == 200, "%s reads %s: %s", caller, name, r.Body)
			posts, err := c.ListPostsWithResponse(t.Context(), p.ID)
			require.NoError(t, err)
			require.Equal(t, readable, posts.StatusCode() == 200, "%s lists the posts of %s", caller, name)
			for _, post := range p.Posts {
				g, err := c.GetPostWithResponse(t.Context(), post.ID)
				require.NoError(t, err)
				require.Equal(t, readable, g.StatusCode() == 200, "%s reads a post of %s", caller, name)
			}
			if !readable {
				nobody, err := c.GetPersonWithResponse(t.Context(), uuid.New())
				require.NoError(t, err)
				dirSameGone(t, r, nobody)
			}
		}
	}
}

func TestHeadSeesOnlyThePostInTheirUnit(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	both := w.people["Both Schools"].ID
	r, err := w.callers["Head North"].GetPersonWithResponse(t.Context(), both)
	require.NoError(t, err)
	require.Len(t, r.JSON200.Posts, 1)
	require.Equal(t, w.North.ID, r.JSON200.Posts[0].UnitID)
	all := w.person(t, both)
	require.Len(t, all.Posts, 2)
	for _, p := range all.Posts {
		g, err := w.callers["Head North"].GetPostWithResponse(t.Context(), p.ID)
		require.NoError(t, err)
		require.Equal(t, p.UnitID == w.North.ID, g.StatusCode() == 200, string(g.Body))
	}
}

func TestNobodyChangesTheirOwnRecordAndOnlyHRChangesOthers(t *testing.T) {
	t.Parallel()
	w, name := newReachWorld(t), "New"
	update := func(caller, person string) (client.Answer, error) {
		return w.callers[caller].UpdatePersonWithResponse(t.Context(), w.people[person].ID, &api.UpdatePersonParams{IfMatch: `"1"`}, api.UpdatePerson{GivenName: &name})
	}
	r, err := update("Hana", "Hana")
	dirRefused(t, r, err, 403, "out_of_reach")
	r, err = update("Head North", "Tom North")
	dirRefused(t, r, err, 403, "role_not_admitted")
	r, err = update("Hana", "Tom North")
	require.NoError(t, err)
	require.Equal(t, 200, r.StatusCode())
	own, err := w.HR.DeactivatePersonWithResponse(t.Context(), w.HR.ID, &api.DeactivatePersonParams{IfMatch: `"1"`}, api.EndFrom{On: dirDate("2026-10-05")})
	dirRefused(t, own, err, 403, "out_of_reach")
}

func TestEverybodyFindsCardsOfColleaguesAndNothingMore(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	search := func(q string) []api.PersonCard {
		r, err := w.callers["Tom North"].SearchPeopleWithResponse(t.Context(), &api.SearchPeopleParams{Q: &q})
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		return r.JSON200.Items
	}
	found := search("SOUTH ti")
	require.Len(t, found, 1)
	require.Equal(t, "Tim South", found[0].DisplayName)
	require.Equal(t, "Teacher of science", found[0].JobTitle.MustGet())
	require.Equal(t, w.South.ID, found[0].UnitID.MustGet())
	require.Empty(t, search("Gone"), "who has left is not found")
	require.Empty(t, search("%"), "a text is no pattern")
	require.Len(t, search(""), 6, "HR and the five who are employed")
	card := search("Hana")[0]
	require.True(t, card.JobTitle.IsNull())
	require.True(t, card.UnitID.IsNull())
}

func dirNames(people []api.Person) []string {
	out := []string{}
	for _, p := range people {
		out = append(out, p.GivenName+" "+p.FamilyName)
	}
	return out
}

func dirHas(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
