package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/rehearsal"
)

// SimulatePolicy handles POST /v1/policies/{policy_id}/simulate.
func (s *Server) SimulatePolicy(ctx context.Context, r server.SimulatePolicyRequestObject) (server.SimulatePolicyResponseObject, error) {
	q := rehearsal.Request{PolicyID: r.PolicyID, VersionID: r.Body.PolicyVersionID, StartsOn: fromDatePtr(r.Body.StartsOn), CycleID: r.Body.CycleID, UnitID: r.Body.UnitID}
	if r.Body.Against != nil {
		q.Against = &r.Body.Against.PolicyVersionID
	}
	sim, err := s.rehearsals.Simulate(ctx, q, page.Request{Limit: deref(r.Body.Limit), Cursor: deref(r.Body.Cursor)})
	if err != nil {
		return nil, err
	}
	return server.SimulatePolicy200JSONResponse(toSimulation(sim)), nil
}

// simulated renders a simulation with the cards of the people in it.
type simulated struct{ cards map[uuid.UUID]directory.Card }

func toSimulation(sim *rehearsal.Simulation) api.Simulation {
	with := simulated{sim.Cards}
	out := api.Simulation{Summary: toSimulationSummary(sim), Problems: mapped(sim.Problems, with.problem), Changes: nullable.NewNullNullable[api.SimulationChanges](),
		Pay: mapped(sim.Pay, toSimulatedPay), Items: mapped(sim.Items, with.person), NextCursor: null(sim.Next)}
	if c := sim.Changes; c != nil {
		out.Changes.Set(api.SimulationChanges{People: c.People, ComesIn: c.ByWhat["comes_in"], GoesOut: c.ByWhat["goes_out"], StaffGroup: c.ByWhat["staff_group"],
			Slots: c.ByWhat["slots"], Reviewers: c.ByWhat["reviewers"], Deadlines: c.ByWhat["deadlines"], Chain: c.ByWhat["chain"]})
	}
	return out
}

func toSimulationSummary(sim *rehearsal.Simulation) api.SimulationSummary {
	s := sim.Summary
	return api.SimulationSummary{StartsOn: toDate(sim.Cycle.StartsOn), EndsOn: toDate(sim.Cycle.EndsOn), Posts: s.Posts, Included: s.Included, Excluded: s.Excluded,
		WithoutReviewer: s.WithoutReviewer, WithProblems: s.WithProblems, Groups: mapped(s.Groups, func(g rehearsal.Group) api.SimulatedGroup {
			return api.SimulatedGroup{StaffGroup: codedGroup(g.Group), People: g.People, AtTop: g.AtTop, BelowTop: g.BelowTop, TopUnknown: g.Unknown}
		})}
}

func codedGroup(g policy.Group) api.Coded { return api.Coded{Code: g.Code, Label: clip(g.Label, 200)} }

func (w simulated) people(ids []uuid.UUID) []api.PersonCard {
	return mapped(ids[:min(len(ids), 20)], func(id uuid.UUID) api.PersonCard { return toCard(w.cards[id]) })
}

func (w simulated) problem(p rehearsal.Problem) api.SimulationProblem {
	out := api.SimulationProblem{Code: p.Code, Detail: p.Detail, Suggestion: p.Suggestion, People: p.People, Policy: nullable.NewNullNullable[api.PolicyCitation]()}
	if p.Policy != nil {
		out.Policy.Set(api.PolicyCitation{Parameter: p.Policy.Parameter, Value: anyOf(p.Policy.Value), Origin: api.PolicyCitationOrigin(p.Policy.Origin)})
	}
	out.Examples = mapped(p.Examples, func(e rehearsal.Example) api.SimulatedExample {
		return api.SimulatedExample{PostID: e.PostID, Person: toCard(w.cards[e.PersonID]), Place: clip(e.Place, 200)}
	})
	return out
}

func (w simulated) person(p *rehearsal.Person) api.SimulatedPerson {
	out := api.SimulatedPerson{PostID: p.PostID, Person: toCard(w.cards[p.PersonID]), UnitID: p.UnitID, Included: p.Included, UntilOn: nullDate(p.ReasonEnds),
		StaffGroup: nullable.NewNullNullable[api.Coded](), Reason: nullable.NewNullNullable[api.Coded](), StartsOn: toDate(p.StartsOn), EndsOn: toDate(p.EndsOn),
		Reviewers: w.people(p.Reviewers), Slots: []api.SimulatedSlot{}, Steps: mapped(p.Steps, w.step), Problems: append([]string{}, p.Codes()...),
		Deadlines: mapped(p.Deadlines, func(d cycle.Deadline) api.SimulatedDeadline {
			return api.SimulatedDeadline{Code: clip(d.Code, 150), Label: clip(d.Label, 200), DueOn: nullDate(d.DueOn)}
		}),
		Changes: mapped(p.Changes, func(c string) api.SimulatedPersonChanges { return api.SimulatedPersonChanges(c) })}
	if p.Group != nil {
		out.StaffGroup.Set(codedGroup(*p.Group))
	}
	if p.Reason != nil {
		out.Reason.Set(api.Coded{Code: p.Reason.Code, Label: clip(p.Reason.Label, 200)})
	}
	if p.Included {
		out.Slots = mapped(p.Rules.Rules.Objectives.Slots, func(s policy.Slot) api.SimulatedSlot {
			return api.SimulatedSlot{Code: s.Code, Label: clip(s.Label, 200), Required: s.Required}
		})
	}
	return out
}

func (w simulated) step(s rehearsal.Step) api.SimulatedStep {
	return api.SimulatedStep{Step: s.Name, Label: clip(s.Label, 200), Party: string(s.Party), People: w.people(s.People), Required: s.Required, DueOn: nullDate(s.DueOn)}
}

func toSimulatedPay(r rehearsal.PayRow) api.SimulatedPayRow {
	out := api.SimulatedPayRow{StaffGroup: codedGroup(r.Group), Rating: api.Coded{Code: r.Rating.Code, Label: clip(r.Rating.Label, 200)}, Covered: r.Covered, People: r.People, Uncertain: r.Uncertain}
	out.Awards = []api.SimulatedAward{}
	for i := range r.Awards {
		a := &r.Awards[i]
		out.Awards = append(out.Awards, api.SimulatedAward{Kind: api.SimulatedAwardKind(a.Kind), People: a.People, Total: a.Total()})
	}
	return out
}
