package stafflist

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const headings = "Staff ID,Forename,Surname,Email,Start Date,End Date,FTE,QTS,TRN,School,Job Title,Notes\n"

// place is where a problem is and what it is.
type place struct {
	line, column int
	field        Field
	code         Code
}

func places(problems []Problem) []place {
	var all []place
	for _, p := range problems {
		all = append(all, place{p.Line, p.Column, p.Field, p.Code})
	}
	return all
}

func TestEveryErrorNamesItsLineAndColumn(t *testing.T) {
	long := strings.Repeat("x", MaxCell+1)
	for name, c := range map[string]struct {
		row  string
		want []place
	}{
		"date":             {"1,Zoë,Pugh,,12/25/2020,,,,,,,", []place{{4, 5, FieldStartOn, CodeBadDate}}},
		"other date":       {"1,Zoë,Pugh,,,soon,,,,,,", []place{{4, 6, FieldEndOn, CodeBadDate}}},
		"order":            {"1,Zoë,Pugh,,01/09/2026,31/08/2026,,,,,,", []place{{4, 6, FieldEndOn, CodeDatesOutOfOrder}}},
		"email":            {"1,Zoë,Pugh,zoe at home,,,,,,,,", []place{{4, 4, FieldEmail, CodeBadEmail}}},
		"number":           {"1,Zoë,Pugh,,,,37,,,,,", []place{{4, 7, FieldFTE, CodeBadNumber}}},
		"yes or no":        {"1,Zoë,Pugh,,,,,soon,,,,", []place{{4, 8, FieldQTS, CodeBadYesNo}}},
		"trn":              {"1,Zoë,Pugh,,,,,,123456,,,", []place{{4, 9, FieldTRN, CodeBadTRN}}},
		"forename":         {"1,,Pugh,,,,,,,,,", []place{{4, 2, FieldGivenName, CodeMissingValue}}},
		"both names":       {"1,,,,,,,,,,,", []place{{4, 2, FieldGivenName, CodeMissingValue}, {4, 3, FieldFamilyName, CodeMissingValue}}},
		"rounded id":       {"1.23457E+12,Zoë,Pugh,,,,,,,,,", []place{{4, 1, FieldExternalID, CodeDamagedIdentifier}}},
		"spreadsheet":      {"1,Zoë,#N/A,,,,,,,,,", []place{{4, 3, FieldFamilyName, CodeSpreadsheetError}}},
		"lost accent":      {"1,Zo\ufffd,Pugh,,,,,,,,,", []place{{4, 2, FieldGivenName, CodeDamagedText}}},
		"control":          {"1,Zoë,Pu\vgh,,,,,,,,,", []place{{4, 3, FieldFamilyName, CodeControlCharacter}}},
		"escape":           {"1,Zoë,Pugh,,,,,,,,\x1b[31m,", []place{{4, 11, FieldJobTitle, CodeControlCharacter}}},
		"nul in any":       {"1,Zoë,Pugh,,,,,,,,,a\x00b", []place{{4, 12, "", CodeControlCharacter}}},
		"nul in name":      {"1,Z\x00oë,Pugh,,,,,,,,,", []place{{4, 2, FieldGivenName, CodeControlCharacter}}},
		"too long":         {"1," + strings.Repeat("ë", 201) + ",Pugh,,,,,,,,,", []place{{4, 2, FieldGivenName, CodeTooLong}}},
		"too long in any":  {"1,Zoë,Pugh,,,,,,,,," + long, []place{{4, 12, "", CodeTooLong}}},
		"too long and nul": {"1,Zoë," + long + ",,,,,,,,,\x00", []place{{4, 3, FieldFamilyName, CodeTooLong}, {4, 12, "", CodeControlCharacter}}},
		"too many cells":   {"1,Zoë,Pugh,,,,,,,,,,moved", []place{{4, 0, "", CodeRaggedRow}}},
		"text after quote": {"1,\"Zoë\"x,Pugh,,,,,,,,,", []place{{4, 0, "", CodeBadQuotes}}},
		"open quote":       {"1,\"Zoë,Pugh,,,,,,,,,", []place{{4, 0, "", CodeBadQuotes}}},
		"two at once":      {"1,Zoë,Pugh,x,y,,,,,,,", []place{{4, 4, FieldEmail, CodeBadEmail}, {4, 5, FieldStartOn, CodeBadDate}}},
		"duplicate":        {"0,Zoë,Pugh,,,,,,,,,", []place{{4, 1, FieldExternalID, CodeDuplicateID}}},
	} {
		t.Run(name, func(t *testing.T) {
			// The first record takes lines 2 and 3; the faulty one is on line 4.
			list := parse(t, headings+"0,Siân,Jones,,,,,,,,,\"two\nlines\"\n"+c.row+"\n9,Bryn,Rees,,,,,,,,,\n")
			assert.Equal(t, c.want, places(list.Errors()))
			require.Len(t, list.Rows, 3)
			assert.Equal(t, 5, list.Rows[2].Line, "one bad row does not take the next with it")
			good := 0
			for range list.Good() {
				good++
			}
			assert.Equal(t, 2, good)
			for _, p := range list.Errors() {
				if p.Column > 0 {
					assert.Equal(t, strings.Split(strings.TrimSpace(headings), ",")[p.Column-1], p.Header)
				}
			}
		})
	}
}

func TestMessagesNeverRepeatACell(t *testing.T) {
	const secret = "Xyzzy"
	row := strings.Repeat(secret+",", 11) + secret
	for _, text := range []string{
		headings + row + "\n" + row + "\n",
		headings + row + ",more\n",
		headings + "\"" + row,
		headings + "1,Siân,Jones," + secret + "@a.uk," + ",,,,,,,\n2,Zoë,Pugh," + secret + "@a.uk,,,,,,,,\n1,Bryn,Rees,,,,,,,Other,,\n",
		"Name,Contract\n" + secret + "," + secret + "\n",
		secret + "," + secret + "\n",
	} {
		list, err := Parse(strings.NewReader(text), Options{})
		if err != nil {
			assert.NotContains(t, err.Error(), secret)
			continue
		}
		require.NotEmpty(t, text)
		problems := list.Errors()
		for _, r := range list.Rows {
			problems = append(problems, r.Warnings...)
		}
		require.NotEmpty(t, problems)
		for _, p := range problems {
			assert.NotContains(t, p.Message, secret)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		code Code
		line int
	}{
		"nothing":            {"", CodeEmptyFile, 0},
		"blank lines":        {"\r\n ,, \n\n", CodeEmptyFile, 0},
		"only a mark":        {bom, CodeEmptyFile, 0},
		"workbook":           {"PK\x03\x04....", CodeNotText, 0},
		"old workbook":       {"\xd0\xcf\x11\xe0....", CodeNotText, 0},
		"pdf":                {"%PDF-1.7", CodeNotText, 0},
		"unmarked utf-16":    {"N\x00a\x00m\x00e\x00", CodeNotText, 0},
		"cut utf-16":         {"\xff\xfeN\x00a", CodeBadEncoding, 0},
		"not the utf-8":      {bom + "Name\nSi\xe2n Jones\n", CodeBadEncoding, 2},
		"too large":          {strings.Repeat("x", MaxBytes+1), CodeFileTooLarge, 0},
		"too many rows":      {"Name\n" + strings.Repeat("Siân Jones\n", MaxRows+1), CodeTooManyRows, MaxRows + 2},
		"too many columns":   {strings.Repeat(",", MaxColumns) + "\n", CodeTooManyColumns, 1},
		"too many cells":     {"Name\n" + strings.Repeat(",", 1<<20), CodeTooManyColumns, 2},
		"lone surrogate":     {"\xff\xfe\x00\xd8N\x00", CodeMissingColumn, 1},
		"no surname":         {"\nStaff ID,Forename\n1,Siân\n", CodeMissingColumn, 2},
		"no headings":        {"1,Siân,Jones\n2,Zoë,Pugh\n", CodeMissingColumn, 1},
		"open quote":         {"\"Forename,Surname\nSiân,Jones\n", CodeBadHeader, 1},
		"control in heading": {"Forename,Sur\x07name\nSiân,Jones\n", CodeControlCharacter, 1},
		"long heading":       {"Name," + strings.Repeat("x", MaxCell+1), CodeTooLong, 1},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := Parse(strings.NewReader(c.text), Options{})
			assert.Nil(t, list)
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			assert.Equal(t, c.code, fault.Code)
			assert.Equal(t, c.line, fault.Line)
		})
	}
}

func TestLimitsThemselvesAreAllowed(t *testing.T) {
	list := parse(t, "Name"+strings.Repeat(",x", MaxColumns-1)+"\n"+strings.Repeat("Siân Jones\n", MaxRows))
	assert.Len(t, list.Rows, MaxRows)
	list = parse(t, "Name,Notes\nSiân Jones,"+strings.Repeat("ë", MaxCell)+"\n")
	assert.Empty(t, list.Errors())
}

func TestAMissingColumnNamesTheHeadingsThatWouldDo(t *testing.T) {
	_, err := Parse(strings.NewReader("Staff ID,First Name\n"), Options{})
	var fault *FileError
	require.ErrorAs(t, err, &fault)
	assert.Contains(t, fault.Message, "Legal Surname")
	assert.Contains(t, fault.Message, "Full Name")
	assert.NotContains(t, fault.Message, "forename column")
	assert.Equal(t, FieldGivenName, fault.Columns[1].Field)
	assert.Contains(t, err.Error(), "line 1")
}

func TestAReadersOwnErrorIsReturned(t *testing.T) {
	broken := errors.New("broken")
	_, err := Parse(iotest.ErrReader(broken), Options{})
	assert.ErrorIs(t, err, broken)
	_, err = Parse(io.MultiReader(strings.NewReader("Name\n"), iotest.ErrReader(broken)), Options{})
	assert.ErrorIs(t, err, broken)
}

func TestOnePersonMayHoldSeveralPosts(t *testing.T) {
	list := parse(t, "Staff ID,Forename,Surname,School,Job Title\n"+
		"7,Zoë,de la Cruz,Hafod Academy,Teacher\n"+
		"7,Zoë,de la Cruz,Bryn Primary,Teacher\n"+
		"7,Zoë,de la Cruz,Hafod Academy,SENCO\n"+
		"7,Zoë,de la Cruz,hafod  academy,TEACHER\n")
	assert.Equal(t, []place{{5, 1, FieldExternalID, CodeDuplicateID}}, places(list.Errors()))
	assert.Contains(t, list.Errors()[0].Message, "lines 2 and 5")
	for _, row := range list.Rows[:3] {
		assert.Empty(t, row.Errors)
		assert.Empty(t, row.Warnings)
	}
}

func TestDuplicatesWithoutAnExternalID(t *testing.T) {
	list := parse(t, "Name,Email\nSiân Jones,s@hafod.sch.uk\nSiân Jones,S@Hafod.sch.uk\nZoë Pugh,\nZoë Pugh,\n")
	assert.Equal(t, []place{{3, 2, FieldEmail, CodeDuplicatePerson}}, places(list.Errors()), "two people may have one name")
}

func TestSuspectIdentitiesAreWarnedAbout(t *testing.T) {
	list := parse(t, "Staff ID,Name,Email,School\n"+
		"1,Siân Jones,office@hafod.sch.uk,A\n"+
		"1,Zoë Pugh,,B\n"+
		"2,Bryn Rees,Office@hafod.sch.uk,A\n"+
		"2,Bryn Rees,office@hafod.sch.uk,B\n")
	assert.Empty(t, list.Errors())
	var warnings []Problem
	for _, row := range list.Rows {
		warnings = append(warnings, row.Warnings...)
	}
	assert.Equal(t, []place{
		{3, 1, FieldExternalID, CodeSameIDOtherName}, {4, 3, FieldEmail, CodeSharedEmail}, {5, 3, FieldEmail, CodeSharedEmail},
	}, places(warnings))
}

func TestWarningsAboutRows(t *testing.T) {
	list := parse(t, "Name,Contract,Start Date,School,Job Title\n"+
		"Anna Maria Jones,Casual,31/08/2025 23:00,Hafod,x\n"+
		"\"SiÃ¢n, Jones\",,,,x\n"+
		"Zoë Pugh\n")
	assert.Empty(t, list.Errors())
	var warnings []place
	for _, row := range list.Rows {
		warnings = append(warnings, places(row.Warnings)...)
	}
	assert.Equal(t, []place{
		{2, 1, FieldFullName, CodeNameSplitGuessed}, {2, 2, FieldContract, CodeUnknownChoice}, {2, 3, FieldStartOn, CodeTimeIgnored},
		{3, 1, FieldFullName, CodeDoubleEncoded}, {4, 0, "", CodeRaggedRow},
	}, warnings)
}

func TestAnAmericanFileIsWarnedAboutAsAWhole(t *testing.T) {
	list := parse(t, "Name,Start Date\nSiân Jones,03/04/2026\nZoë Pugh,12/25/2025\n")
	assert.Equal(t, date(2026, 4, 3), list.Rows[0].StartOn)
	assert.Equal(t, []place{{3, 2, FieldStartOn, CodeBadDate}}, places(list.Errors()))
	assert.Equal(t, []place{{0, 2, FieldStartOn, CodeMonthFirst}}, places(list.Warnings))
}

func TestFaultsOfParticularColumns(t *testing.T) {
	for text, want := range map[string]place{
		"Name,orgSourcedIds\nZoë Pugh,\",s-1\"\n":                  {2, 2, FieldSchool, CodeMissingValue},
		"Name,Line Manager Email\nZoë Pugh,Siân\n":                 {2, 2, FieldLineManager, CodeBadEmail},
		"Name,Line Manager\nZoë Pugh,1.2E+10\n":                    {2, 2, FieldLineManager, CodeDamagedIdentifier},
		"Name,Staff ID\nZoë,1\n":                                   {2, 1, FieldFullName, CodeBadName},
		"Name,Payroll No\nZoë Pugh,1.2E+10\n":                      {2, 2, FieldPayrollNumber, CodeDamagedIdentifier},
		"Forename,Name\n,\"Pugh, \"\n":                             {2, 2, FieldFullName, CodeBadName},
		"Name,Induction Start,Induction End\nZ P,1/9/26,31/8/26\n": {2, 3, FieldInductionEndsOn, CodeDatesOutOfOrder},
	} {
		assert.Equal(t, []place{want}, places(parse(t, text).Errors()), text)
	}
	assert.Equal(t, []place{{2, 1, FieldGivenName, CodeMissingValue}, {2, 1, FieldFamilyName, CodeMissingValue}},
		places(parse(t, "Name,Staff ID\n,1\n").Errors()))
}

func TestGoodRowsCanBeLeftEarly(t *testing.T) {
	for row := range parse(t, "Name\nSiân Jones\nZoë Pugh\n").Good() {
		assert.Equal(t, 2, row.Line)
		break
	}
}

func TestQuotesInsideCells(t *testing.T) {
	list := parse(t, "Forename,Surname,Post\nWilliam \"Bill\",O'Neill, \"Head of \"\"A\"\" level, maths\" \r\n")
	row := list.Rows[0]
	require.Empty(t, row.Errors)
	assert.Equal(t, `William "Bill"`, *row.GivenName)
	assert.Equal(t, `Head of "A" level, maths`, *row.JobTitle)
}

func TestAnUnclosedQuoteCostsOneLine(t *testing.T) {
	var text strings.Builder
	text.WriteString("Staff ID,Forename,Surname\n1,\"Siân,Jones\n")
	for i := range 4000 {
		fmt.Fprintf(&text, "%d,Zoë,Pugh\n", i+2)
	}
	list := parse(t, text.String())
	assert.Equal(t, []place{{2, 0, "", CodeBadQuotes}}, places(list.Errors()))
	assert.Len(t, list.Rows, 4001)
	assert.Equal(t, 4002, list.Rows[4000].Line)
}

func TestAFileOfOpenQuotesEndsSoon(t *testing.T) {
	line := `"` + strings.Repeat(`""`, 240) + "\n"
	start := time.Now()
	list := parse(t, "Name\n"+strings.Repeat(line+line[1:], MaxRows/2))
	assert.NotEmpty(t, list.Errors())
	assert.Less(t, time.Since(start), 20*time.Second, "each open quote looks a bounded way ahead")
}
