package httpapi_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// planSchool makes a school of the trust and its head, who can sign in.
func planSchool(t *testing.T, w *apitest.World, school, head string) (uuid.UUID, *client.ClientWithResponses) {
	t.Helper()
	unit, person, email := uuid.New(), uuid.New(), head+"@"+w.Slug+".example"
	planExec(t, w, "insert into units (trust_id, id, parent_id, kind, name, decides) values ($1, $2, $3, 'school', $4, true)", w.Trust, unit, w.Root, school)
	planExec(t, w, "insert into people (trust_id, id, given_name, family_name, email) values ($1, $2, $3, 'Okafor', $4)", w.Trust, person, head, email)
	planExec(t, w, "insert into offices (trust_id, id, code, unit_id, person_id, from_on) values ($1, $2, 'head', $3, $4, '2026-09-01')", w.Trust, uuid.New(), unit, person)
	planExec(t, w, "insert into credentials select trust_id, $2, password_hash, updated_at from credentials where trust_id = $1 and person_id = $3", w.Trust, person, w.HR.ID)
	return unit, w.Client(client.Password(w.Slug, email, "correct horse battery"))
}

func planExec(t *testing.T, w *apitest.World, statement string, args ...any) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), w.Stack.AdminURL)
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	_, err = c.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

func addPriority(t *testing.T, c *client.ClientWithResponses, b api.CreatePriority) api.Priority {
	t.Helper()
	r, err := c.CreatePriorityWithResponse(t.Context(), nil, b)
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	return *r.JSON201
}

func priorityCodes(t *testing.T, c *client.ClientWithResponses, q *api.ListPrioritiesParams) []string {
	t.Helper()
	r, err := c.ListPrioritiesWithResponse(t.Context(), q)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	codes := []string{}
	for _, p := range r.JSON200.Items {
		codes = append(codes, p.Code)
	}
	return codes
}

// planRefused requires that the answer is a problem with the status and the code, and returns it.
func planRefused(t *testing.T, r client.Answer, err error, status int, code string) api.Problem {
	t.Helper()
	require.NoError(t, err)
	var p *client.ProblemError
	require.ErrorAs(t, client.Check(r), &p)
	require.Equal(t, status, p.Status, p.Error())
	require.Equal(t, code, p.Code, p.Error())
	return p.Problem
}

func planETag(version int) string { return fmt.Sprintf("%q", fmt.Sprint(version)) }

func TestPrioritiesHaveTwoLevels(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	school, head := planSchool(t, w, "Northfield School", "Ruth")
	pillar := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: " 2 ", Title: " Reading "})
	require.Equal(t, "2", pillar.Code, "trimmed")
	require.Equal(t, "Reading", pillar.Title)
	require.True(t, pillar.UnitID.IsNull())
	require.True(t, pillar.ParentID.IsNull())
	require.Equal(t, 1, pillar.Version)

	below := addPriority(t, head, api.CreatePriority{Code: "2b", Title: "Raise reading in year 7", ParentID: &pillar.ID, UnitID: &school})
	require.Equal(t, pillar.ID, below.ParentID.MustGet())
	require.Equal(t, school, below.UnitID.MustGet())

	r, err := head.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "2b-i", Title: "Phonics", ParentID: &below.ID, UnitID: &school})
	p := planRefused(t, r, err, 422, "parent_not_first_level")
	require.Equal(t, "/parent_id", p.Errors[0].Pointer)

	require.Equal(t, []string{"2", "2b"}, priorityCodes(t, head, nil))
	require.Equal(t, []string{"2b"}, priorityCodes(t, head, &api.ListPrioritiesParams{ParentID: &pillar.ID}))
	require.Equal(t, []string{"2b"}, priorityCodes(t, head, &api.ListPrioritiesParams{UnitID: &school}))
}

func TestPriorityStandsUnderTheTrustsOrItsOwnUnitsOnly(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	north, head := planSchool(t, w, "Northfield School", "Ruth")
	south, _ := planSchool(t, w, "Southfield School", "Sam")
	theirs := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "S", Title: "Attendance", UnitID: &south})
	own := addPriority(t, head, api.CreatePriority{Code: "N", Title: "Attendance", UnitID: &north})
	addPriority(t, head, api.CreatePriority{Code: "Na", Title: "Lateness", UnitID: &north, ParentID: &own.ID})
	for parent, want := range map[uuid.UUID]string{theirs.ID: "parent_of_another_unit", uuid.New(): "unknown_priority"} {
		r, err := head.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "X", Title: "Lateness", UnitID: &north, ParentID: &parent})
		planRefused(t, r, err, 422, want)
	}
	r, err := w.HR.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "X", Title: "Lateness", ParentID: &own.ID})
	planRefused(t, r, err, 422, "parent_of_another_unit")
}

func TestHeadPlansForTheUnitsTheyHeadOnly(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	north, ruth := planSchool(t, w, "Northfield School", "Ruth")
	south, sam := planSchool(t, w, "Southfield School", "Sam")

	r, err := ruth.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Attendance"})
	require.Equal(t, "/unit_id", planRefused(t, r, err, 422, "required").Errors[0].Pointer)

	r, err = ruth.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Attendance", UnitID: &south})
	planRefused(t, r, err, 403, "out_of_reach")

	nowhere := uuid.New()
	r, err = ruth.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Attendance", UnitID: &nowhere})
	planRefused(t, r, err, 422, "unknown_unit")

	p := addPriority(t, ruth, api.CreatePriority{Code: "1", Title: "Attendance", UnitID: &north})
	title := "Every day counts"
	u, err := sam.UpdatePriorityWithResponse(t.Context(), p.ID, &api.UpdatePriorityParams{IfMatch: planETag(99)}, api.UpdatePriority{Title: &title})
	planRefused(t, u, err, 403, "out_of_reach")
	a, err := sam.ArchivePriorityWithResponse(t.Context(), p.ID, &api.ArchivePriorityParams{IfMatch: planETag(p.Version)})
	planRefused(t, a, err, 403, "out_of_reach")

	trustwide := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "T", Title: "Attendance"})
	a, err = ruth.ArchivePriorityWithResponse(t.Context(), trustwide.ID, &api.ArchivePriorityParams{IfMatch: planETag(1)})
	planRefused(t, a, err, 403, "out_of_reach")
	require.Equal(t, []string{"1", "T"}, priorityCodes(t, sam, nil), "everybody reads them all")
}

func TestPriorityOfAnotherTrustIsNotThere(t *testing.T) {
	t.Parallel()
	w, other := apitest.NewWorld(t, "2026-09-01"), apitest.NewWorld(t, "2026-09-01")
	p := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "1", Title: "Attendance"})
	title := "Taken over"
	theirs, err := other.HR.UpdatePriorityWithResponse(t.Context(), p.ID, &api.UpdatePriorityParams{IfMatch: planETag(1)}, api.UpdatePriority{Title: &title})
	a := planRefused(t, theirs, err, 404, "not_found")
	nobodys, err := other.HR.UpdatePriorityWithResponse(t.Context(), uuid.New(), &api.UpdatePriorityParams{IfMatch: planETag(1)}, api.UpdatePriority{Title: &title})
	b := planRefused(t, nobodys, err, 404, "not_found")
	a.RequestID, b.RequestID = "", ""
	require.Equal(t, a, b)
	require.Empty(t, priorityCodes(t, other.HR.ClientWithResponses, nil))

	r, err := other.HR.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1a", Title: "Below theirs", ParentID: &p.ID})
	planRefused(t, r, err, 422, "unknown_priority")
}

func TestPriorityCodeIsUniqueAmongTheLiveOnes(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	first := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "1", Title: "Attendance"})
	second := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "2", Title: "Reading"})
	r, err := w.HR.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Again"})
	planRefused(t, r, err, 409, "code_taken")
	code := "1"
	u, err := w.HR.UpdatePriorityWithResponse(t.Context(), second.ID, &api.UpdatePriorityParams{IfMatch: planETag(1)}, api.UpdatePriority{Code: &code})
	planRefused(t, u, err, 409, "code_taken")

	a, err := w.HR.ArchivePriorityWithResponse(t.Context(), first.ID, &api.ArchivePriorityParams{IfMatch: planETag(1)})
	require.NoError(t, err)
	require.NotNil(t, a.JSON200, string(a.Body))
	u, err = w.HR.UpdatePriorityWithResponse(t.Context(), second.ID, &api.UpdatePriorityParams{IfMatch: planETag(1)}, api.UpdatePriority{Code: &code})
	require.NoError(t, err)
	require.NotNil(t, u.JSON200, "an archived priority gives its code free: %s", u.Body)
	require.Equal(t, "1", u.JSON200.Code)
	require.Equal(t, "Reading", u.JSON200.Title, "what is not given stays")
	require.Equal(t, 2, u.JSON200.Version)
	require.Equal(t, planETag(2), u.HTTPResponse.Header.Get("ETag"))
}

func TestOnlyOneOfTwoGetsTheSamePriorityCode(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	priorityCodes(t, w.HR.ClientWithResponses, nil) // signs in
	var wg sync.WaitGroup
	answers := make([]int, 6)
	for i := range answers {
		wg.Go(func() {
			r, err := w.HR.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Attendance"})
			if err == nil {
				answers[i] = r.StatusCode()
			}
		})
	}
	wg.Wait()
	require.ElementsMatch(t, []int{201, 409, 409, 409, 409, 409}, answers)
	require.Equal(t, []string{"1"}, priorityCodes(t, w.HR.ClientWithResponses, nil))
}

func TestNoLivePriorityHangsUnderAnArchivedOne(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	hr := w.HR.ClientWithResponses
	archive := func(p api.Priority) *client.ArchivePriorityResponse {
		r, err := hr.ArchivePriorityWithResponse(t.Context(), p.ID, &api.ArchivePriorityParams{IfMatch: planETag(p.Version)})
		require.NoError(t, err)
		return r
	}
	parent := addPriority(t, hr, api.CreatePriority{Code: "1", Title: "Attendance"})
	child := addPriority(t, hr, api.CreatePriority{Code: "1a", Title: "Lateness", ParentID: &parent.ID})
	refused := archive(parent)
	planRefused(t, refused, nil, 409, "has_live_children")
	require.NotNil(t, archive(child).JSON200)
	gone := archive(parent)
	require.NotNil(t, gone.JSON200, string(gone.Body))
	require.True(t, gone.JSON200.Archived)

	r, err := hr.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1b", Title: "Punctuality", ParentID: &parent.ID})
	planRefused(t, r, err, 409, "parent_archived")

	planRefused(t, archive(*gone.JSON200), nil, 409, "already_archived")
	title := "Afterthought"
	u, err := hr.UpdatePriorityWithResponse(t.Context(), parent.ID, &api.UpdatePriorityParams{IfMatch: planETag(2)}, api.UpdatePriority{Title: &title})
	planRefused(t, u, err, 409, "archived")

	yes := true
	require.Empty(t, priorityCodes(t, hr, nil))
	require.Equal(t, []string{"1", "1a"}, priorityCodes(t, hr, &api.ListPrioritiesParams{Archived: &yes}))
}

// A parent is archived while somebody adds below it: whoever comes second is refused.
func TestArchivingAndAddingBelowDoNotPassEachOther(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	hr := w.HR.ClientWithResponses
	for i := range 8 {
		parent := addPriority(t, hr, api.CreatePriority{Code: fmt.Sprint(i), Title: "Attendance"})
		var archived, added int
		var wg sync.WaitGroup
		wg.Go(func() {
			r, err := hr.ArchivePriorityWithResponse(t.Context(), parent.ID, &api.ArchivePriorityParams{IfMatch: planETag(1)})
			if err == nil {
				archived = r.StatusCode()
			}
		})
		wg.Go(func() {
			r, err := hr.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: fmt.Sprint(i, "a"), Title: "Lateness", ParentID: &parent.ID})
			if err == nil {
				added = r.StatusCode()
			}
		})
		wg.Wait()
		require.Contains(t, [][2]int{{200, 409}, {409, 201}}, [2]int{archived, added})
	}
}
