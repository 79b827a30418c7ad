package stafflist

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// formulaStarts are the characters that make a spreadsheet take a cell for a
// formula (OWASP, CSV Injection).
const formulaStarts = "=+-@\t\r\n"

// ProtectCell puts an apostrophe in front of a value that a spreadsheet would
// run as a formula. An export writes every text through it; Parse takes the
// apostrophe off again, so that a list goes out and comes back unchanged.
func ProtectCell(value string) string {
	if formulaLike(value) {
		return "'" + value
	}
	return value
}

// formulaLike looks behind leading apostrophes: a value that itself begins with
// '= has to gain a second apostrophe, since Parse takes off one.
func formulaLike(value string) bool {
	rest := strings.TrimLeft(value, "'")
	return rest != "" && strings.IndexByte(formulaStarts, rest[0]) >= 0
}

func unprotectCell(value string) string {
	if strings.HasPrefix(value, "'") && formulaLike(value) {
		return value[1:]
	}
	return value
}

// cell is one cell on its way into a row.
type cell struct {
	row    *Row
	column *Column
	field  Field
	text   string
}

func (c *cell) problem(code Code, format string, args []any) Problem {
	return Problem{
		Line: c.row.Line, Column: c.column.Index, Header: c.column.Header, Field: c.field,
		Code: code, Message: fmt.Sprintf(format, args...),
	}
}

func (c *cell) fail(code Code, format string, args ...any) {
	c.row.Errors = append(c.row.Errors, c.problem(code, format, args))
}

func (c *cell) warn(code Code, format string, args ...any) {
	c.row.Warnings = append(c.row.Warnings, c.problem(code, format, args))
}

// tidy makes the raw text of a cell that is kept into one line of NFC text, or
// reports why it cannot be kept.
func (c *cell) tidy(raw string, limit int) bool {
	if !isTidy(raw) && strings.IndexFunc(raw, isControl) >= 0 {
		c.fail(CodeControlCharacter, "the cell holds a control character: type it again in the source system")
		return false
	}
	c.text = tidyText(raw)
	switch {
	case strings.ContainsRune(c.text, utf8.RuneError):
		c.fail(CodeDamagedText, "the cell holds a replacement character, so an accent was lost before the file was sent: export it again as CSV (UTF-8)")
	case utf8.RuneCountInString(c.text) > limit:
		c.fail(CodeTooLong, "the cell is longer than %d characters", limit)
	case slices.Contains(spreadsheetErrors, c.text):
		c.fail(CodeSpreadsheetError, "the cell holds a spreadsheet's error and not a value: mend the formula, or leave the cell empty")
	default:
		if doubleEncoded(c.text) {
			c.warn(CodeDoubleEncoded, "the accents in the cell look damaged: open the export as UTF-8, or export it again as CSV (UTF-8)")
		}
		return true
	}
	return false
}

// tidyText trims the text and its inner white space, drops characters that
// cannot be seen, takes off the apostrophe of ProtectCell and composes accents.
func tidyText(raw string) string {
	if isTidy(raw) {
		return raw
	}
	ascii := isASCII(raw)
	if !ascii {
		raw = strings.Map(dropInvisible, raw)
	}
	text := strings.Join(strings.Fields(unprotectCell(strings.TrimSpace(raw))), " ")
	if ascii {
		return text
	}
	return norm.NFC.String(text)
}

// isTidy knows most cells at a glance: ASCII that can be seen, with single
// blanks inside and no apostrophe in front.
func isTidy(raw string) bool {
	if raw == "" || raw[0] == '\'' || raw[len(raw)-1] == ' ' {
		return false
	}
	previous := byte(' ')
	for i := 0; i < len(raw); i++ {
		if raw[i] < ' ' || raw[i] > '~' || raw[i] == ' ' && previous == ' ' {
			return false
		}
		previous = raw[i]
	}
	return true
}

func dropInvisible(r rune) rune {
	if invisible(r) {
		return -1
	}
	return r
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isControl leaves out the three that break lines or columns inside quotes:
// those are white space.
func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r'
}

// invisible names the characters that come along with text copied from a mail
// or a web page. The joiners U+200C and U+200D are not among them: some names
// are spelt with them.
func invisible(r rune) bool {
	switch {
	case r == '\u00ad', r == '\u200b', r == '\u200e', r == '\u200f', r == '\u2060', r == '\ufeff':
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// doubleEncoded finds UTF-8 that was once read as Windows-1252: text whose
// Windows-1252 bytes are, by themselves, good UTF-8.
func doubleEncoded(text string) bool {
	if isASCII(text) {
		return false
	}
	bytes, err := charmap.Windows1252.NewEncoder().String(text)
	return err == nil && utf8.ValidString(bytes)
}

var spreadsheetErrors = []string{"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#N/A", "#SPILL!", "#CALC!", "########"}

// scientific is what Excel makes of a long number in a narrow column.
var scientific = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+[0-9]+$`)

const roundedNumber = "a spreadsheet has rounded this number (it looks like 1.23E+09): format the column as text and export again"

// placeholder says that the text is a way to write "nothing". It is asked only
// of dates, numbers and the like: Null and Na are people's names.
func placeholder(text string) bool {
	switch strings.ToLower(text) {
	case "-", "--", ".", "?", "n/a", "na", "nil", "none", "null", "not applicable", "not known", "unknown", "tbc":
		return true
	}
	return false
}
