package apitest

import (
	"strings"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"
	"github.com/stretchr/testify/require"

	"testing"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Process is a small trust whose year runs on a policy of the test's own. Cast: ada teaches, ben
// line-manages her and dov, cho is head of their school and manages ben, eve is chief executive, fay
// chairs the board and has no post; the world's HR person keeps the record.
type Process struct {
	*World
	School        uuid.UUID
	PolicyID      uuid.UUID
	PolicyVersion uuid.UUID
	CycleID       uuid.UUID
	Windows       []api.Window
	Posts         map[string]uuid.UUID
	cast          map[string]*Person
}

// ProcessSetup is what a test wants of a Process. Zero fields take the usual.
type ProcessSetup struct {
	Document map[string]any                // the policy; nil: the model
	Day      string                        // the school day on which the year is opened; 2026-09-01 when empty
	Windows  [][2]string                   // check-in windows; one in November when nil
	Post     func(string, *api.CreatePost) // changes somebody's post before it is made
	Before   func(*Process)                // runs when everybody is there and nothing is published yet
	Draft    bool                          // leave the cycle a draft, with nobody enrolled
	Bare     bool                          // stop when everybody is there: no policy, and no year
}

type member struct{ key, given, family, job, staff, manager, unit string }

var members = []member{
	{key: "fay", given: "Fay", family: "Moss"},
	{"eve", "Eve", "Tarn", "Chief executive", "central", "fay", "trust"},
	{"cho", "Cho", "Lark", "Headteacher", "teaching", "eve", "school"},
	{"ben", "Ben", "Reed", "Head of science", "teaching", "cho", "school"},
	{"ada", "Ada", "Finch", "Teacher of science", "teaching", "ben", "school"},
	{"dov", "Dov", "Pike", "Technician", "support", "ben", "school"},
}

// NewProcess sets the trust up through the API: people, offices, policy, an open year from
// 1 September 2026, and everybody enrolled whom the policy takes in.
func NewProcess(t testing.TB, s ProcessSetup) *Process {
	t.Helper()
	if s.Day == "" {
		s.Day = "2026-09-01"
	}
	if s.Windows == nil {
		s.Windows = [][2]string{{"2026-11-02", "2026-11-06"}}
	}
	if s.Document == nil {
		s.Document = map[string]any{"schema": 1, "profile": "model"}
	}
	p := &Process{World: NewWorld(t, s.Day), Posts: map[string]uuid.UUID{}, cast: map[string]*Person{}}
	p.people(s)
	if s.Before != nil {
		s.Before(p)
	}
	if s.Bare {
		return p
	}
	p.PolicyID, p.PolicyVersion = p.Publish(s.Document)
	p.CycleID = p.draftCycle(s)
	if !s.Draft {
		p.open()
	}
	return p
}

// As is somebody of the cast, ready to sign in.
func (p *Process) As(key string) *Person {
	p.T.Helper()
	if key == "hr" {
		return p.World.HR
	}
	require.Contains(p.T, p.cast, key)
	return p.cast[key]
}

func (p *Process) people(s ProcessSetup) {
	p.T.Helper()
	ctx := p.T.Context()
	u, err := p.World.HR.CreateUnitWithResponse(ctx, nil, api.CreateUnit{ParentID: p.Root, Kind: "school", Name: "Harbour School"})
	OK(p.T, u, err)
	p.School = u.JSON201.ID
	units := map[string]uuid.UUID{"trust": p.Root, "school": p.School}
	for _, m := range members {
		email := m.key + "@" + p.Slug + ".example"
		body := api.CreatePerson{GivenName: m.given, FamilyName: m.family, Email: &email}
		if m.unit != "" {
			post := api.CreatePost{UnitID: units[m.unit], JobTitle: m.job, StaffType: m.staff, FromOn: Day("2024-09-01"), LineManagerID: &p.cast[m.manager].ID}
			if s.Post != nil {
				s.Post(m.key, &post)
			}
			body.Post = &post
		}
		r, err := p.World.HR.CreatePersonWithResponse(ctx, nil, body)
		OK(p.T, r, err)
		p.cast[m.key] = p.person(r.JSON201.ID, m.given, email)
		if m.unit != "" {
			p.Posts[m.key] = r.JSON201.Posts[0].ID
		}
	}
	from := Day("2024-09-01")
	for _, o := range []struct {
		code string
		unit uuid.UUID
		who  string
	}{{"chair", p.Root, "fay"}, {"ceo", p.Root, "eve"}, {"head", p.School, "cho"}} {
		r, err := p.World.HR.FillOfficeWithResponse(ctx, nil, api.FillOffice{Code: o.code, UnitID: o.unit, PersonID: p.cast[o.who].ID, FromOn: &from})
		OK(p.T, r, err)
	}
}

// Publish makes a policy of a document and publishes it.
func (p *Process) Publish(document map[string]any) (policy, version uuid.UUID) {
	p.T.Helper()
	ctx, name := p.T.Context(), "Our year"
	c, err := p.World.HR.CreatePolicyWithResponse(ctx, nil, api.CreatePolicy{Name: name, Document: document})
	OK(p.T, c, err)
	v, err := p.World.HR.PublishPolicyWithResponse(ctx, c.JSON201.ID, &api.PublishPolicyParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	OK(p.T, v, err)
	return c.JSON201.ID, v.JSON201.ID
}

func (p *Process) draftCycle(s ProcessSetup) uuid.UUID {
	p.T.Helper()
	ctx := p.T.Context()
	c, err := p.World.HR.CreateCycleWithResponse(ctx, nil, api.CreateCycle{Name: "2026-27", StartsOn: Day("2026-09-01"), PolicyVersionID: p.PolicyVersion})
	OK(p.T, c, err)
	if len(s.Windows) > 0 {
		var set []api.SetWindow
		for _, w := range s.Windows {
			set = append(set, api.SetWindow{OpensOn: Day(w[0]), ClosesOn: Day(w[1])})
		}
		w, err := p.World.HR.SetCheckInWindowsWithResponse(ctx, c.JSON201.ID, &api.SetCheckInWindowsParams{IfMatch: c.HTTPResponse.Header.Get("ETag")}, api.SetWindows{Items: set})
		OK(p.T, w, err)
		p.Windows = w.JSON200.Items
	}
	return c.JSON201.ID
}

func (p *Process) open() {
	p.T.Helper()
	ctx := p.T.Context()
	c, err := p.World.HR.GetCycleWithResponse(ctx, p.CycleID)
	OK(p.T, c, err)
	o, err := p.World.HR.OpenCycleWithResponse(ctx, p.CycleID, &api.OpenCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	OK(p.T, o, err)
	e, err := p.World.HR.EnrolPeopleWithResponse(ctx, p.CycleID, nil, api.EnrolPeople{})
	OK(p.T, e, err)
}

// Appraisal is somebody's appraisal in the cycle, as they see it.
func (p *Process) Appraisal(key string) api.Appraisal {
	p.T.Helper()
	id := p.As(key).ID
	r, err := p.As(key).ListAppraisalsWithResponse(p.T.Context(), &api.ListAppraisalsParams{CycleID: &p.CycleID, PersonID: &id})
	OK(p.T, r, err)
	require.Len(p.T, r.JSON200.Items, 1, "%s has one appraisal in the cycle", key)
	return r.JSON200.Items[0]
}

// Day is a day of the contract, from text such as 2026-09-01.
func Day(s string) openapi_types.Date {
	return openapi_types.Date{Time: schooltime.MustDate(strings.TrimSpace(s)).Time()}
}
