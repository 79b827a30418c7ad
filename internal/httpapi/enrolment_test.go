package httpapi_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func previewed(t *testing.T, c *client.ClientWithResponses, cycle uuid.UUID, q api.PreviewEnrolmentParams) api.EnrolmentPlan {
	t.Helper()
	r, err := c.PreviewEnrolmentWithResponse(t.Context(), cycle, &q)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	return *r.JSON200
}

func enrol(t *testing.T, c *client.ClientWithResponses, cycle uuid.UUID, posts ...uuid.UUID) api.EnrolmentResult {
	t.Helper()
	r, err := c.EnrolPeopleWithResponse(t.Context(), cycle, nil, api.EnrolPeople{PostIds: posts})
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	return *r.JSON200
}

// line renders an enrolment as one line: name, group, in or out, why, until when, reviewer.
func line(e api.Enrolment) string {
	group, why, until, reviewer := "-", "-", "-", "-"
	if g, err := e.StaffGroup.Get(); err == nil {
		group = g.Code
	}
	if r, err := e.Reason.Get(); err == nil {
		why = r.Code
	}
	if u, err := e.UntilOn.Get(); err == nil {
		until = u.String()
	}
	if r, err := e.Reviewer.Get(); err == nil {
		reviewer = r.DisplayName
	}
	return fmt.Sprintf("%s: %s %v %s %s %s", e.Person.DisplayName, group, e.Included, why, until, reviewer)
}

func lines(p api.EnrolmentPlan) []string {
	found := []string{}
	for _, e := range p.Items {
		found = append(found, line(e))
	}
	return found
}

// staffed is a trust in which everybody differs: see the plan in the first test.
func staffed(t *testing.T, day string) (y *year, head uuid.UUID, posts map[string]uuid.UUID) {
	t.Helper()
	y, posts = newYear(t, day), map[string]uuid.UUID{}
	head, posts["Ruth"] = y.staff("Ruth", "Abara", held{})
	y.office("head", y.School, head)
	for _, p := range []struct {
		given, family string
		held          held
	}{
		{"Tomas", "Brand", held{unit: y.Maths, manager: head}},
		{"Mei", "Cole", held{inductionFrom: "2026-09-01", inductionTo: "2027-01-15", manager: head}},
		{"Ines", "Dahl", held{probation: "2026-12-01", manager: head}},
		{"Omar", "Eze", held{staff: "volunteer", manager: head}},
		{"Kofi", "Frey", held{staff: "support"}},
		{"Nora", "Gale", held{from: "2027-01-04", manager: head}},
		{"Petra", "Hall", held{until: "2027-02-01", manager: head}},
		{"Yusuf", "Idle", held{contract: "2027-03-31", manager: head}},
		{"Sofia", "Jones", held{contract: "2026-08-15", manager: head}},
		{"Left", "Kane", held{until: "2026-09-01"}},
		{"Later", "Lamb", held{from: "2027-09-01"}},
		{"Liam", "Moss", held{unit: y.Root, staff: "central"}},
	} {
		_, posts[p.given] = y.staff(p.given, p.family, p.held)
	}
	return y, head, posts
}

func TestEnrolmentSaysWhoIsInWhoIsOutAndWhy(t *testing.T) {
	t.Parallel()
	y, head, posts := staffed(t, "2026-07-10")
	c := y.cycle(y.publish(y.policy("tsat")).ID, "2026-09-01")
	y.exec("insert into enrolment_overrides (trust_id, cycle_id, post_id, included, reason, decided_by) values ($1, $2, $3, false, 'agreed', $4)", y.Trust, c.ID, posts["Kofi"], y.HR.ID)
	plan := previewed(t, y.HR.ClientWithResponses, c.ID, api.PreviewEnrolmentParams{})
	require.Equal(t, []string{
		"Ruth Abara: teaching true - - -",
		"Tomas Brand: teaching true - - Ruth Abara",
		"Mei Cole: teaching false early_career 2027-01-15 Ruth Abara",
		"Ines Dahl: teaching true probation 2026-12-01 Ruth Abara",
		"Omar Eze: - false no_staff_group - Ruth Abara",
		"Kofi Frey: support false decided_by_hr - -",
		"Nora Gale: teaching true - - Ruth Abara",
		"Petra Hall: teaching true - - Ruth Abara",
		"Yusuf Idle: teaching true - - Ruth Abara",
		"Sofia Jones: teaching false contract_ended - Ruth Abara",
		"Liam Moss: central true - - -",
	}, lines(plan))
	require.Equal(t, api.EnrolmentSummary{Included: 7, Excluded: 4, WithoutReviewer: 2}, plan.Summary)
	require.Equal(t, y.Maths, plan.Items[1].UnitID)
	require.Equal(t, "Colleague", plan.Items[1].Person.JobTitle.MustGet())

	yes, no, two := true, false, 2
	require.Equal(t, []string{"Ruth Abara: teaching true - - -", "Liam Moss: central true - - -"},
		lines(previewed(t, y.HR.ClientWithResponses, c.ID, api.PreviewEnrolmentParams{WithoutReviewer: &yes})))
	require.Len(t, previewed(t, y.HR.ClientWithResponses, c.ID, api.PreviewEnrolmentParams{Included: &no}).Items, 4)
	require.Len(t, previewed(t, y.HR.ClientWithResponses, c.ID, api.PreviewEnrolmentParams{UnitID: &y.School}).Items, 10, "with the department below")

	// A head sees their units, and never themselves; nobody else sees any of it.
	heads := previewed(t, y.as(head), c.ID, api.PreviewEnrolmentParams{})
	require.Equal(t, lines(plan)[1:10], lines(heads))
	require.Equal(t, api.EnrolmentSummary{Included: 5, Excluded: 4}, heads.Summary)
	var tomas uuid.UUID
	require.NoError(t, y.sql.QueryRow(t.Context(), "select person_id from posts where trust_id = $1 and id = $2", y.Trust, posts["Tomas"]).Scan(&tomas))
	r, err := y.as(tomas).PreviewEnrolmentWithResponse(t.Context(), c.ID, nil)
	refusedWith(t, r, err, 403, "role_not_admitted")

	var paged []string
	q := api.PreviewEnrolmentParams{Limit: &two, Included: &yes}
	for {
		p := previewed(t, y.HR.ClientWithResponses, c.ID, q)
		require.Equal(t, plan.Summary, p.Summary)
		paged = append(paged, lines(p)...)
		next, err := p.NextCursor.Get()
		if err != nil {
			break
		}
		require.Len(t, p.Items, 2)
		q.Cursor = &next
	}
	require.Equal(t, lines(previewed(t, y.HR.ClientWithResponses, c.ID, api.PreviewEnrolmentParams{Included: &yes})), paged)
	require.Len(t, paged, 7)
}

func TestEnrolmentGivesEachPostAnAppraisalAndASeat(t *testing.T) {
	t.Parallel()
	y, head, posts := staffed(t, "2026-07-10")
	y.post(uuid.New(), y.HR.ID, held{unit: y.Root, staff: "central"}) // HR themselves are in by the rule, like everybody
	c := y.cycle(y.publish(y.policy("tsat")).ID, "2026-09-01")
	r, err := y.HR.EnrolPeopleWithResponse(t.Context(), c.ID, nil, api.EnrolPeople{})
	refusedWith(t, r, err, 409, "cycle_not_open")
	y.open(c)
	r, err = y.as(head).EnrolPeopleWithResponse(t.Context(), c.ID, nil, api.EnrolPeople{})
	refusedWith(t, r, err, 403, "role_not_admitted")
	require.Equal(t, api.EnrolmentResult{Created: 9, Excluded: 3, WithoutReviewer: 4}, enrol(t, y.HR.ClientWithResponses, c.ID))

	row := func(name string) (got string) {
		t.Helper()
		require.NoError(t, y.sql.QueryRow(t.Context(), `select concat_ws(' ', a.staff_group, a.starts_on, a.ends_on, a.status, a.stage, a.remarks, s.duty, s.from_on, s.why, s.until_on)
			from appraisals a left join seats s on s.trust_id = a.trust_id and s.appraisal_id = a.id and s.person_id = $3 where a.trust_id = $1 and a.post_id = $2`, y.Trust, posts[name], head).Scan(&got))
		return got
	}
	require.Equal(t, `teaching 2026-09-01 2027-08-31 open setting [] review 2026-09-01 line_manager`, row("Tomas"))
	require.Equal(t, `teaching 2026-09-01 2027-08-31 open setting [{"code": "probation", "label": "On probation: objectives also serve the probation review"}] review 2026-09-01 line_manager`, row("Ines"))
	require.Equal(t, `teaching 2027-01-04 2027-08-31 open setting [] review 2027-01-04 line_manager`, row("Nora"))
	require.Equal(t, `teaching 2026-09-01 2027-01-31 open setting [] review 2026-09-01 line_manager`, row("Petra"))
	require.Equal(t, `teaching 2026-09-01 2027-03-31 open setting [] review 2026-09-01 line_manager`, row("Yusuf"))
	require.Equal(t, `support 2026-09-01 2027-08-31 open setting []`, row("Kofi"))
	require.Equal(t, 9, y.count("select count(*) from events where trust_id = $1 and type = 'appraisal.enrolled' and appraisal_id = subject_id and person_id is not null", y.Trust))

	require.Equal(t, api.EnrolmentResult{Already: 9, Excluded: 3}, enrol(t, y.HR.ClientWithResponses, c.ID), "running it again does nothing")
	yes := true
	for _, e := range previewed(t, y.HR.ClientWithResponses, c.ID, api.PreviewEnrolmentParams{Included: &yes}).Items {
		require.True(t, e.Already, line(e))
	}

	y.On("2027-01-15") // the day on which Mei's induction is over
	require.Equal(t, api.EnrolmentResult{Created: 1, Already: 9, Excluded: 2}, enrol(t, y.HR.ClientWithResponses, c.ID))
	require.Equal(t, `teaching 2027-01-15 2027-08-31 open setting [] review 2027-01-15 line_manager`, row("Mei"), "her year begins then, with none of its deadlines behind her")
}

func TestSomePostsAreEnrolled(t *testing.T) {
	t.Parallel()
	y, _, posts := staffed(t, "2026-09-01")
	_, foreign := newYear(t, "2026-09-01").staff("Aldo", "Penn", held{})
	c := y.openYear("tsat")
	r, err := y.HR.EnrolPeopleWithResponse(t.Context(), c.ID, nil, api.EnrolPeople{PostIds: []openapi_types.UUID{posts["Tomas"], posts["Left"], foreign}})
	require.Equal(t, []string{"/post_ids/1 unknown_post", "/post_ids/2 unknown_post"}, violationsAt(refusedWith(t, r, err, 422, "unknown_post")))
	r, err = y.HR.EnrolPeopleWithBodyWithResponse(t.Context(), c.ID, nil, "application/json", jsonBody(`{"post_ids":[]}`))
	require.Equal(t, []string{"/post_ids minItems"}, violationsAt(refusedWith(t, r, err, 422, "invalid_request")))
	require.Zero(t, y.count("select count(*) from appraisals where trust_id = $1", y.Trust))
	require.Equal(t, api.EnrolmentResult{Created: 1, Excluded: 1}, enrol(t, y.HR.ClientWithResponses, c.ID, posts["Tomas"], posts["Mei"]))
	require.Equal(t, 1, y.count("select count(*) from appraisals where trust_id = $1", y.Trust))
}

func TestOverridesPutPeopleIn(t *testing.T) {
	t.Parallel()
	y, _, posts := staffed(t, "2026-09-01")
	c := y.openYear("tsat")
	y.exec("insert into enrolment_overrides (trust_id, cycle_id, post_id, included, reason, decided_by) values ($1, $2, $3, true, 'agreed', $4)", y.Trust, c.ID, posts["Mei"], y.HR.ID)
	require.Equal(t, api.EnrolmentResult{Created: 1}, enrol(t, y.HR.ClientWithResponses, c.ID, posts["Mei"]))
}

func TestTwoWhoEnrolAtOnceMakeOneAppraisalEach(t *testing.T) {
	t.Parallel()
	y, _, _ := staffed(t, "2026-09-01")
	c := y.openYear("tsat")
	results := make([]api.EnrolmentResult, 4)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() {
			if r, err := y.HR.EnrolPeopleWithResponse(context.WithoutCancel(t.Context()), c.ID, nil, api.EnrolPeople{}); err == nil && r.JSON200 != nil {
				results[i] = *r.JSON200
			}
		})
	}
	wait.Wait()
	created := 0
	for _, r := range results {
		require.Equal(t, 8, r.Created+r.Already)
		created += r.Created
	}
	require.Equal(t, 8, created)
	require.Equal(t, 8, y.count("select count(*) from appraisals where trust_id = $1", y.Trust))
	require.Equal(t, 5, y.count("select count(*) from seats where trust_id = $1", y.Trust))
	require.Equal(t, 8, y.count("select count(*) from events where trust_id = $1 and type = 'appraisal.enrolled'", y.Trust))
}

func TestSevenHundredPostsAreEnrolledAtOnce(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-09-01")
	c := y.openYear("tsat")
	y.exec(`with p as (insert into people (trust_id, id, given_name, family_name) select $1, gen_random_uuid(), 'Ada', 'Marsh ' || n from generate_series(1, 700) n returning id)
		insert into posts (trust_id, id, person_id, unit_id, job_title, staff_type, from_on) select $1, gen_random_uuid(), id, $2, 'Teacher', 'teaching', '2020-09-01' from p`, y.Trust, y.Maths)
	y.exec("insert into line_managers (trust_id, id, post_id, manager_id, from_on) select trust_id, gen_random_uuid(), id, $2, '2020-09-01' from posts where trust_id = $1", y.Trust, y.HR.ID)
	previewed(t, y.HR.ClientWithResponses, c.ID, api.PreviewEnrolmentParams{}) // signs in
	began := time.Now()
	require.Equal(t, api.EnrolmentResult{Created: 700}, enrol(t, y.HR.ClientWithResponses, c.ID))
	t.Logf("700 posts in %s", time.Since(began))
	require.Less(t, time.Since(began), 30*time.Second, "far more than the machine is busy with")
	require.Equal(t, 700, y.count("select count(*) from seats where trust_id = $1 and duty = 'review'", y.Trust))
}
