package concern

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Content is one thing that the record says, by its code in concern.must_cover.
type Content struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Target is set for the time of monitoring, beside the objectives.
type Target struct {
	Text    string  `json:"text"`
	Support *string `json:"support"`
}

// Concern is one concern about somebody's work. Days that have not come are zero.
type Concern struct {
	record.Row
	AppraisalID uuid.UUID
	PersonID    uuid.UUID
	HolderID    uuid.UUID
	Status      Status
	Serious     bool
	RaisedOn    schooltime.Date
	Contents    []Content `gorm:"serializer:json"`
	SharedAt    *time.Time
	ConfirmedOn schooltime.Date

	MonitoringFrom  schooltime.Date
	Weeks           *int
	WeeksReason     *string // why it is shorter or longer than the trust has it
	MonitoringUntil schooltime.Date
	ExtensionWeeks  int
	ExtensionCode   *string
	ExtensionReason *string  // why it is longer than the trust has it
	Targets         []Target `gorm:"serializer:json"`
	Support         *string
	ReviewDays      []schooltime.Date `gorm:"serializer:json"`

	ClosedOn schooltime.Date
	Outcome  *string
	Closing  *string

	CapabilityOn     schooltime.Date
	CapabilityReason *string
	NoticeOn         schooltime.Date
	Notice           *string
}

// TableName names the table.
func (Concern) TableName() string { return "concerns" }

// The kinds of entry.
const (
	ContactEntry = "contact"
	ReviewEntry  = "review"
	CommentEntry = "comment"
)

// MaxEntries is how many a concern may have.
const MaxEntries = 500

// Entry is something that happened in a concern; entries are added and never changed.
type Entry struct {
	TrustID    uuid.UUID
	ID         uuid.UUID
	ConcernID  uuid.UUID
	Kind       string
	HappenedOn schooltime.Date
	ByID       uuid.UUID
	Contact    *string // meeting, call, message, visit, other
	Companion  *bool   // whether the person brought one
	Progress   *string // sufficient, some, insufficient
	Text       string
	At         time.Time
}

// TableName names the table.
func (Entry) TableName() string { return "concern_entries" }

// Aggregate is a concern with its case and its entries, oldest first.
type Aggregate struct {
	Concern
	Case    *appraisal.Case
	Entries []Entry

	Added    *Entry // to be stored
	Followed string // what it made of the appraisal: suspended, transferred, or nothing
}

// Mine says whether the actor is whom the concern is about.
func (a *Aggregate) Mine() bool { return a.Case.Actor.PersonID == a.PersonID }

// Holder says whether the actor holds the concern.
func (a *Aggregate) Holder() bool { return a.Case.Actor.PersonID == a.HolderID }

// Visible says whether the actor may see what the record says: the person not while it is drafted.
func (a *Aggregate) Visible() bool { return !a.Mine() || a.Status != Raised }

// missing are the codes of what the trust has a record say and this one does not.
func (a *Aggregate) missing() []string {
	var out []string
	for _, code := range a.Case.Rules().Concern.MustCover {
		said := slices.ContainsFunc(a.Contents, func(c Content) bool { return c.Code == code && strings.TrimSpace(c.Text) != "" })
		if !said {
			out = append(out, code)
		}
	}
	return out
}

// Missing lists what the record still has to say before it is confirmed.
func (a *Aggregate) Missing() []fault.Violation {
	var out []fault.Violation
	for _, code := range a.missing() {
		out = append(out, fault.Violation{In: "body", Pointer: "/contents", Code: "required", Detail: "The record does not say: " + code + "."})
	}
	return out
}

// met says whether a meeting was logged.
func (a *Aggregate) met() bool {
	return slices.ContainsFunc(a.Entries, func(e Entry) bool { return e.Contact != nil && *e.Contact == "meeting" })
}

// LastReview is the latest review of the progress, or nil.
func (a *Aggregate) LastReview() *Entry {
	for i := len(a.Entries) - 1; i >= 0; i-- {
		if a.Entries[i].Kind == ReviewEntry {
			return &a.Entries[i]
		}
	}
	return nil
}

// Warning is something that goes beyond what the trust normally does; it refuses nothing.
type Warning struct {
	Code     string
	Detail   string
	Citation *fault.Citation
}

// Warnings are what in this concern goes beyond the trust's rules, for which a reason was given.
func (a *Aggregate) Warnings() []Warning {
	rules, cite := &a.Case.Rules().Concern, a.Case.Policy.Cite
	var out []Warning
	if a.Weeks != nil && *a.Weeks < rules.WeeksMin {
		out = append(out, Warning{"monitoring_short", fmt.Sprintf("Monitoring normally takes at least %d working weeks.", rules.WeeksMin), cite(&rules.WeeksMin)})
	}
	if a.Weeks != nil && *a.Weeks > rules.WeeksMax {
		out = append(out, Warning{"monitoring_long", fmt.Sprintf("Monitoring normally takes at most %d working weeks.", rules.WeeksMax), cite(&rules.WeeksMax)})
	}
	if a.ExtensionWeeks > rules.ExtensionWeeks {
		out = append(out, Warning{"extension_long", fmt.Sprintf("Monitoring is normally extended by at most %d working weeks.", rules.ExtensionWeeks), cite(&rules.ExtensionWeeks)})
	}
	return out
}
