package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
)

// waits is what waits for somebody, by kind.
func waits(t *testing.T, p *apitest.Person) map[string]api.Waiting {
	t.Helper()
	r, err := p.GetMeWithResponse(t.Context())
	apitest.OK(t, r, err)
	out := map[string]api.Waiting{}
	for _, w := range r.JSON200.Waiting {
		out[w.Kind] = w
	}
	return out
}

func TestMeShowsEverythingThatWaits(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	drafts := waits(t, p.As(tom))["draft_objectives"]
	require.Equal(t, 3, drafts.Count)
	require.Equal(t, "2026-10-31", drafts.DueOn.MustGet().String())
	require.Equal(t, 1, waits(t, p.World.HR)["name_reviewers"].Count, "Mia has no line manager")
	p.run(setting[:2])
	p.run([]scene{{"2026-09-15", tom, "proposes the first", propose(onTrust), ok, "", nil}})
	require.Equal(t, 1, waits(t, p.As(ines))["approve_objectives"].Count)
	p.On("2026-11-02")
	late := waits(t, p.As(tom))
	require.True(t, late["draft_objectives"].Late, "a deadline marks late and blocks nothing")
	require.Equal(t, "SubmitCheckIn", late["check_in"].Operation)
	p.On("2027-02-10")
	require.Contains(t, waits(t, p.As(ines)), "hold_meeting")
	p.objectives = nil // none was agreed, so the reflection asks about none
	p.run(closed(tom, ines, marta, "")[:2])
	require.Equal(t, 1, waits(t, p.As(marta))["steps_of_head"].Count)
}

func TestMeShowsHRWhoJoinedSinceTheEnrolment(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	require.NotContains(t, waits(t, y.World.HR), "enrol_people")
	y.On("2027-01-05")
	hired, err := y.World.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: "Ned", FamilyName: "Marsh",
		Post: &api.CreatePost{UnitID: y.Units["northfield"], JobTitle: "Teacher of art", StaffType: "teaching", FromOn: date("2027-01-04"), LineManagerID: ptr(y.Trust.People[bw.ReviewersReviewer])}})
	apitest.OK(t, hired, err)
	require.Equal(t, 1, waits(t, y.World.HR)["enrol_people"].Count)
	enrolled, err := y.World.HR.EnrolPeopleWithResponse(t.Context(), y.CycleID, nil, api.EnrolPeople{})
	apitest.OK(t, enrolled, err)
	require.NotContains(t, waits(t, y.World.HR), "enrol_people")
}
