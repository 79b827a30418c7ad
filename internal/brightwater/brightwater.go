// Package brightwater sets up the invented Brightwater Learning Trust through the API, as its HR
// person would: units, people, priorities, policy, year and enrolment. The demo and the tests use it.
package brightwater

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/pkg/client"
)

// Name of the trust.
const Name = "Brightwater Learning Trust"

// Trust is what was set up: ids by the short names of cast.go.
type Trust struct {
	Units         map[string]uuid.UUID
	People        map[string]uuid.UUID
	Posts         map[string]uuid.UUID
	Emails        map[string]string
	Priorities    map[string]uuid.UUID // by code
	PolicyID      uuid.UUID
	PolicyVersion uuid.UUID
	CycleID       uuid.UUID
	Windows       []api.Window
}

// SetUp builds the trust as hr, whose id and address are given, with the year that starts on the
// 1 September of year, open and enrolled. domain ends everybody's address.
func SetUp(ctx context.Context, hr *client.ClientWithResponses, root uuid.UUID, domain string, year int) (*Trust, error) {
	b := newBuilder(ctx, hr, root, domain, year)
	for _, step := range []func() error{b.units, b.people, b.offices, b.plan, b.policy, b.cycle, b.enrol} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b.t, nil
}

type builder struct {
	ctx    context.Context
	hr     *client.ClientWithResponses
	t      *Trust
	domain string
	year   int
	change func(rules map[string]any) // what the trust does otherwise than the profile
}

func newBuilder(ctx context.Context, hr *client.ClientWithResponses, root uuid.UUID, domain string, year int) *builder {
	return &builder{ctx: ctx, hr: hr, domain: domain, year: year, t: &Trust{Units: map[string]uuid.UUID{"trust": root}, People: map[string]uuid.UUID{},
		Posts: map[string]uuid.UUID{}, Emails: map[string]string{}, Priorities: map[string]uuid.UUID{}}}
}

// done turns an answer into an error when it is no success.
func done(r client.Answer, err error) error {
	if err != nil {
		return err
	}
	return client.Check(r)
}

func (b *builder) day(monthDay string) schooltime.Date {
	d, err := schooltime.NextMonthDay(schooltime.NewDate(b.year, 9, 1), monthDay)
	if err != nil {
		panic(err) // the dates are written in this package
	}
	return d
}

func (b *builder) units() error {
	for _, u := range units {
		r, err := b.hr.CreateUnitWithResponse(b.ctx, nil, api.CreateUnit{ParentID: b.t.Units[u.parent], Kind: u.kind, Name: u.name})
		if err := done(r, err); err != nil {
			return err
		}
		b.t.Units[u.key] = r.JSON201.ID
	}
	return nil
}

// people are in order of line management: everybody's manager is there before them.
func (b *builder) people() error {
	for _, p := range cast {
		email := p.key + "@" + b.domain
		body := api.CreatePerson{GivenName: p.given, FamilyName: p.family, Email: &email, ExternalIds: []api.ExternalID{{System: "mis", Value: "BW-" + p.key}}}
		if p.unit != "" {
			post := b.post(p)
			body.Post = &post
		}
		r, err := b.hr.CreatePersonWithResponse(b.ctx, nil, body)
		if err := done(r, err); err != nil {
			return err
		}
		b.t.People[p.key], b.t.Emails[p.key] = r.JSON201.ID, email
		if p.unit != "" {
			if b.t.Posts[p.key], err = b.postOf(r.JSON201); err != nil {
				return err
			}
		}
	}
	return nil
}

// postOf is the one post of somebody new, who may begin later than today.
func (b *builder) postOf(p *api.Person) (uuid.UUID, error) {
	if len(p.Posts) > 0 {
		return p.Posts[0].ID, nil
	}
	r, err := b.hr.ListPostsWithResponse(b.ctx, p.ID)
	if err := done(r, err); err != nil {
		return uuid.Nil, err
	}
	return r.JSON200.Items[0].ID, nil
}

func (b *builder) post(p person) api.CreatePost {
	post := api.CreatePost{UnitID: b.t.Units[p.unit], JobTitle: p.job, StaffType: p.staff, FromOn: toDate(schooltime.NewDate(b.year-p.years, 9, 1)), Qts: &p.qts}
	if p.manager != "" {
		id := b.t.People[p.manager]
		post.LineManagerID = &id
	}
	if p.staff == "teaching" {
		main, point := "main", "M4"
		post.PayRange, post.PayPoint = &main, &point
	}
	top := p.top
	post.AtTopOfRange = &top
	switch p.fact {
	case "induction":
		from, until := toDate(schooltime.NewDate(b.year-1, 9, 1)), toDate(schooltime.NewDate(b.year+1, 8, 31))
		post.InductionStartsOn, post.InductionEndsOn = &from, &until
	case "probation":
		until := toDate(schooltime.NewDate(b.year+1, 2, 28))
		post.ProbationEndsOn = &until
	case "no_top_of_range":
		post.AtTopOfRange = nil
	}
	return post
}

func (b *builder) offices() error {
	for _, o := range offices {
		from := toDate(schooltime.NewDate(b.year-1, 9, 1))
		r, err := b.hr.FillOfficeWithResponse(b.ctx, nil, api.FillOffice{Code: o.code, UnitID: b.t.Units[o.unit], PersonID: b.t.People[o.person], FromOn: &from})
		if err := done(r, err); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) plan() error {
	for _, p := range priorities {
		body := api.CreatePriority{Code: p.code, Title: p.title}
		if p.pillar != "" {
			id := b.t.Priorities[p.pillar]
			body.ParentID = &id
		}
		r, err := b.hr.CreatePriorityWithResponse(b.ctx, nil, body)
		if err := done(r, err); err != nil {
			return err
		}
		b.t.Priorities[p.code] = r.JSON201.ID
	}
	for _, t := range bank {
		r, err := b.hr.CreateObjectiveTemplateWithResponse(b.ctx, nil, t)
		if err := done(r, err); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) policy() error {
	profile := "tsat"
	p, err := b.hr.CreatePolicyWithResponse(b.ctx, nil, api.CreatePolicy{Name: "Professional growth", Profile: &profile})
	if err := done(p, err); err != nil {
		return err
	}
	tag := tagOf(p.HTTPResponse)
	if b.change != nil {
		if tag, err = b.adjust(p.JSON201, tag); err != nil {
			return err
		}
	}
	v, err := b.hr.PublishPolicyWithResponse(b.ctx, p.JSON201.ID, &api.PublishPolicyParams{IfMatch: tag})
	if err := done(v, err); err != nil {
		return err
	}
	b.t.PolicyID, b.t.PolicyVersion = p.JSON201.ID, v.JSON201.ID
	return nil
}

// adjust saves what the trust does otherwise.
func (b *builder) adjust(p *api.Policy, tag string) (string, error) {
	if rules, ok := p.Draft["rules"].(map[string]any); ok {
		b.change(rules)
	}
	r, err := b.hr.UpdatePolicyWithResponse(b.ctx, p.ID, &api.UpdatePolicyParams{IfMatch: tag}, api.UpdatePolicy{Document: p.Draft})
	if err := done(r, err); err != nil {
		return "", err
	}
	return tagOf(r.HTTPResponse), nil
}

func (b *builder) cycle() error {
	name := schooltime.NewDate(b.year, 9, 1).String()[:4] + "-" + schooltime.NewDate(b.year+1, 9, 1).String()[2:4]
	id, windows, err := StartYear(b.ctx, b.hr, b.t.PolicyVersion, name, b.year)
	b.t.CycleID, b.t.Windows = id, windows
	return err
}

func (b *builder) enrol() error {
	r, err := b.hr.EnrolPeopleWithResponse(b.ctx, b.t.CycleID, nil, api.EnrolPeople{})
	return done(r, err)
}

// StartYear makes the cycle of a school year with its windows and pay table, and opens it.
func StartYear(ctx context.Context, hr *client.ClientWithResponses, policyVersion uuid.UUID, name string, year int) (uuid.UUID, []api.Window, error) {
	b := &builder{ctx: ctx, hr: hr, year: year}
	c, err := hr.CreateCycleWithResponse(ctx, nil, api.CreateCycle{Name: name, StartsOn: toDate(b.day("09-01")), PolicyVersionID: policyVersion})
	if err := done(c, err); err != nil {
		return uuid.Nil, nil, err
	}
	id, tag := c.JSON201.ID, c.HTTPResponse.Header.Get("ETag")
	var set []api.SetWindow
	for _, w := range windows {
		set = append(set, api.SetWindow{OpensOn: toDate(b.day(w[0])), ClosesOn: toDate(b.day(w[1]))})
	}
	w, err := hr.SetCheckInWindowsWithResponse(ctx, id, &api.SetCheckInWindowsParams{IfMatch: tag}, api.SetWindows{Items: set})
	if err := done(w, err); err != nil {
		return id, nil, err
	}
	p, err := hr.SetPayTableWithResponse(ctx, id, &api.SetPayTableParams{IfMatch: w.HTTPResponse.Header.Get("ETag")}, api.SetPayTable{Items: PayTable()})
	if err := done(p, err); err != nil {
		return id, nil, err
	}
	o, err := hr.OpenCycleWithResponse(ctx, id, &api.OpenCycleParams{IfMatch: p.HTTPResponse.Header.Get("ETag")})
	return id, w.JSON200.Items, done(o, err)
}
