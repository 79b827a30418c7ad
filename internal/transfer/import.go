package transfer

import (
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
)

// StaffList is the one kind of import: people and posts, as an MIS exports them.
const StaffList = "staff_list"

// The states of an import.
const (
	Planned = "planned"
	Applied = "applied"
)

// Import is a file that was read and compared with what is there. It may be applied once.
type Import struct {
	record.Row
	Kind      string
	FileName  *string
	State     string
	Content   Content // nothing once it is applied: the file holds personal data
	Plan      Sheet   `gorm:"serializer:json"`
	CreatedBy uuid.UUID
	AppliedAt *time.Time // wall time
}

// Sheet is a plan without its rows, as it is kept and shown.
type Sheet struct {
	Summary  Summary   `json:"summary"`
	Columns  []Column  `json:"columns"`
	Units    []string  `json:"units"` // the names of the schools to create
	Warnings []Problem `json:"warnings"`
	Digest   string    `json:"digest"` // equal for plans that would do the same to the same records
}

// Summary is the plan in numbers of rows.
type Summary struct {
	Rows      int `json:"rows"`
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Errors    int `json:"errors"`
}

// Column is a column of the file, what it was taken for, and why it was not used.
type Column struct {
	Index  int    `json:"index"`
	Header string `json:"header"`
	Field  string `json:"field"` // empty: not used
	Note   string `json:"note"`
}

// Action is what a row does when it is applied.
type Action string

// The actions. A row that is new adds a post, and its person if they are not known yet.
const (
	New       Action = "new"
	Changed   Action = "changed"
	Unchanged Action = "unchanged"
	Failed    Action = "error"
)

// Row is what one row of the file would do. It names fields and never says what is in them.
type Row struct {
	TrustID  uuid.UUID
	ImportID uuid.UUID
	N        int // from 1
	Line     int // of the file
	Action   Action
	PersonID *uuid.UUID // nil until a new person has been created
	PostID   *uuid.UUID
	Changes  []string  `gorm:"serializer:json"`
	Problems []Problem `gorm:"serializer:json"`
}

// TableName names the table.
func (Row) TableName() string { return "import_rows" }

// Problem says what is wrong and where, and repeats nothing of the file but a heading. A row with
// a problem that is no warning is not applied.
type Problem struct {
	Line    int    `json:"line"`   // 0 for the whole file
	Column  int    `json:"column"` // 0 for the whole row
	Header  string `json:"header"`
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Warning bool   `json:"warning"`
}
