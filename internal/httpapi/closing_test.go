package httpapi_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/pkg/client"
)

// both saves a step and completes it.
func both(name string, body func(*play) api.SaveStep) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		r, err := save(name, body(p))(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete(name)(p)
	}
}

// closed is a year's end without objectives, through the box for exceptional work unless the
// decider gives another rating.
func closed(reviewee, reviewer, decider, decided string) []scene {
	decision := api.SaveStep{}
	if decided != "" {
		decision.Rating = &api.RatingInput{Code: &decided, Reason: ptr("Moderated with the other schools.")}
	}
	return []scene{
		{"2027-07-08", reviewee, "reflects", both("outcome.reflect", func(p *play) api.SaveStep {
			return api.SaveStep{Answers: p.reflection(), Rating: &api.RatingInput{Code: ptr("met")}}
		}), ok, "", nil},
		{"2027-07-10", reviewer, "states", both("outcome.state", func(*play) api.SaveStep {
			return api.SaveStep{Answers: statement("A good year."), Rating: &api.RatingInput{Box: ptr("exceptional")}}
		}), ok, "", nil},
		{"2027-07-12", decider, "decides", both("outcome.decide", func(*play) api.SaveStep { return decision }), ok, "", nil},
		{"2027-07-14", "hr", "approves", complete("outcome.approve"), ok, "", nil},
	}
}

func (p *play) of(key string) *play {
	p.appraisal = p.Year.Appraisal(key).ID
	return p
}

func TestAHeadIsReviewedByTheChiefExecutiveAndDecidedByTheChair(t *testing.T) {
	t.Parallel()
	p := newPlay(t).of(bw.HeadOf)
	scenes := closed(bw.HeadOf, bw.Chief, bw.Chair, "")
	p.run(scenes[:2])
	p.run([]scene{{"2027-07-11", bw.Chief, "does not decide on what she stated", complete("outcome.decide"), never, "not_your_act", nil},
		{"2027-07-12", bw.Chair, "does not rate through the grid, which is for her who recommends", both("outcome.decide", func(*play) api.SaveStep { return api.SaveStep{Rating: &api.RatingInput{Box: ptr("exceptional")}} }), 422, "no_grid_here", nil},
		{"2027-07-12", bw.Chair, "takes that back", save("outcome.decide", api.SaveStep{Rating: &api.RatingInput{}}), ok, "", nil}})
	p.run(scenes[2:])
	p.run([]scene{{"2027-07-15", bw.Chair, "no longer reaches it", read, gone, "not_found", nil}})
}

func TestHRsOwnStepsAreTakenByTheChiefExecutive(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	hired, err := p.World.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: "Una", FamilyName: "Grey", Email: ptr("una.grey@" + p.Slug + ".example"),
		Post: &api.CreatePost{UnitID: p.Units["central"], JobTitle: "HR adviser", StaffType: "support", FromOn: date("2026-09-01"), LineManagerID: ptr(p.Trust.People["kit.vale"])}})
	apitest.OK(t, hired, err)
	p.Trust.People["una.grey"], p.Emails["una.grey"] = hired.JSON201.ID, "una.grey@"+p.Slug+".example"
	enrolled, err := p.World.HR.EnrolPeopleWithResponse(t.Context(), p.CycleID, nil, api.EnrolPeople{})
	apitest.OK(t, enrolled, err)
	require.Equal(t, 1, enrolled.JSON200.Created, "enrolment runs again for a joiner")
	office, err := p.World.HR.FillOfficeWithResponse(t.Context(), nil, api.FillOffice{Code: "hr", UnitID: p.Root, PersonID: hired.JSON201.ID})
	apitest.OK(t, office, err)
	last, err := p.World.HR.EndOfficeWithResponse(t.Context(), hrOffice(p), &api.EndOfficeParams{IfMatch: `"1"`}, api.EndFrom{On: date("2026-09-02")})
	apitest.OK(t, last, err)
	p.of("una.grey")
	scenes := closed("una.grey", "kit.vale", bw.Chief, "")
	p.run(scenes[:3])
	p.run([]scene{
		{"2027-07-14", "una.grey", "does not approve her own outcome", complete("outcome.approve"), never, "not_your_act", nil},
		{"2027-07-14", bw.Chief, "approves for HR", complete("outcome.approve"), ok, "", nil},
	})
}

// hrOffice is the office of the HR person with whom the trust began.
func hrOffice(p *play) (id api.OfficeIDParam) {
	r, err := p.World.HR.ListOfficesWithResponse(p.T.Context(), nil)
	apitest.OK(p.T, r, err)
	for _, o := range r.JSON200.Items {
		if o.Code == "hr" && o.PersonID == p.World.HR.ID {
			return o.ID
		}
	}
	return id
}

func TestPayThatTheTableDoesNotCoverIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ who, reviewer, head, rating, code, step string }{
		{"priya.nair", bw.Reviewer, bw.HeadOf, "met", "pay_case_not_covered", "top_of_range"},
		{"kit.vale", bw.Chief, bw.Chair, "met", "pay_case_not_covered", "rating"},
		{"abe.stone", bw.OtherHead, bw.Chief, "met", "top_of_range_unknown", "row"},
	} {
		t.Run(c.who, func(t *testing.T) {
			t.Parallel()
			p := newPlay(t).of(c.who)
			p.T = t
			p.run(closed(c.who, c.reviewer, c.head, c.rating))
			p.run([]scene{
				{"2027-07-15", "hr", "cannot decide pay", complete("pay.decide_pay"), conflict, c.code, nil},
				{"2027-07-15", "hr", "reads why", payOutcome, ok, "", func(p *play) {
					var o api.PayOutcome
					require.NoError(p.T, json.Unmarshal(p.last.GetBody(), &o))
					require.False(p.T, o.Covered)
					require.Empty(p.T, o.Awards, "nothing is guessed")
					require.Equal(p.T, c.step, o.Working[len(o.Working)-1].Step, "it stops where the table does")
					require.NotEmpty(p.T, o.Refusals[0].Unblock.MustGet())
				}},
			})
		})
	}
}
