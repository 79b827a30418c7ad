// Package form is every thing that people fill in, as data: check-ins, reflections, statements,
// meeting records and checklists are forms. A client can render any of them from its description.
//
// It owns the description of a form and the check of answers against it. It does not store them.
package form

import "slices"

// Kind is what a section asks for.
type Kind string

// The kinds of a section and the JSON value that each takes.
const (
	Text   Kind = "text"   // string
	YesNo  Kind = "yes_no" // boolean
	Choice Kind = "choice" // string: the code of one of the options
	Number Kind = "number" // number between min and max
	Date   Kind = "date"   // string, ISO 8601 day
	People Kind = "people" // array of person ids, such as those who are praised
)

// Form is one form of a policy; its code is its key in the policy's map of forms.
type Form struct {
	Label    string    `json:"label" doc:"the form's name"`
	Sections []Section `json:"sections" doc:"the sections, in order"`
}

// Section is one question. Per "objective" asks it once for each objective that counts; its
// answers are then keyed by objective id.
type Section struct {
	Code     string   `json:"code" doc:"stable name, unique in the form"`
	Label    string   `json:"label" doc:"the question as shown"`
	Help     string   `json:"help,omitempty" doc:"a sentence that helps to answer"`
	Kind     Kind     `json:"kind" doc:"what is asked for" enum:"text,yes_no,choice,number,date,people"`
	Per      string   `json:"per,omitempty" doc:"objective: asked once for each objective that counts" enum:"objective"`
	Required bool     `json:"required,omitempty" doc:"must be answered before the form is shared"`
	Group    string   `json:"group,omitempty" doc:"sections of one group may alternate: one answered group is enough where the policy lets them"`
	Options  []Option `json:"options,omitempty" doc:"what may be chosen"`
	Min      float64  `json:"min,omitempty" doc:"the least number"`
	Max      float64  `json:"max,omitempty" doc:"the greatest number"`
	MaxChars int      `json:"max_chars,omitempty" doc:"the most characters of a text; 4000 when absent" min:"0" max:"20000"`
	Prefill  []string `json:"prefill,omitempty" doc:"sections of the year's check-ins that are quoted into the first draft"`
}

// AsksOfObjectives says whether a section is asked once for each objective.
func (f Form) AsksOfObjectives() bool {
	return slices.ContainsFunc(f.Sections, func(s Section) bool { return s.Per != "" })
}

// Option is one thing that may be chosen.
type Option struct {
	Code  string `json:"code" doc:"stable name"`
	Label string `json:"label" doc:"as shown"`
}

// Section returns the section with the code, or nil.
func (f Form) Section(code string) *Section {
	for i := range f.Sections {
		if f.Sections[i].Code == code {
			return &f.Sections[i]
		}
	}
	return nil
}

// Limit is the most characters that a text of the section may have.
func (s Section) Limit() int {
	if s.MaxChars > 0 {
		return s.MaxChars
	}
	return 4000
}
