package policy

import (
	"slices"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// Condition is a test on facts of a post, made of other conditions or of one fact. The empty
// condition holds for every post. Facts are listed by Facts and are those of the day on which the
// condition is evaluated.
type Condition struct {
	All   []Condition `json:"all,omitempty" doc:"every one holds"`
	Any   []Condition `json:"any,omitempty" doc:"at least one holds"`
	Not   *Condition  `json:"not,omitempty" doc:"does not hold"`
	Fact  string      `json:"fact,omitempty" doc:"the name of a fact"`
	Op    string      `json:"op,omitempty" doc:"how the fact is compared" enum:"is,is_not,in,has,at_least,at_most,on_or_after,before,known"`
	Value any         `json:"value,omitempty" doc:"what it is compared with"`
}

// Holds says whether the condition is true of the facts. A comparison with an unknown fact is
// false, is_not too; known asks whether there is one.
func (c Condition) Holds(fs FactSet) bool {
	holds := func(part Condition) bool { return part.Holds(fs) }
	switch {
	case len(c.All) > 0:
		return !slices.ContainsFunc(c.All, func(part Condition) bool { return !holds(part) })
	case len(c.Any) > 0:
		return slices.ContainsFunc(c.Any, holds)
	case c.Not != nil:
		return !holds(*c.Not)
	case c.Fact != "":
		return c.compare(fs)
	}
	return true
}

func (c Condition) compare(fs FactSet) bool {
	fact, known := fs.known(c.Fact)
	if c.Op == opKnown {
		wanted, given := c.Value.(bool)
		return known == (wanted || !given)
	}
	op, ok := ops[c.Op]
	return known && ok && op.holds(fact, c.Value)
}

const opKnown = "known"

// op is a comparison: the types of fact that it serves, and its test.
type op struct {
	name, doc string
	types     []FactType
	holds     func(fact, value any) bool
}

// opList is in the order of the documentation.
var opList = []op{
	{"is", "the fact has the value", []FactType{FactText, FactBool, FactNumber, FactDate}, equal},
	{"is_not", "the fact is known and has another value", []FactType{FactText, FactBool, FactNumber, FactDate},
		func(fact, value any) bool { return !equal(fact, value) }},
	{"in", "the fact has one of the values of a list", []FactType{FactText, FactNumber}, isIn},
	{"has", "the tag is among them", []FactType{FactTags}, hasTag},
	{"at_least", "the number is the value or more", []FactType{FactNumber},
		func(fact, value any) bool {
			return compareNumbers(fact, value, func(a, b float64) bool { return a >= b })
		}},
	{"at_most", "the number is the value or less", []FactType{FactNumber},
		func(fact, value any) bool {
			return compareNumbers(fact, value, func(a, b float64) bool { return a <= b })
		}},
	{"on_or_after", "the date is the value or later", []FactType{FactDate},
		func(fact, value any) bool {
			return compareDates(fact, value, func(a, b schooltime.Date) bool { return !a.Before(b) })
		}},
	{"before", "the date is earlier than the value", []FactType{FactDate},
		func(fact, value any) bool { return compareDates(fact, value, schooltime.Date.Before) }},
	{opKnown, "there is a fact; with the value false: there is none",
		[]FactType{FactText, FactBool, FactNumber, FactDate, FactTags}, nil},
}

var ops = func() map[string]op {
	byName := map[string]op{}
	for _, o := range opList {
		byName[o.name] = o
	}
	return byName
}()

func equal(fact, value any) bool {
	switch x := fact.(type) {
	case string:
		return x == value
	case bool:
		return x == value
	case schooltime.Date:
		return compareDates(x, value, func(a, b schooltime.Date) bool { return a == b })
	}
	return compareNumbers(fact, value, func(a, b float64) bool { return a == b })
}

func isIn(fact, value any) bool {
	values, _ := value.([]any)
	return slices.ContainsFunc(values, func(v any) bool { return equal(fact, v) })
}

func hasTag(fact, value any) bool {
	tags, _ := fact.([]string)
	tag, isText := value.(string)
	return isText && slices.Contains(tags, tag)
}

// compareNumbers is false unless both are numbers: a comparison with what is no number is NaN's.
func compareNumbers(fact, value any, holds func(a, b float64) bool) bool {
	a, _ := asNumber(fact)
	b, _ := asNumber(value)
	return holds(a, b)
}

func compareDates(fact, value any, holds func(a, b schooltime.Date) bool) bool {
	a, ok := fact.(schooltime.Date)
	text, isText := value.(string)
	b, err := schooltime.ParseDate(text)
	return ok && isText && err == nil && holds(a, b)
}
