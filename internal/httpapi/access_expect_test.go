package httpapi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/perennial-api/perennial/internal/apitest"
)

// distance is how far a request came.
type distance string

const (
	noToken distance = "sign in first"
	door    distance = "not the role"
	absent  distance = "not there"
	barred  distance = "may read, not do"
	reached distance = "reached"
)

// relation is how somebody stands to a record.
type relation struct {
	name                     string
	own, team, unit, foreign bool
}

// caller is somebody who asks, the roles that they must have, and a target of each relation.
type caller struct {
	key     string
	roles   []string
	targets map[string]relation // owner of the records to the relation
}

var (
	itsOwn    = relation{name: "own", own: true}
	inTeam    = relation{name: "team", team: true}
	inUnit    = relation{name: "unit", unit: true}
	elsewhere = relation{name: "trust"}
	inBoth    = relation{name: "team and unit", team: true, unit: true}
	foreign   = relation{name: "another trust", foreign: true}
)

// callers has each role alone, and then as people have them: with a year of their own.
var callers = []caller{
	{"nobody", nil, map[string]relation{tom: elsewhere}},
	{onlySignedIn, []string{}, map[string]relation{tom: elsewhere}},
	{tom, []string{"reviewee"}, map[string]relation{tom: itsOwn, "abe.stone": elsewhere}},
	{onlyReviewer, []string{"reviewer"}, map[string]relation{"mia.frost": inTeam, tom: elsewhere}},
	{onlyHead, []string{"head"}, map[string]relation{"kit.vale": inUnit, tom: elsewhere}},
	{onlyHR, []string{"hr"}, map[string]relation{tom: elsewhere}},
	{ines, []string{"reviewee", "reviewer"}, map[string]relation{ines: itsOwn, tom: inTeam, "abe.stone": elsewhere}},
	{marta, []string{"reviewee", "reviewer", "head"}, map[string]relation{marta: itsOwn, dev: inBoth, tom: inUnit, "abe.stone": elsewhere}},
	{hrWithYear, []string{"reviewee", "hr"}, map[string]relation{hrWithYear: itsOwn, tom: elsewhere}},
}

// owners are those whose records the matrix asks for.
func owners() []string {
	var out []string
	for _, c := range callers {
		for owner := range c.targets {
			if !slices.Contains(out, owner) {
				out = append(out, owner)
			}
		}
	}
	return out
}

// What a record is measured by: a person, a unit, or nothing but its trust.
var (
	personal  = []string{"appeal_id", "correction_id", "evidence_id", "grant_id", "breach_id", "export_id", "person_id", "post_id", "absence_id", "appraisal_id", "objective_id", "check_in_id", "meeting_id", "self_assessment_id", "concern_id", "session_id"}
	ofUnit    = []string{"framework_id", "policy_override_id", "priority_id", "sample_id", "unit_id"}
	ofTheUnit = []string{"CreateFramework", "UpdateFramework", "PublishFramework", "CreatePolicyOverride", "UpdatePolicyOverride", "WithdrawPolicyOverride", "CreatePriority", "UpdatePriority", "ArchivePriority", "SampleObjectives", "ReviewSampledObjective", "SetSchoolCalendar", "GetGovernorsReport"} // the only ones that a unit's head does to the unit's own
)

// ofPosts decide on a post that their body names, which is not there for whom they do not reach.
var ofPosts = []string{"IncludeAppraisal", "ExcludeAppraisal"}

// ofPeople is about somebody whom its body names, who is not there for whom they do not reach.
const ofPeople = "ReportBreach"

// expectation says what the contract's x-access amounts to. It is written from the contract and the
// design, and shares no code with what it tests.
type expectation struct{ ops map[string]apitest.Operation }

func newExpectation(t *testing.T) expectation {
	e := expectation{ops: map[string]apitest.Operation{}}
	for _, o := range apitest.Operations(t) {
		e.ops[o.OperationID] = o
	}
	return e
}

// subject is the parameter that names the record, in the path or in the body; "" where there is none.
func subject(o apitest.Operation) string {
	if slices.Contains(ofPosts, o.OperationID) {
		return "post_id"
	}
	if o.OperationID == ofPeople {
		return "person_id"
	}
	for _, p := range o.Params("path") {
		if p.Schema.Value.Format == "uuid" {
			return p.Name
		}
	}
	if _, s := o.Body(); s != nil && slices.Contains(s.Required, "appraisal_id") {
		return "appraisal_id"
	}
	if o.OperationID == "CreateFramework" || o.OperationID == "CreatePriority" || o.OperationID == "CreatePolicyOverride" || o.OperationID == "SampleObjectives" {
		return "unit_id"
	}
	return ""
}

// of is what the caller is to get from the operation on a record of the relation.
func (e expectation) of(o apitest.Operation, c caller, r relation) distance {
	kind := subject(o)
	switch {
	case o.Public():
		return reached
	case c.roles == nil:
		return noToken
	case !admits(o, c.roles):
		return door
	case kind == "":
		return reached
	case r.foreign:
		return absent
	case slices.Contains(ofPosts, o.OperationID), o.OperationID == ofPeople:
		return either(covers(o, c.roles, r), absent)
	case kind == "sample_id" && !covers(e.ops["GetObjectiveSample"], c.roles, relation{unit: r.unit || r.own && slices.Contains(c.roles, "head")}):
		return absent
	case slices.Contains(ofUnit, kind) && slices.Contains(ofTheUnit, o.OperationID):
		return either(covers(o, c.roles, relation{unit: r.unit || r.own && slices.Contains(c.roles, "head")}), barred)
	case !slices.Contains(personal, kind):
		return reached
	case !covers(e.reading(o, kind), c.roles, r):
		return absent
	}
	return either(covers(o, c.roles, r), barred)
}

func either(yes bool, otherwise distance) distance {
	if yes {
		return reached
	}
	return otherwise
}

// reading is the operation by which the record is read: a command on what may not be read is
// answered as if it were not there.
func (e expectation) reading(o apitest.Operation, kind string) apitest.Operation {
	at := strings.LastIndex(o.Path, "{"+kind+"}")
	if at < 0 { // named in the body
		return e.get("/v1/appraisals/{appraisal_id}")
	}
	path := o.Path[:at] + "{" + kind + "}"
	if one := e.get(path); one.Operation != nil {
		return one
	}
	collection := path[strings.LastIndex(path[:at-1], "/"):at] // such as /absences/
	for _, each := range e.ops {
		if each.Method == "GET" && strings.HasSuffix(each.Path+"/", collection) {
			return each
		}
	}
	return o
}

func (e expectation) get(path string) apitest.Operation {
	for _, each := range e.ops {
		if each.Method == "GET" && each.Path == path {
			return each
		}
	}
	return apitest.Operation{}
}

func admits(o apitest.Operation, roles []string) bool {
	bounds := o.Extensions["x-access"].(map[string]any)
	return bounds["any"] != nil || slices.ContainsFunc(roles, func(r string) bool { return bounds[r] != nil })
}

// covers reads the bounds as decisions.md does: team, unit and trust never hold one's own record.
func covers(o apitest.Operation, roles []string, r relation) bool {
	for role, reach := range o.Extensions["x-access"].(map[string]any) {
		if role != "any" && !slices.Contains(roles, role) {
			continue
		}
		switch {
		case reach == "any", reach == "own" && r.own, reach == "trust" && !r.own,
			reach == "team" && r.team && !r.own, reach == "unit" && r.unit && !r.own:
			return true
		}
	}
	return false
}
