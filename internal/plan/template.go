package plan

import (
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/record"
)

// Template is an entry of the objective bank: an objective to start from.
type Template struct {
	record.Row
	Slot     string // the policy's code of the kind of objective that it is for
	Title    string
	Text     string
	Criteria []Line `gorm:"serializer:json"` // never nil, as Actions
	Actions  []Line `gorm:"serializer:json"`
	Archived bool
}

// TableName names the table.
func (Template) TableName() string { return "objective_templates" }

// Line is one line of a list, such as a success criterion.
type Line struct {
	Text string `json:"text"`
}

// TemplateChange is what may change of an entry; nil leaves as it is.
type TemplateChange struct {
	Title, Text       *string
	Criteria, Actions []Line
	Archived          *bool
}

// TemplateFilter narrows a list of entries; an empty slot does not.
type TemplateFilter struct {
	Slot     string
	Archived bool
}

// change applies c and names what it touched.
func (t *Template) change(c TemplateChange) ([]string, error) {
	changed, err := assign(
		text{"/title", c.Title, &t.Title},
		text{"/text", c.Text, &t.Text})
	if err != nil {
		return nil, err
	}
	if c.Criteria != nil {
		t.Criteria, changed = c.Criteria, append(changed, "criteria")
	}
	if c.Actions != nil {
		t.Actions, changed = c.Actions, append(changed, "actions")
	}
	if c.Archived != nil {
		t.Archived, changed = *c.Archived, append(changed, "archived")
	}
	return changed, nil
}

func (t *Template) event(verb string, data map[string]any) audit.Event {
	return audit.About("objective_template", t.ID, t.Version, verb, data)
}
