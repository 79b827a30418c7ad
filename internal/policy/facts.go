package policy

import "github.com/perennial-api/perennial/internal/schooltime"

// FactType says what a fact's value is.
type FactType string

// The types of a fact and the Go value that each has in a FactSet.
const (
	FactText   FactType = "text"   // string
	FactBool   FactType = "bool"   // bool
	FactNumber FactType = "number" // int or float64
	FactDate   FactType = "date"   // schooltime.Date
	FactTags   FactType = "tags"   // []string: codes of the trust's own
)

// FactDoc describes a fact that conditions may use. Values lists the values of a text that has a
// fixed set; other texts are the trust's own words.
type FactDoc struct {
	Name   string   `json:"name"`
	Type   FactType `json:"type"`
	Doc    string   `json:"doc"`
	Values []string `json:"values,omitempty"`
}

// FactSet holds what is known of one post on one day, by the names of Facts. A fact that is
// missing, nil, an empty text, no day or no tag is unknown.
type FactSet map[string]any

// facts is the one list of what a condition may ask. Those that depend on the day, such as
// in_induction, hold on the day for which the set was made.
var facts = []FactDoc{
	{"staff_type", FactText, "kind of staff, such as teaching, support or central", nil},
	{"role_code", FactText, "the trust's code of the role", nil},
	{"job_title", FactText, "job title of the post", nil},
	{"unit_kind", FactText, "kind of the unit that the post is in", []string{"trust", "school", "central", "department"}},
	{"qts", FactBool, "whether the person has qualified teacher status", nil},
	{"contract", FactText, "kind of contract", []string{"permanent", "fixed_term"}},
	{"contract_ends_on", FactDate, "last day of a fixed-term contract", nil},
	{"contract_months", FactNumber, "whole months from the contract's first day to its last", nil},
	{"induction_starts_on", FactDate, "first day of statutory induction", nil},
	{"induction_ends_on", FactDate, "day on which statutory induction is over", nil},
	{"first_induction_year_ends_on", FactDate, "day on which the first year of statutory induction is over", nil},
	{"in_induction", FactBool, "whether the day lies in statutory induction", nil},
	{"induction_year", FactNumber, "which year of induction the day lies in, from 1", nil},
	{"probation_ends_on", FactDate, "day on which probation is over", nil},
	{"on_probation", FactBool, "whether the day lies in probation", nil},
	{"is_head", FactBool, "whether the person heads a unit that decides", nil},
	{"manages_people", FactBool, "whether anybody has this person as line manager", nil},
	{"fte", FactNumber, "share of full time, 0 to 1", nil},
	{"started_on", FactDate, "first day in the post", nil},
	{"at_top_of_range", FactBool, "whether the pay is at the top of its range", nil},
	{"offices", FactTags, "codes of the offices that the person holds, such as ceo", nil},
	{"tags", FactTags, "codes of the trust's own on the post, such as coaching_qualified", nil},
}

// Facts lists the facts that conditions may use.
func Facts() []FactDoc { return append([]FactDoc(nil), facts...) }

func factNamed(name string) (FactDoc, bool) {
	for _, f := range facts {
		if f.Name == name {
			return f, true
		}
	}
	return FactDoc{}, false
}

// known returns a fact's value, or false when it is unknown.
func (fs FactSet) known(name string) (any, bool) {
	v := fs[name]
	switch x := v.(type) {
	case nil:
		return nil, false
	case string:
		return v, x != ""
	case schooltime.Date:
		return v, !x.IsZero()
	case []string:
		return v, len(x) > 0
	}
	return v, true
}
