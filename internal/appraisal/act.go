package appraisal

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/policy"
)

// Act is one thing that may be done with T, a part of a case, or the case itself.
type Act[T any] struct {
	Name      string // as in allowed_actions
	Operation string // the operationId, whose x-access is the outer bound
	By        func(*Case, T) Right
	From      func(*Case, T) []fault.Refusal // the lifecycle
	Needs     func(*Case, T) []fault.Refusal // what else must hold, with what unblocks it
}

// Right is who may do an act: the parties that the policy names, and the leaf that names them.
type Right struct {
	Parties []policy.Party
	Barred  []uuid.UUID // people who may not, although they are such a party
	People  []uuid.UUID // people who may beside the parties, such as by a seat
	Leaf    any         // pointer to the leaf of the case's rules that decides; nil where none does
	// Reviewers act as the reviewer here, where it is not for the review seats; nil: those.
	Reviewers []uuid.UUID
	Lead      bool // those are not all of them, but whoever leads
}

// Decide returns every reason against the act, in order: by whom, from which status, what it
// needs. An empty answer means that it may be done now. The command fails with the answer,
// allowed_actions shows it; so a button and its refusal cannot disagree. Whoever may never do it is
// told no more than that: what it needs follows from drafts, which are not theirs to know of.
func Decide[T any](c *Case, t T, a Act[T]) []fault.Refusal {
	out := append(c.mayBe(a.Operation, a.By(c, t)), c.erased()...)
	if len(out) > 0 {
		return out
	}
	if a.From != nil {
		out = append(out, a.From(c, t)...)
	}
	if a.Needs != nil {
		out = append(out, a.Needs(c, t)...)
	}
	return out
}

// Allowed returns the decision on each act.
func Allowed[T any](c *Case, t T, acts []Act[T]) []fault.Permission {
	out := make([]fault.Permission, len(acts))
	for i, a := range acts {
		out[i] = fault.Permission{Action: a.Name, Operation: a.Operation, Refusals: Decide(c, t, a)}
	}
	return out
}

// mayBe refuses an actor whom neither the operation's bound nor the policy admits.
func (c *Case) mayBe(operation string, r Right) []fault.Refusal {
	holders := slices.Clone(r.People)
	for _, p := range r.Parties {
		if p == policy.Reviewer && r.Reviewers != nil {
			holders = append(holders, without(r.Reviewers, append(slices.Clone(r.Barred), c.PersonID))...)
			continue
		}
		holders = append(holders, c.Who(p, r.Barred...)...)
	}
	var cite *fault.Citation
	if r.Leaf != nil {
		cite = c.Policy.Cite(r.Leaf)
	}
	switch {
	case len(holders) == 0:
		return []fault.Refusal{{Never: true, Code: "no_one_may_act", Policy: cite,
			Detail: "Nobody is here as " + c.partyNames(r.Parties) + ", so nobody may do this.", Unblock: c.PartyName(policy.HR) + " fills the office or the line management."}}
	case !slices.Contains(holders, c.Actor.PersonID):
		detail := "This is done by " + c.partyNames(r.Parties)
		if r.Lead && slices.Contains(r.Parties, policy.Reviewer) {
			detail += "; of several " + c.Terms().Reviewer.Many + " by the one who leads"
		}
		return []fault.Refusal{{Never: true, Code: "not_your_act", Policy: cite, Detail: detail + "."}}
	case !c.Bounds.Covers(operation, c.Actor, c.Record()):
		return []fault.Refusal{{Never: true, Code: "out_of_reach", Policy: cite, Detail: "Your roles do not reach this record for that."}}
	}
	return nil
}

var partyNames = map[policy.Party]string{
	policy.Reviewee: "the reviewee", policy.Reviewer: "the reviewer", policy.ReviewersReviewer: "the reviewer's reviewer",
	policy.Head: "the head", policy.HR: "HR",
}

// PartyName is the party in plain words, for where there is no one trust's policy to take its own from.
func PartyName(p policy.Party) string {
	if name, ok := partyNames[p]; ok {
		return name
	}
	return "the " + strings.TrimPrefix(string(p), "office:")
}

// Each returns the parties that a policy value stands for: both are reviewee and reviewer.
func Each(p policy.Party) []policy.Party {
	if p == policy.Both {
		return []policy.Party{policy.Reviewee, policy.Reviewer}
	}
	if p == policy.Nobody || p == "" {
		return nil
	}
	return []policy.Party{p}
}

// Move leads a status on by its lifecycle, and has the event say from where to where.
func Move[S, E ~string](table lifecycle.Table[S, E], status *S, by E, event audit.Event) (audit.Event, error) {
	was := *status
	next, err := table.Next(was, by)
	if err != nil {
		return event, err
	}
	if event.Data == nil {
		event.Data = map[string]any{}
	}
	*status, event.Data["from"], event.Data["to"] = next, was, next
	return event, nil
}

// InStatus refuses an act on something whose status is none of those from which it may happen.
func InStatus(have string, allowed []string, unblock string) []fault.Refusal {
	if slices.Contains(allowed, have) {
		return nil
	}
	return []fault.Refusal{{Code: "wrong_status", Detail: "This cannot be done while the status is " + have + ".", Unblock: unblock}}
}
