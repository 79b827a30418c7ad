package stafflist

import (
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// Field is what a column of a staff list can be read as.
type Field string

// The fields. FieldFullName fills FieldGivenName and FieldFamilyName.
const (
	FieldExternalID        Field = "external_id"
	FieldPayrollNumber     Field = "payroll_number"
	FieldTRN               Field = "trn"
	FieldTitle             Field = "title"
	FieldGivenName         Field = "given_name"
	FieldFamilyName        Field = "family_name"
	FieldFullName          Field = "full_name"
	FieldEmail             Field = "email"
	FieldInitials          Field = "initials"
	FieldJobTitle          Field = "job_title"
	FieldRole              Field = "role"
	FieldDepartment        Field = "department"
	FieldLineManager       Field = "line_manager"
	FieldSchool            Field = "school"
	FieldCurrent           Field = "current"
	FieldStartOn           Field = "start_on"
	FieldEndOn             Field = "end_on"
	FieldContract          Field = "contract"
	FieldContractEndOn     Field = "contract_end_on"
	FieldFTE               Field = "fte"
	FieldPayRange          Field = "pay_range"
	FieldPayPoint          Field = "pay_point"
	FieldTopOfRange        Field = "top_of_range"
	FieldQTS               Field = "qts"
	FieldInductionStartsOn Field = "induction_starts_on"
	FieldInductionEndsOn   Field = "induction_ends_on"
	FieldProbationEndsOn   Field = "probation_ends_on"
	FieldTags              Field = "tags"
)

// FieldInfo describes a field to people: in the documentation, and in the
// answer that shows how a file's columns were read.
type FieldInfo struct {
	Field       Field
	Description string
	// Aliases are the headings that are taken for the field, best first. Case,
	// blanks and punctuation do not count. The field's own name is one too.
	Aliases []string
	// MaxLength is in characters.
	MaxLength int
}

// Fields returns every field, in the order in which documentation shows them.
func Fields() []FieldInfo {
	infos := make([]FieldInfo, 0, len(specs))
	for i := range specs {
		infos = append(infos, specs[i].info())
	}
	return infos
}

// spec is all that is known about a field.
type spec struct {
	field       Field
	description string
	// aliases come in groups, the better first: of two columns for one field
	// the better group's wins, and within a group the one further left.
	aliases [][]string
	limit   int // characters
	// fallback lets a losing column fill the winner's empty cells. It is only
	// for fields whose columns all name the same thing in the same manner:
	// an id of another system must never stand in for a missing one.
	fallback bool
	// typed fields take "n/a" and "-" for an empty cell.
	typed bool
	read  func(*cell)
}

func (s *spec) info() FieldInfo {
	return FieldInfo{Field: s.field, Description: s.description, Aliases: slices.Concat(s.aliases...), MaxLength: s.limit}
}

// Readers of fields that hold nothing but a text, a day or a yes or no.

func text(at func(*Row) **string) func(*cell) {
	return func(c *cell) { *at(c.row) = new(c.text) }
}

// identifier takes only what cannot be anybody's initials for "nothing".
func identifier(at func(*Row) **string) func(*cell) {
	return func(c *cell) {
		if c.text == "-" || strings.EqualFold(c.text, "n/a") {
			return
		}
		if scientific.MatchString(c.text) {
			c.fail(CodeDamagedIdentifier, roundedNumber)
			return
		}
		*at(c.row) = new(c.text)
	}
}

func day(at func(*Row) **schooltime.Date) func(*cell) {
	return func(c *cell) {
		switch r := readDate(c.text); {
		case r.monthFirst:
			c.column.monthFirst = true
			c.fail(CodeBadDate, "there is no such month: dates are read with the day first; %s", dateFormats)
		case !r.ok:
			c.fail(CodeBadDate, "this is not a date that can be read: %s", dateFormats)
		default:
			if r.clock {
				c.warn(CodeTimeIgnored, "the date has a time of day, which was left out: check that the day is right in British time")
			}
			*at(c.row) = new(r.date)
		}
	}
}

func flag(at func(*Row) **bool) func(*cell) {
	return func(c *cell) {
		value, ok := readYesNo(c.text)
		if !ok {
			c.fail(CodeBadYesNo, "write yes or no (Y, N, true, false, 1 and 0 will do)")
			return
		}
		*at(c.row) = &value
	}
}
