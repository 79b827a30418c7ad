package evidence

import (
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// The kinds of record on which evidence hangs.
const (
	OnObjective = "objective"
	OnMeeting   = "meeting"
	OnStatement = "self_assessment_statement" // of a self-assessment, whose id is the subject's
)

// The forms of evidence: what is kept of a kind.
const (
	Document = "document"
	Link     = "link"
	Note     = "note"
)

// Subject is the record on which evidence hangs. Statement is the code of the statement, for one of
// a self-assessment, and empty otherwise.
type Subject struct {
	Kind      string
	ID        uuid.UUID
	Statement string
}

// Evidence is one piece. What its form does not have is nil.
type Evidence struct {
	record.Row
	AppraisalID uuid.UUID
	SubjectKind string
	SubjectID   uuid.UUID
	Statement   *string
	Kind        string
	Form        string
	Title       string
	URL         *string `gorm:"column:url"`
	Text        *string
	FileName    *string
	MediaType   *string
	Bytes       *int64
	SHA256      *string `gorm:"column:sha256"`
	BlobKey     *string
	AddedBy     uuid.UUID
	AddedOn     schooltime.Date
	RemovedAt   *time.Time
}

// TableName names the table.
func (Evidence) TableName() string { return "evidence" }

// Aggregate is a piece of evidence with the case that it belongs to.
type Aggregate struct {
	Evidence
	Case *appraisal.Case
}

// Label is how the trust calls the kind; the code where its policy no longer has it.
func (a *Aggregate) Label() string {
	for _, k := range a.Case.Rules().Evidence.Kinds {
		if k.Code == a.Kind {
			return k.Label
		}
	}
	return a.Kind
}

// Draft is what somebody brings: a link has a URL, a note a text, a document comes as a file.
type Draft struct {
	Subject   Subject
	Kind      string
	Title     string
	URL, Text *string
}

// piece makes evidence of the draft, in the form of its kind.
func (d Draft) piece(c *appraisal.Case, form string) (Evidence, error) {
	e := Evidence{AppraisalID: c.ID, SubjectKind: d.Subject.Kind, SubjectID: d.Subject.ID, Kind: d.Kind, Form: form,
		Title: strings.TrimSpace(d.Title), AddedBy: c.Actor.PersonID, AddedOn: c.Today}
	if d.Subject.Kind == OnStatement {
		e.Statement = &d.Subject.Statement
	}
	if e.Title == "" {
		return e, fault.Body("/title", "required", "Give it a title.")
	}
	switch form {
	case Link:
		e.URL = d.URL
		return e, d.linked()
	case Note:
		e.Text = d.Text
		return e, d.noted()
	}
	return e, nil
}

// linked holds a link to an address that a browser opens and that carries no password.
func (d Draft) linked() error {
	if d.URL == nil || d.Text != nil {
		return fault.Body("/url", "link_needs_url", "This kind of evidence is a link: give url, and no text.")
	}
	u, err := url.Parse(*d.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return fault.Body("/url", "bad_url", "Give a whole address that begins with https:// or http://, without a name and password in it.")
	}
	return nil
}

func (d Draft) noted() error {
	if d.Text == nil || d.URL != nil || strings.TrimSpace(*d.Text) == "" {
		return fault.Body("/text", "note_needs_text", "This kind of evidence is a note: give text, and no url.")
	}
	return nil
}

// named refuses a subject that is not named as its kind is.
func (s Subject) named() error {
	if (s.Kind == OnStatement) != (s.Statement != "") {
		return fault.Body("/statement", "statement_of_self_assessment", "Give the statement's code for evidence on a self-assessment, and for no other.")
	}
	return nil
}

// ofKind holds a kind to the policy's, and its form to one of those that the operation takes.
func ofKind(c *appraisal.Case, code string, forms ...string) (form string, err error) {
	leaf := &c.Rules().Evidence.Kinds
	for _, k := range *leaf {
		if k.Code != code {
			continue
		}
		for _, f := range forms {
			if f == k.Form {
				return f, nil
			}
		}
		return "", cited(c, leaf, "wrong_form", "This kind of evidence is kept as a "+k.Form+".")
	}
	return "", cited(c, leaf, "no_such_kind", "The trust has no such kind of evidence.")
}

// cited is a fault of the kind in the body, with the rule behind it.
func cited(c *appraisal.Case, leaf *[]policy.EvidenceKind, code, detail string) error {
	e := fault.Body("/kind", code, "%s", detail)
	e.Refusals = []fault.Refusal{{Code: code, Detail: detail, Policy: c.Policy.Cite(leaf)}}
	return e
}
