package httpapi_test

import (
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// deed is what somebody does in a scene.
type deed = func(*replay) (client.Answer, error)

// aim is an objective of a replay, by the name that its scenes give it.
type aim string

// now is the objective as HR reads it, who reaches every one of the trust.
func (a aim) now(r *replay) api.Objective {
	r.T.Helper()
	require.Contains(r.T, r.ids, string(a))
	o, err := r.World.HR.GetObjectiveWithResponse(r.T.Context(), r.ids[string(a)])
	apitest.OK(r.T, o, err)
	return *o.JSON200
}

// on runs a command on the objective as it stands.
func (a aim) on(command func(r *replay, id uuid.UUID, tag string) (client.Answer, error)) deed {
	return func(r *replay) (client.Answer, error) {
		return command(r, r.ids[string(a)], etag(a.now(r).Version))
	}
}

// drafted drafts it for somebody. The content is made when the scene is acted, for it may link to
// what earlier scenes have made.
func (a aim) drafted(whose, slot string, content func(*replay) api.ObjectiveContent) deed {
	return func(r *replay) (client.Answer, error) {
		o, err := r.who.CreateObjectiveWithResponse(r.T.Context(), nil, api.CreateObjective{AppraisalID: r.year(whose).ID, Slot: slot, Content: content(r)})
		if err == nil && o.JSON201 != nil {
			r.ids[string(a)] = o.JSON201.ID
		}
		return o, err
	}
}

func (a aim) read() deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetObjectiveWithResponse(r.T.Context(), r.ids[string(a)])
	}
}

func (a aim) rewritten(content func(*replay) api.ObjectiveContent) deed {
	return a.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ReplaceObjectiveWithResponse(r.T.Context(), id, &api.ReplaceObjectiveParams{IfMatch: tag}, content(r))
	})
}

func (a aim) proposed() deed {
	return a.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ProposeObjectiveWithResponse(r.T.Context(), id, &api.ProposeObjectiveParams{IfMatch: tag}, api.ProposeObjective{})
	})
}

func (a aim) signed() deed {
	return a.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ApproveObjectiveWithResponse(r.T.Context(), id, &api.ApproveObjectiveParams{IfMatch: tag})
	})
}

func (a aim) sentBack(remark string) deed {
	return a.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.RequestObjectiveChangesWithResponse(r.T.Context(), id, &api.RequestObjectiveChangesParams{IfMatch: tag}, api.RequestChanges{Remark: remark})
	})
}

func (a aim) handedOn() deed {
	return a.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.EscalateObjectiveWithResponse(r.T.Context(), id, &api.EscalateObjectiveParams{IfMatch: tag}, api.RequestChanges{Remark: "We do not agree."})
	})
}

// determined settles a disagreement on the version that was proposed.
func (a aim) determined(remark string) deed {
	return a.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.DetermineObjectiveWithResponse(r.T.Context(), id, &api.DetermineObjectiveParams{IfMatch: tag}, api.DetermineObjective{Remark: remark})
	})
}

func (a aim) amended(content func(*replay) api.ObjectiveContent) deed {
	return a.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.AmendObjectiveWithResponse(r.T.Context(), id, &api.AmendObjectiveParams{IfMatch: tag}, content(r))
	})
}

// talk is a meeting of a replay, by the name that its scenes give it.
type talk string

// as is the meeting as the party reads it who is on stage.
func (m talk) as(r *replay) api.Meeting {
	r.T.Helper()
	got, err := r.who.GetMeetingWithResponse(r.T.Context(), r.ids[string(m)])
	apitest.OK(r.T, got, err)
	return *got.JSON200
}

func (m talk) arranged(whose, plan, at string) deed {
	return func(r *replay) (client.Answer, error) {
		begins := apitest.Day(at).Add(15*time.Hour + 30*time.Minute)
		got, err := r.who.ScheduleMeetingWithResponse(r.T.Context(), nil, api.ScheduleMeeting{AppraisalID: r.year(whose).ID, PlanCode: plan, ScheduledAt: begins})
		if err == nil && got.JSON201 != nil {
			r.ids[string(m)] = got.JSON201.ID
		}
		return got, err
	}
}

func (m talk) read() deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetMeetingWithResponse(r.T.Context(), r.ids[string(m)])
	}
}

// written saves the record of a meeting that was held on a day.
func (m talk) written(held string, answers func(*replay) map[string]any) deed {
	return func(r *replay) (client.Answer, error) {
		on := apitest.Day(held)
		return r.who.SaveMeetingWithResponse(r.T.Context(), r.ids[string(m)], &api.SaveMeetingParams{IfMatch: etag(m.as(r).Version)}, api.SaveMeeting{HeldOn: &on, Answers: answers(r)})
	}
}

func (m talk) shared() deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.CompleteMeetingWithResponse(r.T.Context(), r.ids[string(m)], &api.CompleteMeetingParams{IfMatch: etag(m.as(r).Version)})
	}
}

func (m talk) answered(text string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.RespondToMeetingWithResponse(r.T.Context(), r.ids[string(m)], &api.RespondToMeetingParams{IfMatch: etag(m.as(r).Version)}, api.RespondToMeeting{Answer: text})
	}
}

// minutedBy names who takes notes at the meeting.
func (m talk) minutedBy(key string) deed {
	return func(r *replay) (client.Answer, error) {
		var body api.NameNoteTaker
		body.PersonID.Set(r.As(key).ID)
		return r.who.NameNoteTakerWithResponse(r.T.Context(), r.ids[string(m)], &api.NameNoteTakerParams{IfMatch: etag(m.as(r).Version)}, body)
	}
}

// reviews names who reviews somebody from today on, with a panel beside.
func reviews(whose, lead string, others ...string) deed {
	return func(r *replay) (client.Answer, error) {
		body := api.HandOver{ReviewerID: r.As(lead).ID}
		for _, o := range others {
			body.PanelIds = append(body.PanelIds, r.As(o).ID)
		}
		a := r.year(whose)
		return r.who.HandOverAppraisalWithResponse(r.T.Context(), a.ID, &api.HandOverAppraisalParams{IfMatch: etag(a.Version)}, body)
	}
}

// unreviewed lists the years in reach that nobody reviews.
func unreviewed(r *replay) (client.Answer, error) {
	return r.who.ListAppraisalsWithResponse(r.T.Context(), &api.ListAppraisalsParams{CycleID: &r.CycleID, WithoutReviewer: ptr(true)})
}

// enrolment is how the post of somebody stands in the year, as whoever is on stage sees it.
func (r *replay) enrolment(key string) api.Enrolment {
	r.T.Helper()
	plan, err := r.who.PreviewEnrolmentWithResponse(r.T.Context(), r.CycleID, nil)
	apitest.OK(r.T, plan, err)
	for _, e := range plan.JSON200.Items {
		if e.Person.ID == r.As(key).ID {
			return e
		}
	}
	require.Fail(r.T, "no such post", "%s", key)
	return api.Enrolment{}
}

// due is the deadline of each step and meeting of somebody's year, and of their objectives, with
// when a step opens.
func (r *replay) due(whose string) map[string]string {
	r.T.Helper()
	a, out := r.year(whose), map[string]string{}
	if next, err := a.Next.Get(); err == nil && a.Stage == api.AppraisalStageSetting {
		out["objectives"] = next.DueOn.MustGet().String()
	}
	plan, err := r.As(whose).ListPlannedMeetingsWithResponse(r.T.Context(), a.ID)
	apitest.OK(r.T, plan, err)
	for _, m := range plan.JSON200.Items {
		out[m.Plan.Code] = m.DueOn.MustGet().String()
	}
	steps, err := r.As(whose).ListStepsWithResponse(r.T.Context(), a.ID)
	apitest.OK(r.T, steps, err)
	for _, s := range steps.JSON200.Items {
		out[s.Step] = s.DueOn.MustGet().String()
		if opens, err := s.OpensOn.Get(); err == nil {
			out[s.Step+" opens"] = opens.String()
		}
	}
	return out
}

// waiting is what waits for somebody: how much of each kind.
func (r *replay) waiting(key string) map[string]int {
	r.T.Helper()
	me, err := r.As(key).GetMeWithResponse(r.T.Context())
	apitest.OK(r.T, me, err)
	out := map[string]int{}
	for _, w := range me.JSON200.Waiting {
		out[w.Kind] += w.Count
	}
	return out
}
