package stafflist

import (
	"fmt"
	"strings"
)

// compareRows finds what only shows between rows. It follows one rule about
// people: the same key is the same person, who may have several posts.
func (l *List) compareRows() {
	posts := map[string]int{}  // key, school and job title -> row
	people := map[string]int{} // key -> first row
	emails := map[string]int{} // address -> first row
	ids := map[string]bool{}
	for i := range l.Rows {
		row := &l.Rows[i]
		if row.ExternalID != nil {
			ids[*row.ExternalID] = true
		}
		field, value := row.key()
		if field == "" {
			continue
		}
		person := string(field) + "\x00" + fold(&value)
		if field == FieldExternalID {
			person = string(field) + "\x00" + value
		}
		post := person + "\x00" + fold(row.School) + "\x00" + fold(row.JobTitle)
		if first, ok := posts[post]; ok {
			l.duplicatePost(row, &l.Rows[first], field)
			continue
		}
		posts[post] = i
		l.comparePerson(i, person, field, people)
		l.compareEmail(i, emails, people, person)
	}
	l.refineManagers(ids)
}

func (l *List) duplicatePost(row, first *Row, field Field) {
	code := CodeDuplicatePerson
	if field == FieldExternalID {
		code = CodeDuplicateID
	}
	c := cell{row: row, column: l.columnOf(field), field: field}
	c.fail(code, "lines %d and %d are the same person in the same post: leave one out, or give them different schools or job titles", first.Line, row.Line)
}

// comparePerson warns of an identifier that two people seem to share.
func (l *List) comparePerson(i int, person string, field Field, people map[string]int) {
	first, ok := people[person]
	if !ok {
		people[person] = i
		return
	}
	row, other := &l.Rows[i], &l.Rows[first]
	if fold(row.FamilyName) == fold(other.FamilyName) && fold(row.GivenName) == fold(other.GivenName) {
		return
	}
	c := cell{row: row, column: l.columnOf(field), field: field}
	c.warn(CodeSameIDOtherName, "lines %d and %d are taken for one person but have different names: check the identifier", other.Line, row.Line)
}

// compareEmail warns of an address that two people share, since it is also how
// they sign in.
func (l *List) compareEmail(i int, emails, people map[string]int, person string) {
	row := &l.Rows[i]
	if row.Email == nil {
		return
	}
	address := fold(row.Email)
	first, ok := emails[address]
	if !ok {
		emails[address] = people[person]
		return
	}
	if first == people[person] {
		return
	}
	c := cell{row: row, column: l.columnOf(FieldEmail), field: FieldEmail}
	c.warn(CodeSharedEmail, "lines %d and %d are different people with one e-mail address", l.Rows[first].Line, row.Line)
}

// refineManagers makes an id of a line manager's text that is the external id
// of a row of this file, such as a staff code without digits.
func (l *List) refineManagers(ids map[string]bool) {
	for i := range l.Rows {
		if m := l.Rows[i].LineManager; m != nil && m.Kind == ManagerName && ids[m.Text] {
			m.Kind = ManagerExternalID
		}
	}
}

// warnMonthFirst looks past the dates that failed: in an American file the
// other dates of the column are read too, and wrongly.
func (l *List) warnMonthFirst() {
	for i := range l.Columns {
		c := &l.Columns[i]
		if !c.monthFirst {
			continue
		}
		l.Warnings = append(l.Warnings, Problem{
			Column: c.Index, Header: c.Header, Field: c.Field, Code: CodeMonthFirst,
			Message: fmt.Sprintf("column %d seems to have dates with the month first: all its dates may be wrong, so export it with the day first or as 2026-09-01", c.Index),
		})
	}
}

func fold(text *string) string {
	if text == nil {
		return ""
	}
	return strings.ToLower(*text)
}
