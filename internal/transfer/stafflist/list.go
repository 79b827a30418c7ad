package stafflist

import "iter"

// Limits of a file. The biggest trusts have some 5,000 staff.
const (
	MaxBytes   = 10 << 20
	MaxRows    = 20000 // without the headings and blank lines
	MaxColumns = 200
	MaxCell    = 4000 // characters
)

// Options change how a file is read.
type Options struct {
	// Mapping overrules what columns are read as, by heading. Headings are
	// compared without case, blanks and punctuation. An empty field ignores the
	// column. Headings that the file does not have are only warned about, so
	// that a saved mapping serves several exports.
	Mapping map[string]Field
}

// List is a staff list that could be read, with what is wrong with its rows.
type List struct {
	Encoding  Encoding
	Delimiter rune
	// Columns are the file's columns in order, and what each was read as.
	Columns []Column
	// Rows are the file's rows in order, those with errors among them.
	Rows []Row
	// Warnings are about the file or a whole column.
	Warnings []Problem
	// Skipped has a problem of code not_staff for each row that is a pupil's, a
	// parent's or a guardian's, as OneRoster's users file has them.
	Skipped []Problem
}

// Has says whether the file states the field in any column. When it does not,
// a row's nil means that nothing is known, and must not blank what is stored.
func (l *List) Has(field Field) bool {
	if uses(l.Columns, field) {
		return true
	}
	return (field == FieldGivenName || field == FieldFamilyName) && uses(l.Columns, FieldFullName)
}

// Good yields the rows without errors.
func (l *List) Good() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for i := range l.Rows {
			if len(l.Rows[i].Errors) == 0 && !yield(&l.Rows[i]) {
				return
			}
		}
	}
}

// Errors are the errors of all rows, in the order of the file.
func (l *List) Errors() []Problem {
	var all []Problem
	for i := range l.Rows {
		all = append(all, l.Rows[i].Errors...)
	}
	return all
}

// columnOf returns the column that the field is mainly read from, or nil.
func (l *List) columnOf(field Field) *Column {
	for i := range l.Columns {
		if l.Columns[i].Field == field && l.Columns[i].Status == ColumnUsed {
			return &l.Columns[i]
		}
	}
	return nil
}
