package stafflist

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/perennial-api/perennial/internal/schooltime"
)

func (p *parser) row(rec record) Row {
	row := Row{Line: rec.line}
	if rec.fault != "" {
		row.fail(CodeBadQuotes, "%s", rec.fault)
		return row
	}
	if p.ragged(&row, rec.cells) {
		return row
	}
	p.refuseCells(&row, rec.cells)
	for s := range specs {
		p.read(&row, s, rec.cells)
	}
	if row.isStaff() {
		p.requireName(&row, FieldGivenName, row.GivenName, "forename")
		p.requireName(&row, FieldFamilyName, row.FamilyName, "surname")
	}
	p.datesInOrder(&row)
	return row
}

func (r *Row) fail(code Code, format string, args ...any) {
	r.Errors = append(r.Errors, Problem{Line: r.Line, Code: code, Message: fmt.Sprintf(format, args...)})
}

// ragged refuses a row that is longer than the headings, since its cells have
// moved. A shorter one only lacks its last cells: spreadsheets leave out empty
// ones.
func (p *parser) ragged(row *Row, cells []string) bool {
	want := len(p.list.Columns)
	if len(cells) > want && !blank(cells[want:]) {
		row.fail(CodeRaggedRow, "the row has %d cells and the headings are %d: put quotes around a cell that holds the delimiter", len(cells), want)
		return true
	}
	if len(cells) < want {
		row.Warnings = append(row.Warnings, Problem{
			Line: row.Line, Code: CodeRaggedRow,
			Message: fmt.Sprintf("the row has %d cells and the headings are %d: the last ones were taken as empty", len(cells), want),
		})
	}
	return false
}

// refuseCells looks at every cell, kept or not, for the two signs of a file
// that was damaged or has lost a quote.
func (p *parser) refuseCells(row *Row, cells []string) {
	for i := range p.list.Columns {
		p.refused[i] = false
		if i >= len(cells) {
			continue
		}
		c := cell{row: row, column: &p.list.Columns[i], field: p.list.Columns[i].Field}
		switch raw := cells[i]; {
		case strings.IndexByte(raw, 0) >= 0:
			c.fail(CodeControlCharacter, "the cell holds a NUL character: export the list again as CSV (UTF-8)")
			p.refused[i] = true
		case len(raw) > MaxCell && utf8.RuneCountInString(raw) > MaxCell:
			c.fail(CodeTooLong, "the cell is longer than %d characters: is a closing quote missing?", MaxCell)
			p.refused[i] = true
		}
	}
}

// read reads one field from the first of its columns that states it.
func (p *parser) read(row *Row, s int, cells []string) {
	for _, i := range p.plan[s] {
		if i >= len(cells) || strings.TrimSpace(cells[i]) == "" {
			continue
		}
		c := &cell{row: row, column: &p.list.Columns[i], field: specs[s].field}
		if p.refused[i] || !c.tidy(cells[i], specs[s].limit) {
			return
		}
		if c.text == "" || specs[s].typed && placeholder(c.text) {
			continue
		}
		specs[s].read(c)
		return
	}
}

func (p *parser) requireName(row *Row, field Field, value *string, word string) {
	if value != nil || row.failed(field) || row.failed(FieldFullName) {
		return
	}
	column := p.list.columnOf(field)
	if column == nil {
		column = p.list.columnOf(FieldFullName)
	}
	c := cell{row: row, column: column, field: field}
	c.fail(CodeMissingValue, "the %s is missing", word)
}

func (p *parser) datesInOrder(row *Row) {
	for _, d := range []struct {
		first, last *schooltime.Date
		field       Field
	}{
		{row.StartOn, row.EndOn, FieldEndOn},
		{row.StartOn, row.ContractEndOn, FieldContractEndOn},
		{row.StartOn, row.ProbationEndsOn, FieldProbationEndsOn},
		{row.InductionStartsOn, row.InductionEndsOn, FieldInductionEndsOn},
	} {
		if d.first != nil && d.last != nil && d.last.Before(*d.first) {
			c := cell{row: row, column: p.list.columnOf(d.field), field: d.field}
			c.fail(CodeDatesOutOfOrder, "the last day is before the first: check both dates")
		}
	}
}
