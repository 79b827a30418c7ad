package stafflist

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

const (
	trnDigits = 7
	// fullTime is an FTE of 1 in ten-thousandths. Two posts in one row can come
	// to more, but not to more than maxFTE: that would be hours, or a per cent
	// without its sign.
	fullTime = 10000
	maxFTE   = 15000
)

func readYesNo(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "yes", "y", "1", "true", "t", "on":
		return true, true
	case "no", "n", "0", "false", "f", "off":
		return false, true
	}
	return false, false
}

// readTRN accepts the older form with a slash, 12/34567, and blanks.
func readTRN(c *cell) {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" /-", r) {
			return -1
		}
		return r
	}, c.text)
	if len(digits) != trnDigits || strings.Trim(digits, "0123456789") != "" {
		c.fail(CodeBadTRN, "a teacher reference number has %d digits: if a spreadsheet has dropped a leading zero, format the column as text", trnDigits)
		return
	}
	c.row.TRN = &digits
}

func readTitle(c *cell) {
	if title := strings.TrimSpace(strings.TrimSuffix(c.text, ".")); title != "" {
		c.row.Title = &title
	}
}

// readFullName fills what separate columns have left empty.
func readFullName(c *cell) {
	if c.row.GivenName != nil && c.row.FamilyName != nil {
		return
	}
	name, ok := SplitName(c.text)
	if !ok {
		c.fail(CodeBadName, "write \"Surname, Forename\" or \"Forename Surname\"")
		return
	}
	if name.Guessed {
		c.warn(CodeNameSplitGuessed, "where the surname begins was guessed: check it, or write \"Surname, Forename\"")
	}
	if c.row.GivenName == nil {
		c.row.GivenName = &name.Given
	}
	if c.row.FamilyName == nil {
		c.row.FamilyName = &name.Family
	}
	if c.row.Title == nil && name.Title != "" {
		c.row.Title = &name.Title
	}
}

func readEmailCell(c *cell) {
	if address, ok := c.email(); ok {
		c.row.Email = &address
	}
}

func (c *cell) email() (string, bool) {
	address, several, ok := readEmail(c.text)
	if !ok {
		c.fail(CodeBadEmail, "this is not an e-mail address such as name@school.sch.uk: plain letters, one @ and no blanks")
		return "", false
	}
	if several {
		c.warn(CodeSeveralValues, "the cell has several e-mail addresses: the first was taken")
	}
	return address, true
}

// readSchool takes the first id of OneRoster 1.1's list of schools. A school's
// name may hold a comma, so no other column is taken for a list.
func readSchool(c *cell) {
	first, rest, list := strings.Cut(c.text, ",")
	if c.column.key != "orgsourcedids" || !list {
		c.row.School = new(c.text)
		return
	}
	first = strings.TrimSpace(first)
	if first == "" {
		c.fail(CodeMissingValue, "the list of schools begins with a comma: begin it with a school's id")
		return
	}
	if strings.Trim(rest, ", ") != "" {
		c.warn(CodeSeveralValues, "the cell has several schools: the first was taken; give the person a row for each")
	}
	c.row.School = &first
}

func readRole(c *cell) {
	role := Role{Code: snake(c.text), Text: c.text}
	if strings.HasSuffix(c.column.key, "teachingstaff") {
		if teaching, ok := readYesNo(c.text); ok {
			role.Code = RoleSupport
			if teaching {
				role.Code = RoleTeacher
			}
		}
	}
	switch role.Code {
	case "":
		return
	case "teaching", "teaching_staff", "class_teacher", "qualified_teacher":
		role.Code = RoleTeacher
	case "support_staff", "non_teaching", "non_teaching_staff", "associate", "associate_staff":
		role.Code = RoleSupport
	}
	c.row.Role = &role
}

// snake is the text in lower case with an underscore for each run of other
// characters than letters and digits.
func snake(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}), "_")
}

// notStaff are the OneRoster roles whose rows are left out of a staff list.
var notStaff = []string{"student", "pupil", "parent", "guardian", "relative"}

func (r *Row) isStaff() bool { return r.Role == nil || !slices.Contains(notStaff, r.Role.Code) }

// readManager settles between an id and a name by heading and shape; refineIDs
// looks at them again when all rows are known.
func readManager(c *cell) {
	ref := ManagerRef{Kind: ManagerName, Text: c.text}
	switch {
	case strings.Contains(c.text, "@") || strings.HasSuffix(c.column.key, "email"):
		address, ok := c.email()
		if !ok {
			return
		}
		ref = ManagerRef{Kind: ManagerEmail, Text: address}
	case scientific.MatchString(c.text):
		c.fail(CodeDamagedIdentifier, roundedNumber)
		return
	case strings.HasSuffix(c.column.key, "id") || idShaped(c.text):
		ref.Kind = ManagerExternalID
	}
	c.row.LineManager = &ref
}

// idShaped says that the text is one word with a digit in it.
func idShaped(text string) bool {
	return strings.ContainsAny(text, "0123456789") && !strings.ContainsAny(text, " ,")
}

func readFTE(c *cell) {
	digits, percent := strings.CutSuffix(c.text, "%")
	digits = strings.TrimSpace(digits)
	part, ok := decimal(digits)
	if percent {
		part /= 100
	}
	value := int(math.Round(part * fullTime))
	if !ok || value > maxFTE {
		c.fail(CodeBadNumber, "write the part of full time as 0.8 or 80%%, not as hours: full time is 1 or 100%%")
		return
	}
	c.row.FTE = &value
}

// decimal reads digits with at most one point: no sign, no exponent, no comma.
func decimal(text string) (float64, bool) {
	if text == "" || len(text) > 12 || strings.Trim(text, "0123456789.") != "" {
		return 0, false
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}

func readContract(c *cell) {
	var contract Contract
	switch snake(c.text) {
	case "permanent", "perm", "prm", "p", "open_ended", "indefinite":
		contract = Permanent
	case "fixed_term", "fixedterm", "fixed", "ftc", "fxt", "f", "fixed_term_contract", "temporary", "temp", "tmp", "t":
		contract = FixedTerm
	default:
		c.warn(CodeUnknownChoice, "this kind of contract is not known and was left out: write permanent or fixed term")
		return
	}
	c.row.Contract = &contract
}

// maxTags is how many tags a post has at most.
const maxTags = 20

// readTags takes codes separated by semicolons, commas or bars.
func readTags(c *cell) {
	for _, t := range strings.FieldsFunc(c.text, func(r rune) bool { return strings.ContainsRune(";,|", r) }) {
		if code := tagCode(t); code != "" && !slices.Contains(c.row.Tags, code) {
			c.row.Tags = append(c.row.Tags, code)
		}
	}
	if len(c.row.Tags) > maxTags {
		c.fail(CodeTooLong, "a post has at most %d tags", maxTags)
	}
}

// tagCode is a tag as codes are written: plain small letters, digits and underscores, at most 64.
func tagCode(text string) string {
	code := strings.Map(func(r rune) rune {
		if r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, snake(text))
	code = strings.Trim(code, "_")
	return code[:min(len(code), 64)]
}
