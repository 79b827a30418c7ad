package standards

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Statement is one thing that people assess themselves against. Its code is unique in its framework.
type Statement struct {
	Code  string `json:"code"`
	Group string `json:"group"` // the standard or part that it belongs to
	Label string `json:"label"`
}

// StatementRef names a statement of a published version, as objectives do.
type StatementRef struct {
	FrameworkVersionID uuid.UUID `json:"framework_version_id"`
	Statement          string    `json:"statement"`
}

// Framework is a framework of a trust's own, or of one of its schools, with its draft.
type Framework struct {
	record.Row
	UnitID     *uuid.UUID // nil: the whole trust
	Code       string
	Label      string
	Summary    string
	Statements []Statement `gorm:"serializer:json"` // the draft
}

// TableName names the table.
func (Framework) TableName() string { return "frameworks" }

// Published is a version of a framework. It never changes.
type Published struct {
	record.Row
	FrameworkID uuid.UUID
	Number      int
	PublishedOn schooltime.Date
	Statements  []Statement `gorm:"serializer:json"`
}

// TableName names the table.
func (Published) TableName() string { return "framework_versions" }

// Kind says whose a framework is.
type Kind string

// The kinds.
const (
	BuiltIn Kind = "built_in"
	OfTrust Kind = "trust"
	OfUnit  Kind = "unit"
)

// Aggregate is a framework with its published versions, newest first.
type Aggregate struct {
	Framework
	Kind         Kind
	Jurisdiction string
	SupersededBy string // the code of the framework that took its place
	Versions     []Published
	MayChange    bool // the caller reaches it by the operations that change it
}

// Of is a framework of a trust with its versions.
func Of(f Framework, versions []Published, mayChange bool) *Aggregate {
	a := &Aggregate{Framework: f, Kind: OfTrust, Versions: versions, MayChange: mayChange}
	if f.UnitID != nil {
		a.Kind = OfUnit
	}
	return a
}

// Newest is the version that a self-assessment starts with, or nil while nothing is published.
func (a *Aggregate) Newest() *Published {
	if len(a.Versions) == 0 {
		return nil
	}
	return &a.Versions[0]
}

// Version is the published version with the id, or nil.
func (a *Aggregate) Version(id uuid.UUID) *Published {
	for i := range a.Versions {
		if a.Versions[i].ID == id {
			return &a.Versions[i]
		}
	}
	return nil
}

// Has says whether the version has a statement of the code.
func (p *Published) Has(statement string) bool {
	return slices.ContainsFunc(p.Statements, func(s Statement) bool { return s.Code == statement })
}

// Actions say what the caller may do with the framework, and why not.
func (a *Aggregate) Actions() []fault.Permission {
	update := fault.Permission{Action: "update", Operation: "UpdateFramework", Refusals: a.closed()}
	return []fault.Permission{update, {Action: "publish", Operation: "PublishFramework", Refusals: append(a.closed(), a.unpublishable()...)}}
}

// closed refuses whoever may not change it: nobody changes a built-in one.
func (a *Aggregate) closed() []fault.Refusal {
	switch {
	case a.Kind == BuiltIn:
		return []fault.Refusal{{Never: true, Code: "built_in", Detail: "A built-in framework is the same for every trust.", Unblock: "Make a framework of your own."}}
	case !a.MayChange:
		return []fault.Refusal{{Never: true, Code: "out_of_reach", Detail: "Your roles do not reach this framework for that."}}
	}
	return nil
}

// unpublishable refuses a version that would say nothing, or nothing new.
func (a *Aggregate) unpublishable() []fault.Refusal {
	newest := a.Newest()
	switch {
	case a.Kind == BuiltIn:
		return nil
	case len(a.Statements) == 0:
		return []fault.Refusal{{Code: "no_statements", Detail: "The draft has no statements.", Unblock: "Write some."}}
	case newest != nil && slices.Equal(newest.Statements, a.Statements):
		return []fault.Refusal{{Code: "nothing_new", Detail: "The draft says what the newest version says.", Unblock: "Change the draft first."}}
	}
	return nil
}

// Draft is what a trust writes of a framework.
type Draft struct {
	Label, Summary string
	Statements     []Statement
}

// write takes the draft, or says everything that is wrong with it.
func (f *Framework) write(d Draft) error {
	var wrong []fault.Violation
	text := func(pointer, value string) string {
		value = strings.TrimSpace(value)
		if value == "" {
			wrong = append(wrong, fault.Violation{In: "body", Pointer: pointer, Code: "blank", Detail: "Write something here."})
		}
		return value
	}
	f.Label, f.Summary, f.Statements = text("/label", d.Label), strings.TrimSpace(d.Summary), make([]Statement, len(d.Statements))
	seen := map[string]bool{}
	for i, s := range d.Statements {
		at := "/statements/" + strconv.Itoa(i)
		f.Statements[i] = Statement{Code: s.Code, Group: text(at+"/group", s.Group), Label: text(at+"/label", s.Label)}
		if seen[s.Code] {
			wrong = append(wrong, fault.Violation{In: "body", Pointer: at + "/code", Code: "repeated", Detail: "Another statement has this code."})
		}
		seen[s.Code] = true
	}
	if len(wrong) == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, "invalid_framework", "The framework cannot be kept as it is; errors lists what is wrong.")
	e.Violations = wrong
	return e
}

func (f *Framework) event(verb string, data map[string]any) audit.Event {
	e := audit.About("framework", f.ID, f.Version, verb, data)
	e.UnitID = f.UnitID
	return e
}

// CodeTaken says that another framework bears the code. The store finds it by the index that holds
// under concurrency too.
func CodeTaken() error {
	return fault.New(fault.Conflict, "code_taken", "Another framework has this code.")
}
