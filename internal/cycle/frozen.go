package cycle

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// frozen refuses a policy that changes, for any unit or staff group, what does not change while a
// cycle runs. Of a frozen parameter three things may still change: what was unset may be filled,
// dates may move later, and wording may improve.
func (c Cycle) frozen(before, after *policy.Document, calendars ...*schooltime.Calendar) error {
	f := &freeze{cycle: c, calendars: append(calendars, nil, schooltime.SampleCalendar()), seen: map[string]bool{}}
	for _, unit := range union([]string{""}, before.Schools(), after.Schools()) {
		for _, group := range union([]string{""}, before.Groups(""), after.Groups(""), before.Groups(unit), after.Groups(unit)) {
			f.compare(before, after, unit, group)
		}
	}
	return refused(f.refusals)
}

func union(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}

// freeze collects the frozen paths that two policies disagree about, each once.
type freeze struct {
	cycle     Cycle
	calendars []*schooltime.Calendar // of the trust's units, none, and a plain one
	seen      map[string]bool
	refusals  []fault.Refusal
}

func (f *freeze) compare(before, after *policy.Document, unit, group string) {
	now := map[string]any{}
	for _, v := range policy.Values(after, unit, group) {
		now[v.Path] = v.Value
	}
	resolved := before.Resolve(unit, group)
	for _, was := range policy.Values(before, unit, group) {
		if !frozenPaths()[leafOf(was.Path)] {
			continue
		}
		for _, at := range f.differences(was.Path, was.Value, now[was.Path]) {
			f.refuse(at, &fault.Citation{Parameter: was.Path, Value: cited(was.Value), Origin: resolved.Origin(was.Path)})
		}
	}
}

// leafOf is the leaf that a path belongs to; each form is a value of its own.
func leafOf(path string) string {
	if strings.HasPrefix(path, "forms.") {
		return "forms"
	}
	return path
}

func frozenPaths() map[string]bool {
	paths := map[string]bool{}
	for _, l := range policy.Leaves() {
		paths[l.Path] = l.In(policy.ScopeFrozen)
	}
	return paths
}

// cited is the value of a parameter where it is short enough to help; a list or form is not.
func cited(v any) any {
	switch v.(type) {
	case map[string]any, []any:
		return nil
	}
	return v
}

func (f *freeze) refuse(path string, by *fault.Citation) {
	if f.seen[path] {
		return
	}
	f.seen[path] = true
	f.refusals = append(f.refusals, fault.Refusal{Code: "frozen_while_open", Policy: by,
		Detail:  fmt.Sprintf("%.300s does not change while the cycle is open.", path),
		Unblock: "Leave it for the next cycle; only wording, later dates and what was unset may change now."})
}

// wording are the parts of a record that are only shown.
var wording = []string{"label", "help", "questions", "remark"}

// fillable are the parts of a grid's cells and boxes that may be unset.
var fillable = []string{"rating", "number"}

// differences lists the places in which two values differ by more than may change.
func (f *freeze) differences(path string, was, is any) []string {
	if reflect.DeepEqual(was, is) {
		return nil
	}
	switch old := was.(type) {
	case map[string]any:
		now, ok := is.(map[string]any)
		if ok && isDateRule(old, now) {
			return f.dates(path, old, now)
		}
		if ok {
			return f.records(path, old, now)
		}
	case []any:
		if now, ok := is.([]any); ok {
			return f.lists(path, old, now)
		}
	}
	return []string{path}
}

func (f *freeze) records(path string, was, is map[string]any) []string {
	var found []string
	for _, name := range union(slices.Collect(maps.Keys(was)), slices.Collect(maps.Keys(is))) {
		old, had := was[name]
		now, has := is[name]
		at := path + "." + name
		switch {
		case slices.Contains(wording, name):
		case had && has && name == "cells" && path == "outcome.grid":
			found = append(found, f.cells(at, old, now)...)
		case had && has:
			found = append(found, f.differences(at, old, now)...)
		case has && mayFill(path, name):
		default:
			found = append(found, at)
		}
	}
	return found
}

// mayFill says whether a member that was absent may be given: a rating of a cell or box, and the
// deadline of a step.
func mayFill(path, name string) bool {
	return strings.HasPrefix(path, "outcome.grid.") && slices.Contains(fillable, name) ||
		strings.Contains(path, ".chain[") && name == "due"
}

// lists compares lists element by element; what is added, removed or moved is a difference.
func (f *freeze) lists(path string, was, is []any) []string {
	if len(was) != len(is) {
		return []string{path}
	}
	var found []string
	for i := range was {
		found = append(found, f.differences(fmt.Sprintf("%s[%d]", path, i), was[i], is[i])...)
	}
	return found
}

// cells compares the cells of a grid by their row and column: one that was missing may be added,
// one that was rated stays.
func (f *freeze) cells(path string, was, is any) []string {
	old, now := byPlace(was), byPlace(is)
	var found []string
	for _, place := range slices.Sorted(maps.Keys(old)) {
		found = append(found, f.differences(path+"."+place, old[place], now[place])...)
	}
	return found
}

func byPlace(cells any) map[string]any {
	list, _ := cells.([]any)
	places := map[string]any{}
	for _, c := range list {
		record, _ := c.(map[string]any)
		places[fmt.Sprintf("%v.%v", record["row"], record["column"])] = c
	}
	return places
}

func isDateRule(was, is map[string]any) bool {
	_, a := was["anchor"]
	_, b := is["anchor"]
	return a && b
}

// dates lets a date rule change to one that yields a later day, or the same, for everybody:
// tried by every calendar on the whole period, on joiners of each month, and on periods that end in each month.
func (f *freeze) dates(path string, was, is map[string]any) []string {
	old, ok1 := dateRule(was)
	now, ok2 := dateRule(is)
	sameStep := old.Step == now.Step && (old.Anchor == schooltime.StepDone) == (now.Anchor == schooltime.StepDone)
	if !ok1 || !ok2 || !sameStep {
		return []string{path}
	}
	for _, by := range f.calendars {
		if by == nil && (old.NeedsCalendar() || now.NeedsCalendar()) {
			continue // whoever has none has no day by either
		}
		for _, a := range f.cycle.samples(old, now) {
			a.Calendar = by
			before, err1 := old.On(a)
			after, err2 := now.On(a)
			if err1 != nil || err2 != nil || after.Before(before) {
				return []string{path}
			}
		}
	}
	return nil
}

func dateRule(v map[string]any) (schooltime.Rule, bool) {
	var r schooltime.Rule
	raw, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	return r, err == nil
}

// samples are the days of appraisals that a cycle may have. Two days of the year, or two half terms,
// are compared for the whole period only: whoever joins between them would have had a year more by
// the first.
func (c Cycle) samples(old, now schooltime.Rule) []schooltime.Anchors {
	var found []schooltime.Anchors
	add := func(from, to schooltime.Date) {
		found = append(found, schooltime.Anchors{CycleStart: from, CycleEnd: to, Joining: from, Steps: map[string]schooltime.Date{old.Step: to}})
	}
	add(c.StartsOn, c.EndsOn)
	halfTerms := old.Anchor == schooltime.HalfTermEnd && now.Anchor == schooltime.HalfTermEnd
	if halfTerms || old.MonthDay != "" && now.MonthDay != "" && old.Anchor == now.Anchor {
		return found
	}
	for month := 1; c.StartsOn.AddMonths(month).Before(c.EndsOn); month++ {
		add(c.StartsOn.AddMonths(month), c.EndsOn)
		add(c.StartsOn, c.EndsOn.AddMonths(-month))
	}
	return found
}
