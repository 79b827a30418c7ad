package httpapi_test

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// placeOf is how a post stands in the enrolment of a process, as HR sees it.
func placeOf(p *apitest.Process, post uuid.UUID) api.Enrolment {
	p.T.Helper()
	return placeIn(p, p.CycleID, post)
}

func placeIn(p *apitest.Process, cycle, post uuid.UUID) api.Enrolment {
	p.T.Helper()
	r, err := p.World.HR.PreviewEnrolmentWithResponse(p.T.Context(), cycle, nil)
	apitest.OK(p.T, r, err)
	for _, e := range r.JSON200.Items {
		if e.PostID == post {
			return e
		}
	}
	return api.Enrolment{}
}

// inOrOut says in a word whether a post is in, or why it is not.
func inOrOut(e api.Enrolment) string {
	if why, err := e.Reason.Get(); err == nil && !e.Included {
		return why.Code
	}
	return map[bool]string{true: "in", false: "not in the plan"}[e.Included]
}

// reviewing names who reviews by the plan, the lead first, and what is missing.
func reviewing(e api.Enrolment) string {
	var out []string
	if lead, err := e.Reviewer.Get(); err == nil {
		out = append(out, lead.DisplayName)
	}
	for _, c := range e.Panel {
		out = append(out, c.DisplayName)
	}
	for _, m := range e.MissingSeats {
		out = append(out, m.Party+" "+m.Code)
	}
	if len(out) == 0 {
		return "nobody"
	}
	return strings.Join(out, ", ")
}

// refusalOf is the status of an answer, and what was refused by which parameter.
func refusalOf(p *apitest.Process, r client.Answer, err error) string {
	p.T.Helper()
	if err != nil {
		p.T.Fatal(err)
	}
	problem, ok := client.Check(r).(*client.ProblemError)
	if !ok {
		return "done"
	}
	out := fmt.Sprintf("%d %s", problem.Status, problem.Code)
	if len(problem.Refusals) > 0 {
		if by, err := problem.Refusals[0].Policy.Get(); err == nil {
			out += " " + by.Parameter
		}
	}
	return out
}

// forAda sets up ada's post.
func forAda(change func(*api.CreatePost)) apitest.ProcessSetup {
	return apitest.ProcessSetup{Post: func(key string, post *api.CreatePost) {
		if key == "ada" {
			change(post)
		}
	}}
}

var shortContract = forAda(func(post *api.CreatePost) {
	post.Contract, post.ContractEndsOn = ptr(api.CreatePostContractFixedTerm), ptr(apitest.Day("2027-03-31"))
})

func adasReviewer(p *apitest.Process) string { return reviewing(placeOf(p, p.Posts["ada"])) }

func init() {
	leafTables["cycle"], leafTables["population"], leafTables["reviewers"] = cycleLeaves, populationLeaves, reviewerLeaves
}

// cycleLeaves are what a policy says of a year's dates.
var cycleLeaves = []leafRow{
	{path: "cycle.starts_on", a: `"09-01"`, b: `"01-01"`, probe: func(p *apitest.Process) string {
		r, err := p.World.HR.CreateCycleWithResponse(p.T.Context(), nil, api.CreateCycle{Name: "Next", PolicyVersionID: p.PolicyVersion})
		apitest.OK(p.T, r, err)
		return r.JSON201.StartsOn.String()
	}, wantA: "2026-09-01", wantB: "2027-01-01"},
	{path: "cycle.length_months", a: `12`, b: `11`, probe: func(p *apitest.Process) string {
		r, err := p.World.HR.GetCycleWithResponse(p.T.Context(), p.CycleID)
		apitest.OK(p.T, r, err)
		return r.JSON200.EndsOn.String()
	}, wantA: "2027-08-31", wantB: "2027-07-31"},
	{path: "cycle.backstop", a: `{"anchor":"cycle_end","month_day":"12-01"}`, b: `{"anchor":"cycle_end","month_day":"12-18"}`, probe: func(p *apitest.Process) string {
		r, err := p.World.HR.ListCycleDatesWithResponse(p.T.Context(), p.CycleID, nil)
		apitest.OK(p.T, r, err)
		return r.JSON200.Items[len(r.JSON200.Items)-1].DueOn.String()
	}, wantA: "2027-12-01", wantB: "2027-12-18"},
}

// populationLeaves are who is in a year, and for how long.
var populationLeaves = []leafRow{
	{path: "population.groups", a: `[{"code":"staff","label":"Staff","when":{}}]`, b: `[{"code":"colleagues","label":"Colleagues","when":{}}]`,
		probe: func(p *apitest.Process) string { return p.Appraisal("ada").StaffGroup.Code }, wantA: "staff", wantB: "colleagues"},
	{path: "population.exclusions", a: `[]`, b: `[{"code":"probation","label":"On probation","when":{"fact":"on_probation","op":"is","value":true},"effect":"exclude","until":"probation_ends_on"}]`,
		setup: forAda(func(post *api.CreatePost) { post.ProbationEndsOn = ptr(apitest.Day("2027-01-10")) }),
		probe: func(p *apitest.Process) string { return inOrOut(placeOf(p, p.Posts["ada"])) }, wantA: "in", wantB: "probation"},
	{path: "population.contract_period", a: `"shorten"`, b: `"whole"`, setup: shortContract,
		probe: func(p *apitest.Process) string { return p.Appraisal("ada").EndsOn.String() }, wantA: "2027-03-31", wantB: "2027-08-31"},
	{path: "population.shortest_months", a: `7`, b: `8`, setup: shortContract,
		probe: func(p *apitest.Process) string { return inOrOut(placeOf(p, p.Posts["ada"])) }, wantA: "in", wantB: "too_short"},
	{path: "population.several_posts", a: `"each"`, b: `"main"`, setup: apitest.ProcessSetup{Before: withSecondPost}, probe: func(p *apitest.Process) string {
		e := placeOf(p, p.Posts["ada's second"])
		if by, err := e.CoveredByPostID.Get(); err == nil && by == p.Posts["ada"] {
			return inOrOut(e) + " of the greater share"
		}
		return inOrOut(e)
	}, wantA: "in", wantB: "covered_by_other_post of the greater share"},
	{path: "population.prior_year_review", a: `"not_required"`, b: `"required"`, setup: forAda(func(post *api.CreatePost) { post.FromOn = apitest.Day("2026-09-01") }),
		probe: func(p *apitest.Process) string {
			var codes []string
			for _, key := range []string{"ada", "dov"} { // dov has been there for years
				for _, r := range p.Appraisal(key).Remarks {
					codes = append(codes, key+" "+r.Code)
				}
			}
			return strings.Join(codes, ", ")
		}, wantA: "", wantB: "ada prior_year_review"},
}

// reviewerLeaves are who reviews whom.
var reviewerLeaves = []leafRow{
	{path: "reviewers.default", a: `"line_manager"`, b: `"appointed"`, probe: adasReviewer, wantA: "Ben Reed", wantB: "nobody"},
	{path: "reviewers.appointments", a: `[]`, b: `[{"code":"teachers","label":"Teachers","when":{"fact":"staff_type","op":"is","value":"teaching"},"seats":["head","line_manager","office:adviser"]}]`,
		probe: adasReviewer, wantA: "Ben Reed", wantB: "Cho Lark, Ben Reed, office:adviser office_empty"},
	{path: "reviewers.appointed_by", a: `["head","hr"]`, b: `["hr"]`, probe: func(p *apitest.Process) string {
		a := p.Appraisal("ada")
		r, err := p.As("cho").HandOverAppraisalWithResponse(p.T.Context(), a.ID, &api.HandOverAppraisalParams{IfMatch: etag(a.Version)}, api.HandOver{ReviewerID: p.As("eve").ID})
		return refusalOf(p, r, err)
	}, wantA: "done", wantB: "403 not_your_act reviewers.appointed_by"},
	{path: "reviewers.may_review", a: `{}`, b: `{"fact":"tags","op":"has","value":"trained"}`, probe: func(p *apitest.Process) string {
		a := p.Appraisal("ada")
		r, err := p.World.HR.HandOverAppraisalWithResponse(p.T.Context(), a.ID, &api.HandOverAppraisalParams{IfMatch: etag(a.Version)}, api.HandOver{ReviewerID: p.As("cho").ID})
		return reviewing(placeOf(p, p.Posts["dov"])) + "; " + refusalOf(p, r, err)
	}, wantA: "Ben Reed; done", wantB: "line_manager may_not_review; 409 may_not_review reviewers.may_review"},
	{path: "reviewers.on_change", a: `"outgoing_closes_last_year"`, b: `"incoming_takes_over"`, probe: func(p *apitest.Process) string {
		p.On("2027-09-06")
		post, err := p.World.HR.GetPostWithResponse(p.T.Context(), p.Posts["ada"])
		apitest.OK(p.T, post, err)
		r, err := p.World.HR.SetLineManagerWithResponse(p.T.Context(), p.Posts["ada"], &api.SetLineManagerParams{IfMatch: etag(post.JSON200.Version)}, api.SetLineManager{ManagerID: p.As("cho").ID})
		apitest.OK(p.T, r, err)
		return strings.Join(sitting(p, p.Appraisal("ada"), "2027-09-06"), ", ")
	}, wantA: "ben review lead", wantB: "cho review lead"},
}

// withSecondPost gives ada a second post with a smaller share of full time.
func withSecondPost(p *apitest.Process) {
	p.T.Helper()
	r, err := p.World.HR.CreatePostWithResponse(p.T.Context(), p.As("ada").ID, nil, api.CreatePost{UnitID: p.School, JobTitle: "Librarian", StaffType: "support",
		FromOn: apitest.Day("2023-09-01"), Fte: ptr("0.2"), LineManagerID: ptr(p.As("ben").ID)})
	apitest.OK(p.T, r, err)
	p.Posts["ada's second"] = r.JSON201.ID
}

// sitting lists who has a seat on a day, as "key duty", with lead behind whoever leads.
func sitting(p *apitest.Process, a api.Appraisal, day string) []string {
	var out []string
	for _, s := range a.Seats {
		until, err := s.UntilOn.Get()
		if s.FromOn.String() > day || err == nil && until.String() <= day {
			continue
		}
		name := s.PersonID.String()
		for _, key := range []string{"ada", "ben", "cho", "dov", "eve", "fay"} {
			if p.As(key).ID == s.PersonID {
				name = key
			}
		}
		line := name + " " + string(s.Duty)
		if s.Lead {
			line += " lead"
		}
		out = append(out, line)
	}
	return out
}
