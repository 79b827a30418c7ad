package form

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
)

// Answers are what was filled in, by section code. A section that is asked per objective holds a
// map of objective id to answer.
type Answers map[string]any

// Check returns everything that is wrong with the answers. objectives are the ids of those that
// count; complete also asks for what is required. Unanswered is nil, an empty text or an empty list.
func (f Form) Check(a Answers, objectives []uuid.UUID, complete bool) []fault.Violation {
	var out []fault.Violation
	put := func(pointer, code, detail string) {
		out = append(out, fault.Violation{In: "body", Pointer: pointer, Code: code, Detail: detail})
	}
	for code := range a {
		if f.Section(code) == nil {
			put("/answers/"+code, "unknown_section", "the form has no such section")
		}
	}
	for i := range f.Sections {
		s := &f.Sections[i]
		for _, place := range s.places(a, objectives) {
			switch {
			case place.wrong != "":
				put(place.pointer, "unknown_objective", place.wrong)
			case empty(place.value):
				if complete && s.Required && s.Group == "" {
					put(place.pointer, "required", "this section must be answered")
				}
			default:
				if code, detail := s.check(place.value); code != "" {
					put(place.pointer, code, detail)
				}
			}
		}
	}
	return out
}

type place struct {
	pointer string
	value   any
	wrong   string
}

// places are where the section is answered: once, or once for each objective.
func (s *Section) places(a Answers, objectives []uuid.UUID) []place {
	base := "/answers/" + s.Code
	if s.Per == "" {
		return []place{{pointer: base, value: a[s.Code]}}
	}
	by, ok := a[s.Code].(map[string]any)
	if !ok && a[s.Code] != nil {
		return []place{{pointer: base, wrong: "give an answer for each objective, by its id"}}
	}
	known := map[string]bool{}
	var out []place
	for _, id := range objectives {
		known[id.String()] = true
		out = append(out, place{pointer: base + "/" + id.String(), value: by[id.String()]})
	}
	for id := range by {
		if !known[id] {
			out = append(out, place{pointer: base, wrong: "an answer names an objective that is not of this year or does not count"})
		}
	}
	return out
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	}
	return false
}

func (s *Section) check(v any) (code, detail string) {
	switch s.Kind {
	case Text:
		return s.text(v)
	case YesNo:
		if _, ok := v.(bool); !ok {
			return "type", "answer true or false"
		}
	case Choice:
		for _, o := range s.Options {
			if v == o.Code {
				return "", ""
			}
		}
		return "unknown_option", "answer with the code of one of the options"
	case Number:
		return s.number(v)
	case Date:
		text, _ := v.(string)
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "format", "answer with a day such as 2026-10-31"
		}
	case People:
		return people(v)
	}
	return "", ""
}

func (s *Section) text(v any) (string, string) {
	text, ok := v.(string)
	if !ok {
		return "type", "answer with a text"
	}
	if utf8.RuneCountInString(text) > s.Limit() {
		return "maxLength", fmt.Sprintf("at most %d characters", s.Limit())
	}
	return "", ""
}

func (s *Section) number(v any) (string, string) {
	n, ok := asNumber(v)
	if !ok || math.IsNaN(n) || math.IsInf(n, 0) {
		return "type", "answer with a number"
	}
	if (s.Min != 0 || s.Max != 0) && (n < s.Min || n > s.Max) {
		return "range", fmt.Sprintf("a number from %g to %g", s.Min, s.Max)
	}
	return "", ""
}

func asNumber(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case interface{ Float64() (float64, error) }:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

// PeopleIn returns the ids that a section of kind people holds.
func PeopleIn(v any) []uuid.UUID {
	list, _ := v.([]any)
	var out []uuid.UUID
	for _, e := range list {
		text, _ := e.(string)
		if id, err := uuid.Parse(text); err == nil {
			out = append(out, id)
		}
	}
	return out
}

func people(v any) (string, string) {
	list, ok := v.([]any)
	if !ok || len(list) > 50 || len(PeopleIn(v)) != len(list) {
		return "type", "answer with at most 50 ids of people"
	}
	return "", ""
}

// AnsweredGroups returns the groups of which some section is answered.
func (f Form) AnsweredGroups(a Answers) map[string]bool {
	out := map[string]bool{}
	for i := range f.Sections {
		s := &f.Sections[i]
		if s.Group == "" {
			continue
		}
		v := a[s.Code]
		if by, ok := v.(map[string]any); ok && s.Per != "" {
			for _, one := range by {
				out[s.Group] = out[s.Group] || !empty(one)
			}
			continue
		}
		out[s.Group] = out[s.Group] || !empty(v)
	}
	return out
}

// MissingGroups checks the groups of a form. Where they may alternate, one answered group is
// enough; otherwise every required section of every group is asked for, of each of the objectives.
func (f Form) MissingGroups(a Answers, objectives []uuid.UUID, alternate bool) []fault.Violation {
	answered := f.AnsweredGroups(a)
	if alternate {
		if len(answered) == 0 {
			return nil
		}
		for _, yes := range answered {
			if yes {
				return nil
			}
		}
		return []fault.Violation{{In: "body", Pointer: "/answers", Code: "required", Detail: "answer the sections of at least one group"}}
	}
	var out []fault.Violation
	for i := range f.Sections {
		s := &f.Sections[i]
		if s.Group == "" || !s.Required {
			continue
		}
		for _, place := range s.places(a, objectives) {
			if place.wrong == "" && empty(place.value) {
				out = append(out, fault.Violation{In: "body", Pointer: place.pointer, Code: "required", Detail: "this section must be answered"})
			}
		}
	}
	return out
}
