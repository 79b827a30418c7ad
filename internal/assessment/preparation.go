package assessment

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/record"
)

// Preparation is what somebody notes for themselves before a meeting. Nobody else ever reads it.
type Preparation struct {
	record.Row
	AppraisalID     uuid.UUID
	PersonID        uuid.UUID
	Answers         form.Answers `gorm:"serializer:json"`
	PolicyVersionID uuid.UUID
}

// TableName names the table.
func (Preparation) TableName() string { return "preparations" }

// Notes are a preparation with its case; version 0 until something is saved.
type Notes struct {
	Preparation
	Case *appraisal.Case
}

// Preparation reads the caller's own notes.
func (s *Service) Preparation(ctx context.Context, appraisalID uuid.UUID) (*Notes, error) {
	return s.store.Preparation(ctx, appraisalID)
}

// Prepare saves the caller's own notes. Nothing has to be answered.
func (s *Service) Prepare(ctx context.Context, appraisalID uuid.UUID, version int, answers form.Answers) (*Notes, error) {
	return s.store.ChangePreparation(ctx, appraisalID, version, func(n *Notes) (audit.Event, error) {
		c := n.Case
		if err := fault.Check(appraisal.Decide(c, c, Preparing)); err != nil {
			return audit.Event{}, err
		}
		rules := c.Rules()
		if wrong := rules.Forms[rules.SelfAssessment.Preparation].Check(answers, c.Asked(), false); len(wrong) > 0 {
			e := fault.New(fault.Invalid, "invalid_answers", "Some answers do not fit the form; errors lists them all.")
			e.Violations = wrong
			return audit.Event{}, e
		}
		n.Answers, n.PolicyVersionID = answers, c.Cycle.PolicyVersionID
		return audit.Event{Type: "preparation.saved"}, nil
	})
}
