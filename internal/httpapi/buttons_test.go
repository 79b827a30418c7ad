package httpapi_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/pkg/client"
)

const probe = "probe" // the name under which a play keeps the objective of the moment

// states lead an objective from its draft to each status of approval.
var states = map[objective.Approval][]scene{
	objective.Draft:            {},
	objective.Proposed:         {{"", tom, "proposes", propose(probe), ok, "", nil}},
	objective.ChangesRequested: {{"", tom, "proposes", propose(probe), ok, "", nil}, {"", ines, "asks for changes", requestChanges(probe), ok, "", nil}},
	objective.Escalated:        {{"", tom, "proposes", propose(probe), ok, "", nil}, {"", ines, "hands on", escalate(probe), ok, "", nil}},
	objective.Agreed:           {{"", tom, "proposes", propose(probe), ok, "", nil}, {"", ines, "agrees", approve(probe), ok, "", nil}},
	objective.Amending: {{"", tom, "proposes", propose(probe), ok, "", nil}, {"", ines, "agrees", approve(probe), ok, "", nil},
		{"", tom, "starts a change", amend(probe, "Changed"), ok, "", nil}},
	objective.Withdrawn: {{"", tom, "proposes", propose(probe), ok, "", nil}, {"", ines, "agrees", approve(probe), ok, "", nil}, {"", tom, "withdraws", withdraw(probe), ok, "", nil}},
}

// commands are what each action of an objective does.
var commands = map[string]func(*play) (client.Answer, error){
	"edit": func(p *play) (client.Answer, error) {
		return p.who.ReplaceObjectiveWithResponse(p.T.Context(), p.objectives[probe], &api.ReplaceObjectiveParams{IfMatch: p.tag(probe)}, p.content("Edited"))
	},
	"propose": propose(probe), "approve": approve(probe), "request_changes": requestChanges(probe), "escalate": escalate(probe),
	"determine": func(p *play) (client.Answer, error) {
		return p.who.DetermineObjectiveWithResponse(p.T.Context(), p.objectives[probe], &api.DetermineObjectiveParams{IfMatch: p.tag(probe)}, api.DetermineObjective{Remark: "As proposed."})
	},
	"amend": amend(probe, "Changed again"),
	"discard": func(p *play) (client.Answer, error) {
		return p.who.DiscardAmendmentWithResponse(p.T.Context(), p.objectives[probe], &api.DiscardAmendmentParams{IfMatch: p.tag(probe)})
	},
	"complete": finish(probe, "Help a colleague."), "withdraw": withdraw(probe),
	"reopen": func(p *play) (client.Answer, error) {
		return p.who.ReopenObjectiveWithResponse(p.T.Context(), p.objectives[probe], &api.ReopenObjectiveParams{IfMatch: p.tag(probe)})
	},
	"validate": func(p *play) (client.Answer, error) {
		return p.who.ValidateObjectiveWithResponse(p.T.Context(), p.objectives[probe], &api.ValidateObjectiveParams{IfMatch: p.tag(probe)}, api.ValidateObjective{Agree: true})
	},
	"set_progress": func(p *play) (client.Answer, error) {
		return p.who.SetObjectiveProgressWithResponse(p.T.Context(), p.objectives[probe], &api.SetObjectiveProgressParams{IfMatch: p.tag(probe)}, api.SetObjectiveProgress{Progress: 40})
	},
	"delete": func(p *play) (client.Answer, error) {
		return p.who.DeleteObjectiveWithResponse(p.T.Context(), p.objectives[probe], &api.DeleteObjectiveParams{IfMatch: p.tag(probe)})
	},
}

func withdraw(slot string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return p.who.WithdrawObjectiveWithResponse(p.T.Context(), p.objectives[slot], &api.WithdrawObjectiveParams{IfMatch: p.tag(slot)}, api.RequestChanges{Remark: "It no longer fits."})
	}
}

// reachState makes a further objective and leads it to the status.
func (p *play) reachState(state objective.Approval) {
	p.run([]scene{{"", tom, "drafts", func(p *play) (client.Answer, error) {
		r, err := p.draft(objective.ExtraSlot, "A further one")
		p.objectives[probe] = p.objectives[objective.ExtraSlot]
		return r, err
	}, created, "", nil}})
	p.run(states[state])
	require.Equal(p.T, api.ObjectiveApproval(state), p.objective(probe).Approval)
}

// Every status × every action × both parties and whoever determines: the command does exactly what
// allowed_actions says, and refuses with the very reasons that it shows.
func TestAButtonAndItsRefusalNeverDisagree(t *testing.T) {
	t.Parallel()
	require.Len(t, states, len(objective.ApprovalLifecycle), "a status is missing here")
	for state := range states {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			p := newPlay(t)
			for _, who := range []string{tom, ines, dev} {
				if who == dev && state != objective.Escalated {
					continue // he does not reach it
				}
				p.reachState(state)
				p.who = p.As(who)
				shown := map[string]api.AllowedAction{}
				for _, a := range p.objective(probe).AllowedActions {
					shown[a.Action] = a
				}
				require.ElementsMatch(t, slices.Collect(maps.Keys(commands)), slices.Collect(maps.Keys(shown)))
				for action, command := range commands {
					p.reachState(state)
					p.who = p.As(who)
					r, err := command(p)
					require.NoError(t, err)
					agree(t, shown[action], r, who+" "+action+" "+string(state))
				}
			}
		})
	}
}

func agree(t *testing.T, shown api.AllowedAction, r client.Answer, what string) {
	t.Helper()
	if shown.Allowed {
		require.NoError(t, client.Check(r), what)
		return
	}
	codes := func(refusals []api.Refusal) (out []string) {
		for _, v := range refusals {
			out = append(out, v.Code)
		}
		return out
	}
	status, code := conflict, shown.Refusals[0].Code
	for _, v := range shown.Refusals {
		if v.Never {
			status, code = never, v.Code
			break
		}
	}
	require.Equal(t, status, r.StatusCode(), "%s: %s", what, r.GetBody())
	var p *client.ProblemError
	require.ErrorAs(t, client.Check(r), &p)
	if len(p.Refusals) == 0 { // the door refuses before the record is read
		require.Contains(t, []string{"role_not_admitted", "out_of_reach"}, p.Code, what)
		return
	}
	require.Equal(t, code, p.Code, what)
	require.Equal(t, codes(shown.Refusals), codes(p.Refusals), what)
}
