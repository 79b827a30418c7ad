package stafflist

import "fmt"

// Code names one kind of problem. Codes are stable: clients may switch on them.
type Code string

// Codes of problems that stop the whole file from being read. They come in a
// FileError.
const (
	CodeEmptyFile        Code = "empty_file"        // nothing, or only blank lines
	CodeFileTooLarge     Code = "file_too_large"    // over MaxBytes
	CodeNotText          Code = "not_text"          // a workbook, or another binary file
	CodeBadEncoding      Code = "bad_encoding"      // the bytes contradict the byte order mark
	CodeTooManyRows      Code = "too_many_rows"     // over MaxRows
	CodeTooManyColumns   Code = "too_many_columns"  // over MaxColumns
	CodeMissingColumn    Code = "missing_column"    // no column for a person's name
	CodeBadMapping       Code = "bad_mapping"       // the caller's mapping names no field of ours
	CodeSensitiveMapping Code = "sensitive_mapping" // the caller's mapping asks for a column that is never kept
	CodeBadHeader        Code = "bad_header"        // the line of headings cannot be read
)

// Codes of errors in one row. A row that has any must not be imported.
const (
	CodeMissingValue      Code = "missing_value"
	CodeBadDate           Code = "bad_date"
	CodeDatesOutOfOrder   Code = "dates_out_of_order"
	CodeBadEmail          Code = "bad_email"
	CodeBadNumber         Code = "bad_number"
	CodeBadYesNo          Code = "bad_yes_no"
	CodeBadTRN            Code = "bad_trn"
	CodeBadName           Code = "bad_name"
	CodeDamagedIdentifier Code = "damaged_identifier" // a spreadsheet turned a number into 1.23E+09
	CodeSpreadsheetError  Code = "spreadsheet_error"  // #REF!, #N/A and their like
	CodeDamagedText       Code = "damaged_text"       // U+FFFD: an accent was lost before we saw it
	CodeControlCharacter  Code = "control_character"
	CodeTooLong           Code = "too_long"
	CodeBadQuotes         Code = "bad_quotes"
	CodeRaggedRow         Code = "ragged_row" // a warning when the row is short
	CodeDuplicateID       Code = "duplicate_external_id"
	CodeDuplicatePerson   Code = "duplicate_person" // as above, for rows without an external id
)

// Codes of warnings. The row, or the file, can still be imported.
const (
	CodeSeveralValues    Code = "several_values"      // the first was taken
	CodeUnknownChoice    Code = "unknown_choice"      // taken as not stated
	CodeNameSplitGuessed Code = "name_split_guessed"  // a full name of three words or more
	CodeTimeIgnored      Code = "time_ignored"        // a date came with a time other than midnight
	CodeDoubleEncoded    Code = "double_encoded_text" // accents look like Ã©
	CodeSameIDOtherName  Code = "same_id_other_name"
	CodeSharedEmail      Code = "shared_email"
	CodeColumnNotUsed    Code = "column_not_used" // another column for the same field won
	CodeMappingUnused    Code = "mapping_unused"  // the caller's mapping names a column that is not there
	CodeMonthFirst       Code = "dates_month_first"
	CodeNotStaff         Code = "not_staff" // a pupil's or parent's row, left out
)

// Problem is one thing wrong with the file, placed where a person can find it.
// Its message says what is wrong and what would be right, and never repeats
// what a cell held.
type Problem struct {
	// Line is the physical line of the file on which the record starts,
	// counted from 1. It is 0 when the problem is the whole file's or a whole
	// column's.
	Line int
	// Column counts from 1. It is 0 when the problem is the whole row's.
	Column int
	// Header is the heading of the column as written, or "".
	Header string
	// Field is the field the column was read as, or "".
	Field   Field
	Code    Code
	Message string
}

// FileError says why no list could be read. Columns shows what was made of the
// headings, when it got that far, so that a mapping can be offered.
type FileError struct {
	Problem
	Columns []Column
}

// Error is the message, with its line when there is one. It holds nothing from
// the file.
func (e *FileError) Error() string {
	if e.Line == 0 {
		return "staff list: " + e.Message
	}
	return fmt.Sprintf("staff list: line %d: %s", e.Line, e.Message)
}

func fileError(line, column int, code Code, format string, args ...any) *FileError {
	return &FileError{Problem: Problem{Line: line, Column: column, Code: code, Message: fmt.Sprintf(format, args...)}}
}
