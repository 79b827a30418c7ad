package policy

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// scalar is a value as the table of sentences names it.
func scalar(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case []any:
		if len(x) == 0 {
			return "[]"
		}
	case map[string]any:
		if len(x) == 0 {
			return "{}"
		}
	}
	return "*"
}

// inWords writes any value of a policy in words. Codes are the trust's names and are read as words.
func (w *handbookWriter) inWords(v any) string {
	switch x := v.(type) {
	case bool:
		return map[bool]string{true: "yes", false: "no"}[x]
	case string:
		return w.codeInWords(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case []any:
		return w.listInWords(x)
	case map[string]any:
		return w.recordInWords(x)
	}
	return "nothing"
}

func (w *handbookWriter) codeInWords(s string) string {
	if s == "" {
		return "none"
	}
	if party := w.party(Party(s)); party != "" {
		return party
	}
	if !codePattern.MatchString(s) {
		return s
	}
	if said := inOtherWords[s]; said != "" {
		return said
	}
	words := strings.Split(s, "_")
	for i, word := range words {
		if p := Party(word); p == Reviewee || p == Reviewer {
			words[i] = w.party(p)
		}
	}
	return strings.Join(words, " ")
}

// inOtherWords are codes of the contract that do not read as words.
var inOtherWords = map[string]string{"target_on": "a target date", "cpd_support": "development and support"}

func (w *handbookWriter) listInWords(list []any) string {
	if len(list) == 0 {
		return "none"
	}
	words := make([]string, len(list))
	for i, item := range list {
		words[i] = w.inWords(item)
	}
	between := ", "
	if _, records := list[0].(map[string]any); records {
		between = "; "
	}
	return strings.Join(words, between)
}

// recordInWords writes a date rule or a condition as a phrase, and any other record by its label
// and what else it says.
func (w *handbookWriter) recordInWords(record map[string]any) string {
	if _, is := record["anchor"]; is {
		return ruleInWords(decoded[schooltime.Rule](record))
	}
	for _, name := range []string{"all", "any", "not", "fact"} {
		if _, is := record[name]; is {
			return w.condition(decoded[Condition](record))
		}
	}
	if len(record) == 0 {
		return "everybody"
	}
	label, _ := record["label"].(string)
	if one, many := record["one"], record["many"]; one != nil {
		return fmt.Sprintf("%v, %v", one, many)
	}
	var more []string
	for _, name := range names(record) {
		if name != "label" && (name != "code" || label == "") {
			more = append(more, strings.ReplaceAll(name, "_", " ")+" "+w.inWords(record[name]))
		}
	}
	switch {
	case label == "":
		return strings.Join(more, ", ")
	case len(more) == 0:
		return label
	}
	return label + " (" + strings.Join(more, ", ") + ")"
}

func decoded[T any](record map[string]any) (v T) {
	_ = json.Unmarshal(canonical(record), &v) // a parsed document decodes
	return v
}

// party is somebody who acts, in the trust's own words; empty for what is no party.
func (w *handbookWriter) party(p Party) string {
	switch p {
	case Reviewee, Reviewer, Head:
		return w.fill("the {" + string(p) + "}")
	case HR:
		return w.fill("{hr}")
	case ReviewersReviewer:
		return w.fill("whoever reviews the {reviewer}")
	case Both:
		return w.fill("both, the {reviewee} and the {reviewer}")
	case LineManager:
		return "the line manager"
	}
	if code, office := strings.CutPrefix(string(p), "office:"); office {
		return "the " + strings.ReplaceAll(code, "_", " ")
	}
	return ""
}

func (w *handbookWriter) parties(list []Party) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = w.codeInWords(string(p))
	}
	if len(words) == 0 {
		return "nobody"
	}
	return strings.Join(words, ", ")
}

// opWords are the comparisons as they are said.
var opWords = map[string]string{"is": "is", "is_not": "is not", "in": "is one of", "at_least": "is at least", "at_most": "is at most",
	"on_or_after": "is on or after", "before": "is before", "known": "is known", "has": "include"}

// condition writes whom a condition concerns.
func (w *handbookWriter) condition(c Condition) string {
	each := func(list []Condition, word string) string {
		parts := make([]string, len(list))
		for i, part := range list {
			parts[i] = w.condition(part)
		}
		return strings.Join(parts, word)
	}
	switch {
	case len(c.All) > 0:
		return each(c.All, " and ")
	case len(c.Any) > 0:
		return "(" + each(c.Any, " or ") + ")"
	case c.Not != nil:
		if said, ok := plainly(*c.Not, true); ok {
			return said
		}
		if c.Not.Fact != "" && c.Not.Op == "in" || c.Not.Op == "is" {
			return strings.Replace(w.condition(*c.Not), " is ", " is not ", 1)
		}
		return "not (" + w.condition(*c.Not) + ")"
	case c.Fact == "":
		return "everybody"
	}
	if said, ok := plainly(c, false); ok {
		return said
	}
	name := factWords[c.Fact]
	if name == "" {
		name = strings.ReplaceAll(c.Fact, "_", " ")
	}
	words := name + " " + opWords[c.Op]
	if c.Value == nil {
		return words
	}
	return words + " " + w.inWords(decodedValue(c.Value))
}

// decodedValue reads a condition's value as a tree has it.
func decodedValue(v any) any {
	tree, _ := readTreeJSON(canonical(map[string]any{"v": v}))
	object, _ := tree.(map[string]any)
	return object["v"]
}

// ruleInWords writes a date rule.
func ruleInWords(r schooltime.Rule) string {
	if r.IsZero() {
		return "no date"
	}
	var words string
	from := map[schooltime.Anchor]string{schooltime.CycleStart: "the start of the year", schooltime.CycleEnd: "the end of the year",
		schooltime.Joining: "joining", schooltime.StepDone: "the step " + strings.ReplaceAll(r.Step, "_", " ") + " is done",
		schooltime.HalfTermEnd: "the last school day of " + strings.ReplaceAll(r.HalfTerm, "_", " half term ")}[r.Anchor]
	switch {
	case r.MonthDay != "":
		words = monthDayInWords(r.MonthDay)
		if r.Anchor != schooltime.CycleStart {
			words += ", the first after " + from
		}
	default:
		words = offsetInWords(r) + from
	}
	if r.FromFirst {
		words += ", that day counted"
	}
	return words + map[schooltime.Weekend]string{schooltime.NextWorkingDay: ", or the next working day", schooltime.PreviousWorkingDay: ", or the working day before"}[r.Weekend]
}

func offsetInWords(r schooltime.Rule) string {
	days := map[string]string{"working_days": "working day", "school_days": "school day"}[string(r.In)]
	if days == "" {
		days = "day"
	}
	var parts []string
	before := false
	for _, n := range []struct {
		many int
		unit string
	}{{r.Months, "month"}, {r.Weeks, "week"}, {r.Days, days}} {
		if n.many != 0 {
			before = n.many < 0
			parts = append(parts, counted(max(n.many, -n.many), n.unit))
		}
	}
	switch {
	case len(parts) == 0 && r.Anchor == schooltime.StepDone:
		return "when "
	case len(parts) == 0:
		return ""
	case before:
		return strings.Join(parts, " and ") + " before "
	}
	return strings.Join(parts, " and ") + " after "
}

func counted(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

func monthDayInWords(monthDay string) string {
	t, err := time.Parse("2006-01-02", "2000-"+monthDay)
	if err != nil {
		return monthDay
	}
	return t.Format("2 January")
}

// when tells a deadline: the day of this year where it is known, else its rule in words.
func (w *handbookWriter) when(code string, r schooltime.Rule) string {
	if day := w.dates[code]; !day.IsZero() {
		return day.Time().Format("Monday 2 January 2006")
	}
	return ruleInWords(r)
}
