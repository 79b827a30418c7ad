package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/record"
)

// Override is what a school proposes for its own layer of a policy: a patch of parameters that a
// school may set. HR takes it into the policy's draft, or declines it.
type Override struct {
	record.Row
	PolicyID   uuid.UUID
	UnitID     uuid.UUID
	Status     OverrideStatus
	Rules      string // the patch in its canonical form
	Reason     *string
	ProposedBy uuid.UUID
	DecidedBy  *uuid.UUID // whoever accepted or rejected it; it has not changed since
}

// TableName names the table.
func (Override) TableName() string { return "policy_overrides" }

// OverrideStatus says what became of a proposal.
type OverrideStatus string

// The statuses of a proposal.
const (
	Proposed  OverrideStatus = "proposed"
	Withdrawn OverrideStatus = "withdrawn"
	Accepted  OverrideStatus = "accepted"
	Rejected  OverrideStatus = "rejected"
)

// OverrideEvent is what moves a proposal.
type OverrideEvent string

// The events of a proposal.
const (
	ReviseOverride   OverrideEvent = "update"
	WithdrawOverride OverrideEvent = "withdraw"
	AcceptOverride   OverrideEvent = "accept"
	RejectOverride   OverrideEvent = "reject"
)

// OverrideLifecycle is how a proposal moves. What was decided stays decided; a school that thinks
// otherwise proposes again.
var OverrideLifecycle = lifecycle.Table[OverrideStatus, OverrideEvent]{
	Proposed: {ReviseOverride: Proposed, WithdrawOverride: Withdrawn, AcceptOverride: Accepted, RejectOverride: Rejected},
}

// overrideActs are the events in the order in which they are shown, each with its operation and
// with whether only HR does it.
var overrideActs = []struct {
	event     OverrideEvent
	operation string
	ofHR      bool
}{
	{ReviseOverride, "UpdatePolicyOverride", false}, {WithdrawOverride, "WithdrawPolicyOverride", false},
	{AcceptOverride, "AcceptPolicyOverride", true}, {RejectOverride, "RejectPolicyOverride", true},
}

// Allowed says of each act on the proposal whether the actor may do it now, and why not.
func (o *Override) Allowed(a *access.Actor) []fault.Permission {
	out := make([]fault.Permission, len(overrideActs))
	for i, act := range overrideActs {
		out[i] = fault.Permission{Action: string(act.event), Operation: act.operation, Refusals: o.refusals(a, act.event, act.ofHR)}
	}
	return out
}

func (o *Override) refusals(a *access.Actor, event OverrideEvent, ofHR bool) []fault.Refusal {
	var out []fault.Refusal
	switch {
	case a.Has(access.HR):
	case ofHR:
		out = append(out, fault.Refusal{Never: true, Code: "not_your_act", Detail: "HR decides on what a school proposes."})
	case !a.Heads(o.UnitID):
		out = append(out, fault.Refusal{Never: true, Code: "out_of_reach", Detail: "A school's own head, or HR, does this."})
	}
	if !OverrideLifecycle.Allows(o.Status, event) {
		out = append(out, fault.Refusal{Code: "wrong_status", Detail: "This cannot be done while the status is " + string(o.Status) + ".", Unblock: "Propose again."})
	}
	return out
}

// decide refuses the event, or returns the status that it leads to.
func (o *Override) decide(a *access.Actor, event OverrideEvent) (OverrideStatus, error) {
	for _, p := range o.Allowed(a) {
		if p.Action == string(event) && len(p.Refusals) > 0 {
			return o.Status, fault.Check(p.Refusals)
		}
	}
	return OverrideLifecycle.Next(o.Status, event)
}

// patchOf reads what a school wants to set. Every parameter that a school may not set is refused,
// with its pointer in the body.
func patchOf(raw []byte) (map[string]any, error) {
	tree, findings := readTree(raw)
	s := &strict{findings: findings}
	if len(findings) == 0 {
		s.layer("rules", rulesShape, tree, []string{ScopeSchool})
	}
	patch, _ := tree.(map[string]any)
	if len(s.findings) == 0 && empty(patch) {
		s.fault("rules", "empty", "the proposal sets no parameter")
	}
	if len(s.findings) == 0 {
		return patch, nil
	}
	e := fault.New(fault.Invalid, "not_a_school_layer", "A school may not set this; errors lists every fault.")
	for _, f := range s.findings[:min(len(s.findings), maxViolations)] {
		pointer := ""
		for _, path := range f.Paths[:min(len(f.Paths), 1)] {
			pointer = pointerOf(path)
		}
		e.Violations = append(e.Violations, fault.Violation{In: "body", Pointer: clip(pointer, 500), Code: f.Code, Detail: clip(f.Message, 1000)})
	}
	return nil, e
}

// empty says whether a patch holds sections alone.
func empty(patch map[string]any) bool {
	for name, v := range patch {
		f := rulesShape.field(name)
		if section, ok := v.(map[string]any); !ok || len(section) > 0 || f == nil || !f.section() {
			return false
		}
	}
	return true
}

// WithSchool returns the document with a patch laid over the layer of a school.
func (d *Document) WithSchool(unit string, patch map[string]any) *Document {
	root := maps.Clone(d.root)
	schools := maps.Clone(child(root, "schools"))
	if schools == nil {
		schools = map[string]any{}
	}
	school := maps.Clone(child(schools, unit))
	if school == nil {
		school = map[string]any{}
	}
	over := &Resolved{origins: map[string]string{}}
	school["rules"] = over.merge(OriginSchool, "", rulesShape, child(school, "rules"), patch)
	schools[unit], root["schools"] = school, schools
	return &Document{root: root}
}

// patch is what the proposal sets, as it was checked when it was made.
func (o *Override) patch() map[string]any {
	tree, _ := readTree([]byte(o.Rules))
	patch, _ := tree.(map[string]any)
	return patch
}

// in returns a draft with the proposal in it, and what is found there; no document where the two
// together are no policy.
func (o *Override) in(draft string) (*Document, []Finding) {
	d, findings := Parse([]byte(draft))
	if d == nil {
		return nil, findings
	}
	merged, findings := Parse(d.WithSchool(o.UnitID.String(), o.patch()).Canonical())
	if merged == nil {
		return nil, findings
	}
	return merged, Validate(merged)
}

// leavesOf lists the parameters that a patch sets, for the record of it.
func leavesOf(patch map[string]any) []string {
	var paths []string
	rulesShape.eachLeaf("", func(path string, _ *field) {
		if lookup(patch, path) != nil {
			paths = append(paths, path)
		}
	})
	slices.Sort(paths)
	return paths
}

// declined trims the reason for which HR declines, and refuses an empty one.
func declined(reason string) (string, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return "", fault.Body("/reason", "required", "The school is owed a reason.")
	}
	return reason, nil
}
