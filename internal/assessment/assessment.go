package assessment

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/standards"
)

// SelfAssessment is what somebody says of themselves in a cycle against one version of a framework.
// Statements and scale are those of the day on which it was started: neither a later version nor a
// later policy changes what was said.
type SelfAssessment struct {
	record.Row
	PersonID            uuid.UUID
	CycleID             uuid.UUID
	AppraisalID         uuid.UUID // from which it was started; another post of the person shares it
	FrameworkCode       string
	FrameworkLabel      string
	FrameworkVersionID  uuid.UUID
	FrameworkNumber     int
	Statements          []standards.Statement `gorm:"serializer:json"`
	Scale               []policy.ScaleValue   `gorm:"serializer:json"` // lowest first
	State               State
	Visibility          string
	Ratings             []Rating `gorm:"serializer:json"`
	Overview            *string
	CPD                 []Proposal `gorm:"column:cpd;serializer:json"`
	CompletedAt         *time.Time
	ReviewerID          *uuid.UUID
	ReviewerRatings     []Rating `gorm:"serializer:json"`
	ReviewerCompletedAt *time.Time
}

// TableName names the table.
func (SelfAssessment) TableName() string { return "self_assessments" }

// Rating is what somebody says of one statement.
type Rating struct {
	Statement      string  `json:"statement"`
	Rating         string  `json:"rating"`
	Comment        *string `json:"comment"`
	Evidence       *string `json:"evidence"`
	WorkingTowards bool    `json:"working_towards"` // what the person works towards, beyond what their role asks for yet
}

// Proposal is a development activity that somebody proposes for themselves.
type Proposal struct {
	Text string `json:"text"`
}

// Aggregate is a self-assessment with the case by which its reader reads it: of the appraisal that it
// was started from, or of another post of the same person.
type Aggregate struct {
	SelfAssessment
	Case *appraisal.Case

	Linked []string // statements to which an objective of the person is linked, where they were asked for
}

// Mine says whether the actor is the author.
func (a *Aggregate) Mine() bool { return a.PersonID == a.Case.Actor.PersonID }

// reviewing says whether the actor reviews the person.
func (a *Aggregate) reviewing() bool {
	return slices.Contains(a.Case.Who(policy.Reviewer), a.Case.Actor.PersonID)
}

// SeenOfReviewer are the reviewer's ratings as far as the actor may see them: the reviewers
// themselves at once, everybody else who reads once they are complete.
func (a *Aggregate) SeenOfReviewer() []Rating {
	if a.ReviewerCompletedAt == nil && !a.reviewing() {
		return nil
	}
	return a.ReviewerRatings
}

// ReviewerState says how far the reviewer's ratings are, as far as the actor may know.
func (a *Aggregate) ReviewerState() string {
	switch {
	case a.ReviewerCompletedAt != nil:
		return "complete"
	case len(a.SeenOfReviewer()) > 0:
		return "started"
	}
	return "none"
}

// RespondedPercent is the share of statements that are rated, rounded down so that only all is 100.
func (a *Aggregate) RespondedPercent() int { return a.percent(func(Rating) bool { return true }) }

// EvidencePercent is the share of statements whose rating says what shows it.
func (a *Aggregate) EvidencePercent() int {
	return a.percent(func(r Rating) bool { return r.Evidence != nil })
}

func (a *Aggregate) percent(counts func(Rating) bool) int {
	n := 0
	for _, r := range a.Ratings {
		if counts(r) {
			n++
		}
	}
	return n * 100 / max(1, len(a.Statements))
}

// value is a value of the scale by its place, or -1.
func (a *Aggregate) value(code string) int {
	return slices.IndexFunc(a.Scale, func(v policy.ScaleValue) bool { return v.Code == code })
}

func (a *Aggregate) has(statement string) bool {
	return slices.ContainsFunc(a.Statements, func(s standards.Statement) bool { return s.Code == statement })
}

// merge replaces what was said of each statement given, and keeps the statements' order.
func (a *Aggregate) merge(have, given []Rating) []Rating {
	var out []Rating
	for _, s := range a.Statements {
		of := func(r Rating) bool { return r.Statement == s.Code }
		if i := slices.IndexFunc(given, of); i >= 0 {
			out = append(out, given[i])
		} else if i := slices.IndexFunc(have, of); i >= 0 {
			out = append(out, have[i])
		}
	}
	return out
}

// text is a text of which the blank one means none.
func text(s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	return s
}
