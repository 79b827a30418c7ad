package main

import (
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/lifecycles"
)

const aboutLifecycles = `# Lifecycles

<!-- Rendered from the lifecycle tables by internal/render; do not edit. -->

A status moves by its table and in no other way. Whether somebody may cause an event now is said by the trust's policy,
the dates and the record; each record answers it in ` + "`allowed_actions`" + `. An event that the table does not have for a
status is refused with 409 ` + "`wrong_status`" + `.
`

// renderLifecycles writes docs/lifecycles.md: every table as a diagram and as rows.
func renderLifecycles() []byte {
	m := &markdown{}
	m.line("%s", aboutLifecycles)
	for _, d := range lifecycles.All {
		m.line("## %s\n\n%s\n\n`%s`\n\n```mermaid\nstateDiagram-v2", d.Title, d.About, d.Table)
		m.line("    [*] --> %s", d.Start)
		for _, a := range arrows(d) {
			m.line("    %s", a)
		}
		m.line("```\n")
		m.table("from", "event", "to")
		for _, move := range d.InOrder() {
			m.row(move.From, move.Event, move.To)
		}
		m.line("")
	}
	return []byte(m.String())
}

// arrows draws events between the same two statuses as one arrow, and the end of whatever has no
// way on.
func arrows(d lifecycles.Drawing) []string {
	var arrows, ends []string
	moves := d.InOrder()
	for i, m := range moves {
		same := func(o lifecycle.Move) bool { return o.From == m.From && o.To == m.To }
		if slices.IndexFunc(moves, same) == i {
			arrows = append(arrows, m.From+" --> "+m.To+": "+strings.Join(events(d, same), ", "))
		}
		if !slices.ContainsFunc(moves, func(o lifecycle.Move) bool { return o.From == m.To && o.To != m.To }) && !slices.Contains(ends, m.To) {
			ends = append(ends, m.To)
		}
	}
	for _, status := range ends {
		arrows = append(arrows, status+" --> [*]")
	}
	return arrows
}

func events(d lifecycles.Drawing, of func(lifecycle.Move) bool) []string {
	var out []string
	for _, m := range d.Moves {
		if of(m) {
			out = append(out, m.Event)
		}
	}
	return out
}
