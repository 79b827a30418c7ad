// Package access says who may reach what. The contract's x-access is the outer bound: role to
// reach, for every operation. It is used at the door, on the record and in every list.
//
// It owns roles, reaches, the actor and the table. Who among those in reach acts on an appraisal
// is the trust's policy, in package appraisal.
package access

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Role is what somebody is to the trust; people have several.
type Role string

// The roles, in the order in which they are rendered. Any is every signed-in person of the trust.
const (
	Reviewee Role = "reviewee"
	Reviewer Role = "reviewer"
	Head     Role = "head"
	HR       Role = "hr"
	Any      Role = "any"
)

// Roles lists the roles that a token may carry.
var Roles = []Role{Reviewee, Reviewer, Head, HR}

// Reach is whose records an operation opens to a role.
type Reach string

// The reaches. Team, unit and trust never include the caller's own record: that is Own only.
const (
	Own      Reach = "own"   // the caller's own record
	Team     Reach = "team"  // those whom the caller reviews or line-manages today
	Unit     Reach = "unit"  // everybody in the units that the caller heads, and below
	Trust    Reach = "trust" // everybody in the trust
	Everyone Reach = "any"   // whatever any signed-in person of the trust may see
)

// Actor is the caller, as the database knows them at the start of the request's transaction.
type Actor struct {
	TrustID  uuid.UUID
	PersonID uuid.UUID
	Roles    []Role      // held now, and carried by the token
	Units    []uuid.UUID // the units that the caller heads today, and those below them
	Epoch    int         // the person's sign-in epoch
	Active   bool
	Now      time.Time       // school time
	Today    schooltime.Date // the school day, in the trust's time zone
	Demo     bool            // the trust's clock may be moved
}

// Has says whether the actor holds the role.
func (a *Actor) Has(r Role) bool { return r == Any || slices.Contains(a.Roles, r) }

// Heads says whether the actor heads the unit or one above it.
func (a *Actor) Heads(unit uuid.UUID) bool { return slices.Contains(a.Units, unit) }

type actorKey struct{}

// With returns a context that carries the actor.
func With(ctx context.Context, a *Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// From returns the actor of the request; it panics where there is none, for no such code path may
// be reached without one.
func From(ctx context.Context) *Actor { return ctx.Value(actorKey{}).(*Actor) }

type operationKey struct{}

// WithOperation returns a context that names the operation of the contract being served.
func WithOperation(ctx context.Context, op string) context.Context {
	return context.WithValue(ctx, operationKey{}, op)
}

// Operation names the operation being served, or "" outside a request.
func Operation(ctx context.Context) string {
	op, _ := ctx.Value(operationKey{}).(string)
	return op
}

// Rule is the bound of one operation.
type Rule struct {
	Public bool           // no sign-in
	Reach  map[Role]Reach // whom each role reaches
}

// Table is the bound of every operation of the contract, by operationId.
type Table map[string]Rule

// Admit decides at the door: has any of these roles a reach in the operation?
func (t Table) Admit(op string, roles []Role) bool {
	r, ok := t[op]
	if !ok {
		return false
	}
	if r.Public || r.Reach[Any] != "" {
		return true
	}
	return slices.ContainsFunc(roles, func(role Role) bool { return r.Reach[role] != "" })
}

// Reaches returns whom the actor reaches by the operation, widest last, without repeats.
func (t Table) Reaches(op string, a *Actor) []Reach {
	var out []Reach
	for _, role := range append(slices.Clone(Roles), Any) {
		if r := t[op].Reach[role]; r != "" && a.Has(role) && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// Record is what a reach is measured against: whose record it is and which unit it belongs to.
// Team says whether the actor has a seat on it or line-manages its person today.
type Record struct {
	PersonID uuid.UUID
	UnitID   uuid.UUID
	Team     bool
}

// Covers says whether the actor's roles reach the record by the operation. Lists express the
// same in SQL; a test holds the two together.
func (t Table) Covers(op string, a *Actor, r Record) bool {
	return slices.ContainsFunc(t.Reaches(op, a), func(reach Reach) bool {
		self := r.PersonID == a.PersonID
		switch reach {
		case Own:
			return self
		case Team:
			return !self && r.Team
		case Unit:
			return !self && a.Heads(r.UnitID)
		case Trust:
			return !self
		case Everyone:
			return true
		}
		return false
	})
}

// Check refuses the operation on a record that the actor may read but not act on.
func (t Table) Check(op string, a *Actor, r Record) error {
	if t.Covers(op, a, r) {
		return nil
	}
	return fault.New(fault.Forbidden, "out_of_reach", "Your roles let you see this record, but not do this to it.")
}
