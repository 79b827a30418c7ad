package objective

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/standards"
)

// Action is a key action or a milestone, with a day if it has one.
type Action struct {
	Text  string          `json:"text"`
	DueOn schooltime.Date `json:"due_on"`
}

// Content is what an objective says.
type Content struct {
	Title              string
	Text               string
	Criteria           []string                 `gorm:"serializer:json"`
	Actions            []Action                 `gorm:"serializer:json"`
	Checklist          Checklist                `gorm:"serializer:json"`
	SMART              Checklist                `gorm:"column:smart;serializer:json"`
	Priorities         []uuid.UUID              `gorm:"serializer:json"`
	Statements         []standards.StatementRef `gorm:"serializer:json"`
	TargetOn           schooltime.Date
	Milestones         []Action `gorm:"serializer:json"`
	CPDSupport         string
	SupportingEvidence string
	AssessmentMethod   string
	TemplateID         *uuid.UUID
	Remark             *string // why it was changed
	Confirmed          bool    `gorm:"-"` // the author knows whom its links let read it
}

// Checklist answers the statements of a slot's checklist, or the SMART points, by code.
type Checklist map[string]bool

// carried is the content as it is taken into another year: what it says stays, and what was
// answered or confirmed about it is asked again. Priorities are those that are live still.
func (c Content) carried(live []uuid.UUID, from schooltime.Date) Content {
	c.Checklist, c.SMART, c.TemplateID, c.Remark = Checklist{}, Checklist{}, nil, nil
	c.Priorities = slices.DeleteFunc(slices.Clone(c.Priorities), func(id uuid.UUID) bool { return !slices.Contains(live, id) })
	if c.TargetOn.Before(from) {
		c.TargetOn = schooltime.Date{}
	}
	return c
}
