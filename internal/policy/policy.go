package policy

import (
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Policy is a trust's policy in the making: a draft, which may have faults. What cycles run on is
// a Version of it.
type Policy struct {
	record.Row
	Name    string
	Profile *string // the built-in profile that the draft started from
	Draft   string  // a document in its canonical form
}

// Version is a published policy. It never changes.
type Version struct {
	TrustID     uuid.UUID
	ID          uuid.UUID
	PolicyID    uuid.UUID
	Number      int    // from 1, for each policy
	Document    string // in its canonical form
	SHA256      string `gorm:"column:sha256"` // of Document, in hexadecimal
	PublishedAt time.Time
	PublishedBy uuid.UUID
	ReviewOn    schooltime.Date // the day by which it is looked at again; no day where it does not say
}

// TableName names the table.
func (Version) TableName() string { return "policy_versions" }

// Drafted is a policy with what is found in its draft, and its newest published version, without
// its document; nil when nothing was published.
type Drafted struct {
	*Policy
	Findings []Finding
	Newest   *Version
}

// Inspect returns every fault of a document that is stored as text.
func Inspect(document string) []Finding {
	d, findings := Parse([]byte(document))
	if d == nil {
		return findings
	}
	return Validate(d)
}

// set replaces the draft.
func (p *Policy) set(d *Document) {
	p.Draft, p.Profile = string(d.Canonical()), nil
	if code := d.Profile(); code != "" {
		p.Profile = &code
	}
}

// publish makes the version that follows the newest one. It is looked at again as many months
// after the day as it says itself.
func (p *Policy) publish(newest *Version, today schooltime.Date) (*Version, error) {
	d, findings := Parse([]byte(p.Draft))
	if d != nil {
		findings = Validate(d)
	}
	if faults := Errors(findings); len(faults) > 0 {
		return nil, Unpublishable(faults)
	}
	v := &Version{PolicyID: p.ID, Number: 1, Document: p.Draft, SHA256: d.SHA256()}
	if months := d.Resolve("", "").Rules.Review.Months; months > 0 {
		v.ReviewOn = today.AddMonths(months)
	}
	if newest != nil {
		if newest.SHA256 == v.SHA256 {
			return nil, fault.New(fault.Conflict, "policy_unchanged", "Version %d says the same as the draft. Change the draft first.", newest.Number)
		}
		v.Number = newest.Number + 1
	}
	return v, nil
}

// maxRefusals is how many refusals one answer lists.
const maxRefusals = 50

// Unpublishable is the refusal of a document that cannot be run, with every error of it.
func Unpublishable(errors []Finding) error {
	e := fault.New(fault.Conflict, "policy_has_errors", "The policy has faults that keep it from being run; refusals lists them.")
	for _, f := range errors[:min(len(errors), maxRefusals)] {
		detail := f.Message
		if len(f.Paths) > 0 {
			detail = f.Paths[0] + ": " + f.Message
		}
		e.Refusals = append(e.Refusals, fault.Refusal{Code: f.Code, Detail: detail, Unblock: f.Suggestion})
	}
	return e
}
