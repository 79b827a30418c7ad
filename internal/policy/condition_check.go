package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// Check returns what is wrong with a condition: an unknown fact, a comparison that its type does
// not have, a value of the wrong type, or parts that do not go together. Paths are relative to
// the condition, such as all[1].value.
func (c Condition) Check() []Finding {
	s := &strict{}
	s.condition("", c)
	return s.findings
}

func (s *strict) condition(path string, c Condition) {
	forms := []bool{c.All != nil, c.Any != nil, c.Not != nil, c.Fact != "" || c.Op != "" || c.Value != nil}
	used := slices.DeleteFunc(forms, func(given bool) bool { return !given })
	switch {
	case len(used) > 1:
		s.fault(path, "condition_mixed", "a condition is one of all, any, not, or one fact")
	case c.All != nil:
		s.conditions(join(path, "all"), c.All)
	case c.Any != nil:
		s.conditions(join(path, "any"), c.Any)
	case c.Not != nil:
		s.condition(join(path, "not"), *c.Not)
	case len(used) == 1:
		s.comparison(path, c)
	}
}

func (s *strict) conditions(path string, parts []Condition) {
	if len(parts) == 0 {
		s.fault(path, "condition_empty", "%s needs a condition", last(path))
	}
	for i, part := range parts {
		s.condition(fmt.Sprintf("%s[%d]", path, i), part)
	}
}

func (s *strict) comparison(path string, c Condition) {
	fact, known := factNamed(c.Fact)
	op, exists := ops[c.Op]
	switch {
	case !known:
		s.fault(join(path, "fact"), "fact_unknown", "there is no fact %.60q", c.Fact)
	case !exists || !slices.Contains(op.types, fact.Type):
		s.fault(join(path, "op"), "fact_op", "%s is a %s and is not compared with %.20q; use %s",
			fact.Name, fact.Type, c.Op, strings.Join(opsFor(fact.Type), ", "))
	default:
		s.comparedWith(join(path, "value"), fact, c)
	}
}

func opsFor(t FactType) []string {
	var found []string
	for _, o := range opList {
		if slices.Contains(o.types, t) {
			found = append(found, o.name)
		}
	}
	return found
}

func (s *strict) comparedWith(path string, fact FactDoc, c Condition) {
	switch c.Op {
	case opKnown:
		if _, isBool := c.Value.(bool); c.Value != nil && !isBool {
			s.fault(path, "fact_value", "known takes true, false or no value")
		}
	case "in":
		values, _ := c.Value.([]any)
		if len(values) == 0 {
			s.fault(path, "fact_value", "in takes a list of values")
		}
		for i, v := range values {
			s.factValue(fmt.Sprintf("%s[%d]", path, i), fact, v)
		}
	default:
		s.factValue(path, fact, c.Value)
	}
}

func (s *strict) factValue(path string, fact FactDoc, v any) {
	text, isText := v.(string)
	_, isBool := v.(bool)
	n, _ := asNumber(v)
	_, noDate := schooltime.ParseDate(text)
	fits := map[FactType]bool{
		FactText:   isText && text != "",
		FactTags:   isText && text != "",
		FactBool:   isBool,
		FactNumber: n == n, // what is no number is NaN
		FactDate:   isText && noDate == nil,
	}[fact.Type]
	switch {
	case !fits:
		s.fault(path, "fact_value", "%s is compared with a %s", fact.Name, fact.Type)
	case fact.Values != nil && !slices.Contains(fact.Values, text):
		s.fault(path, "fact_value", "%s is one of %s", fact.Name, strings.Join(fact.Values, ", "))
	}
}
