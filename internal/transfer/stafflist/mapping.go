package stafflist

import (
	"fmt"
	"strings"
)

// lost reports a column whose field another column won.
func (c *Column) lost(winner int) Problem {
	message := fmt.Sprintf("column %d is for the same field and was used", winner)
	if c.Status == ColumnFallback {
		message += "; this one only fills its empty cells"
	}
	return Problem{Column: c.Index, Header: c.Header, Field: c.Field, Code: CodeColumnNotUsed, Message: message}
}

// settleFullName marks a full name beside both separate names as the fallback
// that it is.
func settleFullName(columns []Column) {
	if !uses(columns, FieldGivenName) || !uses(columns, FieldFamilyName) {
		return
	}
	for i := range columns {
		if columns[i].Field == FieldFullName {
			columns[i].Status = ColumnFallback
		}
	}
}

func uses(columns []Column, field Field) bool {
	for i := range columns {
		if columns[i].Field == field && columns[i].Status == ColumnUsed {
			return true
		}
	}
	return false
}

// requireNames is the one demand on a file's columns.
func requireNames(columns []Column, line int) *FileError {
	given, family := uses(columns, FieldGivenName), uses(columns, FieldFamilyName)
	if uses(columns, FieldFullName) || given && family {
		return nil
	}
	var missing []string
	if !given {
		missing = append(missing, "a forename column ("+anyOf(FieldGivenName)+")")
	}
	if !family {
		missing = append(missing, "a surname column ("+anyOf(FieldFamilyName)+")")
	}
	message := fmt.Sprintf("the list needs %s; or one column called %s", strings.Join(missing, " and "), anyOf(FieldFullName))
	if !known(columns) {
		message += "; no heading on this line is known: does the list begin with its headings?"
	}
	return fileError(line, 0, CodeMissingColumn, "%s", message)
}

func anyOf(field Field) string {
	return strings.Join(specOf(field).info().Aliases, ", ")
}

func known(columns []Column) bool {
	for i := range columns {
		if columns[i].Status == ColumnUsed {
			return true
		}
	}
	return false
}
