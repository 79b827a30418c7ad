package httpapi_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestPersonIsAddedWithPostAndOutsideIDs(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	boss := w.teacher(t, "Ruth Okafor", w.North)
	email, fte := " Ada.Marsh@brightwater.example ", "0.8"
	post := dirPost(w.North, " Teacher of science ")
	post.Fte, post.LineManagerID = &fte, &boss.ID
	r, err := w.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: " Ada ", FamilyName: "Marsh", Email: &email,
		ExternalIds: []api.ExternalID{{System: "arbor", Value: "10:42"}}, Post: post})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	p := *r.JSON201
	require.Equal(t, "Ada", p.GivenName)
	require.Equal(t, "Ada.Marsh@brightwater.example", p.Email.MustGet())
	require.Equal(t, []api.ExternalID{{System: "arbor", Value: "10:42"}}, p.ExternalIds)
	require.Len(t, p.Posts, 1)
	require.Equal(t, "Teacher of science", p.Posts[0].JobTitle)
	require.Equal(t, "0.8", p.Posts[0].Fte)
	require.Equal(t, boss.ID, p.Posts[0].LineManager.MustGet().PersonID)
	require.Equal(t, "Ruth Okafor", p.Posts[0].LineManager.MustGet().Person.MustGet().DisplayName)
	require.Equal(t, "/v1/people/"+p.ID.String(), r.HTTPResponse.Header.Get("Location"))
	require.Equal(t, p, w.person(t, p.ID))
	for value, found := range map[string]int{"arbor:10:42": 1, "Arbor:10:42": 0, "arbor:10": 0} {
		l, err := w.HR.ListPeopleWithResponse(t.Context(), &api.ListPeopleParams{ExternalID: &value})
		require.NoError(t, err)
		require.Len(t, l.JSON200.Items, found, value)
	}
	bad := "arbor"
	l, err := w.HR.ListPeopleWithResponse(t.Context(), &api.ListPeopleParams{ExternalID: &bad})
	dirRefused(t, l, err, 400, "bad_external_id")
}

func TestEveryFaultOfANewPersonIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w, email, fte, ends := newDirWorld(t), "nowhere", "1.5", dirDate("2027-08-31")
	post := dirPost(w.North, " ")
	post.Fte, post.ContractEndsOn, post.InductionEndsOn = &fte, &ends, &ends
	r, err := w.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: " ", FamilyName: "Marsh", Email: &email,
		ExternalIds: []api.ExternalID{{System: "a:b", Value: "1"}, {System: "mis", Value: "2"}, {System: "mis", Value: "2"}}, Post: post})
	p := dirRefused(t, r, err, 422, "invalid_request")
	require.ElementsMatch(t, []string{"/given_name", "/email", "/external_ids/0", "/external_ids/2", "/post/job_title", "/post/fte",
		"/post/contract_ends_on", "/post/induction_starts_on"}, dirPointers(p))
	r, err = w.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: "Ada", FamilyName: "Marsh", Post: dirPost(api.Unit{ID: uuid.New()}, "Teacher")})
	require.Equal(t, []string{"/post/unit_id"}, dirPointers(dirRefused(t, r, err, 422, "unknown_unit")))
	require.Zero(t, w.count(t, "select count(*) from people where trust_id = $1 and given_name = 'Ada'", w.Trust), "nothing is stored of what is refused")
}

func TestEmailAndOutsideIDsBelongToOnePersonOfATrust(t *testing.T) {
	t.Parallel()
	w, other := newDirWorld(t), newDirWorld(t)
	mis := []api.ExternalID{{System: "mis", Value: "7"}}
	add := func(w dirWorld, email string, ids []api.ExternalID) (*client.CreatePersonResponse, error) {
		return w.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: "Ada", FamilyName: "Marsh", Email: &email, ExternalIds: ids})
	}
	for _, trust := range []dirWorld{w, other} {
		r, err := add(trust, "ada@brightwater.example", mis)
		require.NoError(t, err)
		require.NotNil(t, r.JSON201, "another trust may hold the same: %s", r.Body)
	}
	r, err := add(w, "ADA@brightwater.example", nil)
	dirRefused(t, r, err, 409, "email_taken")
	require.NotContains(t, strings.ToLower(string(r.Body)), "brightwater.example")
	r, err = add(w, "bo@brightwater.example", mis)
	dirRefused(t, r, err, 409, "external_id_taken")
	require.NotContains(t, string(r.Body), "mis")
	r, err = add(w, "bo@brightwater.example", []api.ExternalID{{System: "MIS", Value: "7"}})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, "outside ids are case-sensitive: %s", r.Body)
	taken := "ada@BRIGHTWATER.example"
	u, err := w.HR.UpdatePersonWithResponse(t.Context(), r.JSON201.ID, &api.UpdatePersonParams{IfMatch: `"1"`}, api.UpdatePerson{Email: nullable.NewNullableWithValue(taken)})
	dirRefused(t, u, err, 409, "email_taken")
	u, err = w.HR.UpdatePersonWithResponse(t.Context(), r.JSON201.ID, &api.UpdatePersonParams{IfMatch: `"1"`}, api.UpdatePerson{ExternalIds: mis})
	dirRefused(t, u, err, 409, "external_id_taken")
}

func TestAddingAPersonTwiceWithOneKeyAddsOne(t *testing.T) {
	t.Parallel()
	w, key := newDirWorld(t), "k-1"
	body := api.CreatePerson{GivenName: "Ada", FamilyName: "Marsh", Post: dirPost(w.North, "Teacher")}
	first, err := w.HR.CreatePersonWithResponse(t.Context(), &api.CreatePersonParams{IdempotencyKey: &key}, body)
	require.NoError(t, err)
	again, err := w.HR.CreatePersonWithResponse(t.Context(), &api.CreatePersonParams{IdempotencyKey: &key}, body)
	require.NoError(t, err)
	require.Equal(t, first.JSON201, again.JSON201)
	require.Equal(t, "true", again.HTTPResponse.Header.Get("Idempotent-Replayed"))
	require.Equal(t, 1, w.count(t, "select count(*) from people where trust_id = $1 and family_name = 'Marsh'", w.Trust))
}

func TestPersonPatchClearsWhatIsNullAndLeavesWhatIsAbsent(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada := w.teacher(t, "Ada Marsh", w.North)
	patch := func(version, body string) (*client.UpdatePersonResponse, error) {
		return w.HR.UpdatePersonWithBodyWithResponse(t.Context(), ada.ID, &api.UpdatePersonParams{IfMatch: version}, "application/json", strings.NewReader(body))
	}
	r, err := patch(`"1"`, `{"family_name":"Marsh-Reed","external_ids":[{"system":"mis","value":"7"},{"system":"pay","value":"8"}]}`)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, ada.Email, r.JSON200.Email)
	require.Equal(t, `"2"`, r.HTTPResponse.Header.Get("ETag"))
	r, err = patch(`"2"`, `{"email":null,"external_ids":[{"system":"pay","value":"8"}]}`)
	require.NoError(t, err)
	require.True(t, r.JSON200.Email.IsNull())
	require.Equal(t, "Marsh-Reed", r.JSON200.FamilyName)
	require.Equal(t, []api.ExternalID{{System: "pay", Value: "8"}}, r.JSON200.ExternalIds)
	r, err = patch(`"3"`, `{"external_ids":[]}`)
	require.NoError(t, err)
	require.Empty(t, r.JSON200.ExternalIds)
	r, err = patch(`"3"`, `{"family_name":"Reed"}`)
	require.Equal(t, 4, dirRefused(t, r, err, 412, "stale_version").CurrentVersion.MustGet())
	r, err = patch(`"4"`, `{"family_name":" "}`)
	require.Equal(t, []string{"/family_name"}, dirPointers(dirRefused(t, r, err, 422, "blank")))
	r, err = patch(`"4"`, `{"family_name":null}`)
	dirRefused(t, r, err, 422, "invalid_request")
	require.Zero(t, w.count(t, "select count(*) from events where trust_id = $1 and (body like '%Marsh%' or body like '%Ada%' or body like '%@%')", w.Trust),
		"events name what changed and repeat none of it")
	require.Equal(t, 3, w.count(t, "select count(*) from events where trust_id = $1 and type = 'person.updated' and subject_id = $2", w.Trust, ada.ID))
}

func TestPuttingAPersonTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	email := "ada@brightwater.example"
	put := func(b api.CreatePerson) api.Person {
		r, err := w.HR.PutPersonByExternalIDWithResponse(t.Context(), "mis:a:7", b)
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		return *r.JSON200
	}
	body := api.CreatePerson{GivenName: "Ada", FamilyName: "Marsh", Email: &email, Post: dirPost(w.North, "Teacher")}
	first := put(body)
	require.Equal(t, []api.ExternalID{{System: "mis", Value: "a:7"}}, first.ExternalIds)
	events := w.count(t, "select count(*) from events where trust_id = $1", w.Trust)
	require.Equal(t, first, put(body), "version too, and no second post")
	require.Equal(t, events, w.count(t, "select count(*) from events where trust_id = $1", w.Trust))
	changed := put(api.CreatePerson{GivenName: "Ada", FamilyName: "Reed"})
	require.Equal(t, first.ID, changed.ID)
	require.Equal(t, 2, changed.Version)
	require.True(t, changed.Email.IsNull(), "as given: without an address")
	require.Len(t, changed.Posts, 1)
	r, err := w.HR.PutPersonByExternalIDWithResponse(t.Context(), "mis7", body)
	dirRefused(t, r, err, 400, "bad_external_id")
	r, err = w.HR.PutPersonByExternalIDWithResponse(t.Context(), "mis:9", api.CreatePerson{GivenName: "", FamilyName: "Reed"})
	dirRefused(t, r, err, 422, "blank")
}

func TestPuttingANewPersonTwiceAtOnceAddsOne(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	put := func() (client.Answer, error) {
		return w.HR.PutPersonByExternalIDWithResponse(t.Context(), "mis:7", api.CreatePerson{GivenName: "Ada", FamilyName: "Marsh"})
	}
	require.Equal(t, []int{200, 200, 200}, w.atTheGate(t, externalGate, "mis:7", put, put, put))
	require.Equal(t, 1, w.count(t, "select count(*) from people where trust_id = $1 and family_name = 'Marsh'", w.Trust))
}

func TestLeaverLosesSignInAtOnceAndPostsOnTheDay(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, bo := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Bo Lindqvist", w.North)
	w.fill(t, "slt", w.North.ID, ada.ID)
	managed := w.manage(t, bo.Posts[0], ada.ID)
	w.manage(t, ada.Posts[0], bo.ID)
	w.signIn(t, ada)
	adas, err := client.New(w.Stack.URL, client.WithCredentials(client.Password(w.Slug, ada.Email.MustGet(), "correct horse battery")))
	require.NoError(t, err)
	g, err := adas.GetPersonWithResponse(t.Context(), ada.ID)
	require.NoError(t, err)
	require.Equal(t, 200, g.StatusCode())
	absent, err := w.HR.RecordAbsenceWithResponse(t.Context(), ada.ID, nil, api.RecordAbsence{FromOn: dirDate("2026-10-01")})
	require.NoError(t, err)
	require.Equal(t, 201, absent.StatusCode())

	leave := func(version string) (*client.DeactivatePersonResponse, error) {
		return w.HR.DeactivatePersonWithResponse(t.Context(), ada.ID, &api.DeactivatePersonParams{IfMatch: version}, api.EndFrom{On: dirDate("2026-10-05")})
	}
	r, err := leave(`"9"`)
	dirRefused(t, r, err, 412, "stale_version")
	r, err = leave(`"1"`)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, api.PersonStatusInactive, r.JSON200.Status)
	require.Empty(t, r.JSON200.Posts)
	r, err = leave(`"2"`)
	dirRefused(t, r, err, 409, "already_inactive")

	_, err = adas.GetPersonWithResponse(t.Context(), ada.ID)
	require.ErrorContains(t, err, "invalid_grant", "neither the token nor the password serves any more")
	require.Equal(t, 1, w.count(t, "select count(*) from sessions where trust_id = $1 and person_id = $2 and ended_for = 'left'", w.Trust, ada.ID))
	for _, table := range []string{"posts where person_id", "offices where person_id", "line_managers where manager_id", "absences where person_id"} {
		require.Equal(t, 1, w.count(t, "select count(*) from "+table+" = $2 and trust_id = $1 and until_on = '2026-10-05'", w.Trust, ada.ID), table)
	}
	post, err := w.HR.GetPostWithResponse(t.Context(), managed.ID)
	require.NoError(t, err)
	require.True(t, post.JSON200.LineManager.IsNull())
	u, err := w.HR.CreatePostWithResponse(t.Context(), ada.ID, nil, *dirPost(w.South, "Teacher"))
	dirRefused(t, u, err, 409, "person_inactive")
}

func TestRehireReopensThePerson(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	body := api.CreatePerson{GivenName: "Ada", FamilyName: "Marsh", Post: dirPost(w.North, "Teacher")}
	p, err := w.HR.PutPersonByExternalIDWithResponse(t.Context(), "mis:7", body)
	require.NoError(t, err)
	d, err := w.HR.DeactivatePersonWithResponse(t.Context(), p.JSON200.ID, &api.DeactivatePersonParams{IfMatch: `"1"`}, api.EndFrom{On: dirDate("2026-10-01")})
	require.NoError(t, err)
	require.NotNil(t, d.JSON200, string(d.Body))
	body.Post = dirPost(w.South, "Teacher of art")
	again, err := w.HR.PutPersonByExternalIDWithResponse(t.Context(), "mis:7", body)
	require.NoError(t, err)
	require.NotNil(t, again.JSON200, string(again.Body))
	require.Equal(t, p.JSON200.ID, again.JSON200.ID)
	require.Equal(t, api.PersonStatusActive, again.JSON200.Status)
	require.Len(t, again.JSON200.Posts, 1)
	require.Equal(t, w.South.ID, again.JSON200.Posts[0].UnitID)
	require.Equal(t, 1, w.count(t, "select count(*) from events where trust_id = $1 and type = 'person.reopened'", w.Trust))
}

func TestPeopleAreFilteredAndPagedByName(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	science := w.unit(t, "department", "Science", w.South.ID)
	w.people["Sky Lab"] = w.teacher(t, "Sky Lab", science)
	list := func(q api.ListPeopleParams) []string {
		r, err := w.HR.ListPeopleWithResponse(t.Context(), &q)
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		return dirNames(r.JSON200.Items)
	}
	inactive, soon := api.ListPeopleParamsStatus("inactive"), time.Now().Add(time.Minute)
	require.Equal(t, []string{"Gone North"}, list(api.ListPeopleParams{Status: &inactive}))
	require.Equal(t, []string{"Sky Lab", "Both Schools", "Tim South"}, list(api.ListPeopleParams{UnitID: &w.South.ID}), "and below it")
	require.Empty(t, list(api.ListPeopleParams{UpdatedSince: &soon}))
	limit, seen := 3, []string{}
	q := &api.ListPeopleParams{Limit: &limit}
	for {
		r, err := w.HR.ListPeopleWithResponse(t.Context(), q)
		require.NoError(t, err)
		seen = append(seen, dirNames(r.JSON200.Items)...)
		require.WithinDuration(t, time.Now().Add(-30*time.Second), r.JSON200.AsOf, 20*time.Second)
		if r.JSON200.NextCursor.IsNull() {
			break
		}
		next := r.JSON200.NextCursor.MustGet()
		raw, err := base64.RawURLEncoding.DecodeString(next)
		require.NoError(t, err)
		require.NotContains(t, string(raw), "North", "a cursor stands in addresses and holds no name")
		require.Contains(t, r.HTTPResponse.Header.Get("Link"), `rel="next"`)
		q.Cursor = &next
	}
	require.Equal(t, []string{"Sky Lab", "Gone North", "Head North", "Lead North", "Tom North", "Both Schools", "Tim South"}, seen)
}

func TestPersonWhosePostChangedIsFoundByUpdatedSince(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada := w.teacher(t, "Ada Marsh", w.North)
	w.exec(t, "update people set updated_at = now() - interval '1 day' where trust_id = $1", w.Trust)
	w.exec(t, "update posts set updated_at = now() - interval '1 day' where trust_id = $1", w.Trust)
	since, title := time.Now().Add(-time.Hour), "Head of science"
	list := func() []string {
		r, err := w.HR.ListPeopleWithResponse(t.Context(), &api.ListPeopleParams{UpdatedSince: &since})
		require.NoError(t, err)
		return dirNames(r.JSON200.Items)
	}
	require.Empty(t, list())
	u, err := w.HR.UpdatePostWithResponse(t.Context(), ada.Posts[0].ID, &api.UpdatePostParams{IfMatch: `"1"`}, api.UpdatePost{JobTitle: &title})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, u.StatusCode(), string(u.Body))
	require.Equal(t, []string{"Ada Marsh"}, list())
}
