package stafflist

import "github.com/perennial-api/perennial/internal/schooltime"

// Row is one post of one person: a person with posts at two schools has two
// rows. A nil pointer is a cell that was empty, or a column that was not there;
// List.Has tells which. Texts are trimmed, on one line, and composed (NFC).
type Row struct {
	// Line is the physical line of the file on which the record starts.
	Line int

	ExternalID    *string
	PayrollNumber *string
	TRN           *string // seven digits
	Title         *string
	GivenName     *string // stated in every row without errors
	FamilyName    *string // stated in every row without errors
	Email         *string
	Initials      *string
	JobTitle      *string
	Role          *Role
	Department    *string
	Tags          []string // the trust's own codes, in lower_snake form
	LineManager   *ManagerRef
	School        *string // its name, URN, LAESTAB number, code or id, as written
	Current       *bool   // false: the source says that the person has left

	StartOn           *schooltime.Date
	EndOn             *schooltime.Date
	ContractEndOn     *schooltime.Date
	InductionStartsOn *schooltime.Date
	InductionEndsOn   *schooltime.Date
	ProbationEndsOn   *schooltime.Date

	FTE        *int // ten-thousandths of full time: 8000 is 0.8
	PayRange   *string
	PayPoint   *string
	TopOfRange *bool
	Contract   *Contract
	QTS        *bool

	// Errors are reasons not to import the row.
	Errors []Problem
	// Warnings are what a person should look at.
	Warnings []Problem
}

// Role is the kind of staff that a row says the person is.
type Role struct {
	// Code is RoleTeacher or RoleSupport where the text means one of them, else
	// the text in lower_snake form.
	Code string
	// Text is the role as written. For a yes/no column of teaching staff it is
	// that yes or no.
	Text string
}

// The roles that many spellings are read as.
const (
	RoleTeacher = "teacher"
	RoleSupport = "support"
)

// ManagerKind is how a row names the line manager.
type ManagerKind string

// The ways to name a line manager. An id is known by its column's heading, by
// its shape, or by being the external id of another row.
const (
	ManagerEmail      ManagerKind = "email"
	ManagerExternalID ManagerKind = "external_id"
	ManagerName       ManagerKind = "name"
)

// ManagerRef is a line manager as a row names them, not yet looked up.
type ManagerRef struct {
	Kind ManagerKind
	Text string
}

// Contract is how long a post is for.
type Contract string

// The contracts that are told apart.
const (
	Permanent Contract = "permanent"
	FixedTerm Contract = "fixed_term"
)

// key is what the row's person is known by inside the file: the first stated of
// the external id, the teacher reference number, the payroll number and the
// e-mail address. It is never the name.
func (r *Row) key() (field Field, value string) {
	for _, k := range []struct {
		field Field
		value *string
	}{
		{FieldExternalID, r.ExternalID},
		{FieldTRN, r.TRN},
		{FieldPayrollNumber, r.PayrollNumber},
		{FieldEmail, r.Email},
	} {
		if k.value != nil {
			return k.field, *k.value
		}
	}
	return "", ""
}

func (r *Row) failed(f Field) bool {
	for _, p := range r.Errors {
		if p.Field == f {
			return true
		}
	}
	return false
}
