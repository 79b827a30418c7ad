package httpapi_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// replay is the year of a trust that works by one of the built-in policies, acted in scenes. Its
// people are the six of apitest.Process, HR, and whoever joins; its policy comes from the profile
// by the API, as a trust's own HR would make it.
type replay struct {
	*apitest.Process
	who    *apitest.Person // on stage
	last   client.Answer
	ids    map[string]uuid.UUID // what the scenes made, by names of their own
	joined map[string]*apitest.Person
	before map[string]string // deadlines that an earlier scene saw
}

// replayScene is one step of the year: on a day, somebody does something, and this comes of it.
// Code is that of the refusal where one is expected; an empty day is the one before.
type replayScene struct {
	on, who, does string
	do            func(*replay) (client.Answer, error)
	status        int
	code          string
	then          func(*replay)
}

// newReplay is a trust with its six people and nothing else, on a school day before its year.
func newReplay(t *testing.T, day string, post func(string, *api.CreatePost)) *replay {
	t.Helper()
	return &replay{Process: apitest.NewProcess(t, apitest.ProcessSetup{Day: day, Bare: true, Post: post}),
		ids: map[string]uuid.UUID{}, joined: map[string]*apitest.Person{}}
}

// As is somebody of the replay, ready to sign in.
func (r *replay) As(key string) *apitest.Person {
	if p := r.joined[key]; p != nil {
		return p
	}
	return r.Process.As(key)
}

// join adds somebody to the trust, whom the scenes call by the key.
func (r *replay) join(key string, body api.CreatePerson) *apitest.Person {
	r.T.Helper()
	require.NotContains(r.T, r.joined, key)
	r.joined[key] = r.Invited(body)
	return r.joined[key]
}

// adopt makes the trust's policy from a built-in profile: it is created from it, what the profile
// leaves to the trust is filled, by the path of the parameter, and it is checked and published. A
// value that is a func(any) any changes what the draft has there. An entry of fill that the profile
// does not ask for is a choice that the trust makes beside.
func (r *replay) adopt(profile string, fill map[string]any) {
	r.T.Helper()
	ctx, hr := r.T.Context(), r.World.HR
	offered, err := hr.GetPolicyProfileWithResponse(ctx, profile, nil)
	apitest.OK(r.T, offered, err)
	for _, f := range offered.JSON200.ToFill {
		for _, path := range f.Paths {
			require.Contains(r.T, fill, strings.TrimPrefix(path, "rules."), "the profile leaves it to the trust: %s", f.Message)
		}
	}
	made, err := hr.CreatePolicyWithResponse(ctx, nil, api.CreatePolicy{Name: "Our year", Profile: &profile})
	apitest.OK(r.T, made, err)
	require.Equal(r.T, offered.JSON200.ToFill, made.JSON201.Findings, "the draft still says what is to fill")
	r.PolicyID = made.JSON201.ID
	r.publish(made.JSON201.Draft, made.JSON201.Version, fill)
}

// publish saves a draft with the values, which leaves nothing to fill, and publishes it.
func (r *replay) publish(draft map[string]any, version int, fill map[string]any) {
	r.T.Helper()
	ctx, hr := r.T.Context(), r.World.HR
	for path, value := range fill {
		setAt(draft, "rules."+path, value)
	}
	saved, err := hr.UpdatePolicyWithResponse(ctx, r.PolicyID, &api.UpdatePolicyParams{IfMatch: etag(version)}, api.UpdatePolicy{Document: draft})
	apitest.OK(r.T, saved, err)
	checked, err := hr.ValidatePolicyWithResponse(ctx, r.PolicyID)
	apitest.OK(r.T, checked, err)
	for _, f := range checked.JSON200.Findings {
		require.Fail(r.T, "something is left to fill", "%s %s: %s", f.Severity, f.Paths, f.Message)
	}
	v, err := hr.PublishPolicyWithResponse(ctx, r.PolicyID, &api.PublishPolicyParams{IfMatch: etag(saved.JSON200.Version)})
	apitest.OK(r.T, v, err)
	r.PolicyVersion = v.JSON201.ID
}

// setAt sets a value of a document at a path of names, or changes it where it is a function.
func setAt(document map[string]any, path string, value any) {
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		if _, ok := document[name].(map[string]any); !ok {
			document[name] = map[string]any{}
		}
		document = document[name].(map[string]any)
	}
	last := names[len(names)-1]
	if change, ok := value.(func(any) any); ok {
		value = change(document[last])
	}
	document[last] = value
}

// draftYear makes the cycle of the published policy, which the scenes then act in.
func (r *replay) draftYear(name, starts string) api.Cycle {
	r.T.Helper()
	c, err := r.World.HR.CreateCycleWithResponse(r.T.Context(), nil, api.CreateCycle{Name: name, StartsOn: apitest.Day(starts), PolicyVersionID: r.PolicyVersion})
	apitest.OK(r.T, c, err)
	r.CycleID = c.JSON201.ID
	return *c.JSON201
}

// openYear opens the cycle and enrols everybody whom the policy takes in.
func (r *replay) openYear() api.EnrolmentResult {
	r.T.Helper()
	ctx, hr := r.T.Context(), r.World.HR
	c, err := hr.GetCycleWithResponse(ctx, r.CycleID)
	apitest.OK(r.T, c, err)
	o, err := hr.OpenCycleWithResponse(ctx, r.CycleID, &api.OpenCycleParams{IfMatch: etag(c.JSON200.Version)})
	apitest.OK(r.T, o, err)
	e, err := hr.EnrolPeopleWithResponse(ctx, r.CycleID, nil, api.EnrolPeople{})
	apitest.OK(r.T, e, err)
	return *e.JSON200
}

// run acts the scenes in their order.
func (r *replay) run(scenes []replayScene) {
	r.T.Helper()
	for i, s := range scenes {
		name := fmt.Sprintf("%d: on %s %s %s", i+1, s.on, s.who, s.does)
		if s.on != "" {
			r.On(s.on)
		}
		r.who = r.As(s.who)
		answer, err := s.do(r)
		require.NoError(r.T, err, name)
		require.Equal(r.T, s.status, answer.StatusCode(), "%s: %s", name, answer.GetBody())
		r.last = answer
		if s.code != "" {
			require.Equal(r.T, s.code, refusalHere(r).Code, "%s: %s", name, answer.GetBody())
		}
		if s.then != nil {
			s.then(r)
		}
		if r.T.Failed() {
			r.T.Fatalf("in scene %s", name)
		}
	}
}

// year is somebody's appraisal in the cycle, as they see it.
func (r *replay) year(key string) api.Appraisal {
	r.T.Helper()
	p := r.As(key)
	list, err := p.ListAppraisalsWithResponse(r.T.Context(), &api.ListAppraisalsParams{CycleID: &r.CycleID, PersonID: &p.ID})
	apitest.OK(r.T, list, err)
	require.Len(r.T, list.JSON200.Items, 1, "%s has one appraisal in the cycle", key)
	return list.JSON200.Items[0]
}

// replayed is the last answer's body.
func replayed[T any](r *replay) (v T) {
	r.T.Helper()
	require.NoError(r.T, json.Unmarshal(r.last.GetBody(), &v))
	return v
}

func refusalHere(r *replay) api.Problem { return replayed[api.Problem](r) }

// citing holds the last refusal to the parameter of the policy behind it.
func citing(parameter string) func(*replay) {
	return func(r *replay) {
		r.T.Helper()
		var cited []string
		for _, refusal := range refusalHere(r).Refusals {
			if p, err := refusal.Policy.Get(); err == nil {
				cited = append(cited, p.Parameter)
			}
		}
		require.True(r.T, slices.Contains(cited, parameter), "%s is not cited: %s", parameter, r.last.GetBody())
	}
}
