package stafflist

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDatesThatAreRead(t *testing.T) {
	for text, want := range map[string]string{
		"01/09/2026":                 "2026-09-01",
		"1/9/2026":                   "2026-09-01",
		"1/9/26":                     "2026-09-01",
		"03/04/2026":                 "2026-04-03",
		"01-Sep-26":                  "2026-09-01",
		"1-sep-2026":                 "2026-09-01",
		"01 Sep 2026":                "2026-09-01",
		"1 September 2026":           "2026-09-01",
		"01 SEPT 26":                 "2026-09-01",
		"01.09.2026":                 "2026-09-01",
		"01-09-2026":                 "2026-09-01",
		"2026-09-01":                 "2026-09-01",
		"2026/09/01":                 "2026-09-01",
		"2026-09-01T00:00:00Z":       "2026-09-01",
		"2026-09-01 00:00:00.000000": "2026-09-01",
		"2026-09-01T00:00:00+01:00":  "2026-09-01",
		"01/09/2026 00:00":           "2026-09-01",
		"01/09/2026 12:00:00 AM":     "2026-09-01",
		"46266":                      "2026-09-01",
		"46266.0":                    "2026-09-01",
		"20000":                      "1954-10-03",
		"80000":                      "2119-01-11",
		"29/02/2024":                 "2024-02-29",
		"31/12/69":                   "2069-12-31",
		"01/01/70":                   "1970-01-01",
		"01/09/99":                   "1999-09-01",
	} {
		r := readDate(text)
		require.True(t, r.ok, text)
		assert.Equal(t, want, r.date.String(), text)
		assert.False(t, r.clock, text)
	}
}

func TestDatesThatAreRefused(t *testing.T) {
	for _, text := range []string{
		"13/25/2020", "29/02/2025", "31/04/2026", "0/1/2026", "1/0/2026", "1/13/2026", "2026-13-01", "2026-02-30", "2026-25-12",
		"01/09/026", "01/09/226", "01/09/1066", "01/09/2206", "Sep-26", "September", "2026", "19999", "80001", "123456", "1/9", "01/09-2026",
		"01/09/2026/1", "1 Spt 2026", "2026-09-01T25:00", "2026-09-01T10:99", "2026-09-01 at 10:00", "T10:00", "10:00", "-1/9/2026", "+1/9/2026", "１/9/2026", "001/09/2026", "//", "a/b/c",
	} {
		assert.False(t, readDate(text).ok, text)
	}
	assert.True(t, readDate("12/25/2020").monthFirst)
	assert.False(t, readDate("13/25/2020").monthFirst)
}

func TestATimeOtherThanMidnightIsReported(t *testing.T) {
	for _, text := range []string{"2025-08-31T23:00:00Z", "31/08/2025 09:30", "45900.5", "31 Aug 2025 1:00 pm"} {
		r := readDate(text)
		assert.True(t, r.ok, text)
		assert.True(t, r.clock, text)
		assert.Equal(t, "2025-08-31", r.date.String(), text)
	}
}

func TestEmails(t *testing.T) {
	for text, want := range map[string]string{
		"S.Jones@Hafod.SCH.uk":           "S.Jones@hafod.sch.uk",
		"mailto:p.o'neill@hafod.sch.uk":  "p.o'neill@hafod.sch.uk",
		"a@b.uk; c@d.uk":                 "a@b.uk",
		"a@b.uk,c@d.uk":                  "a@b.uk",
		"head+appraisal@my-school.co.uk": "head+appraisal@my-school.co.uk",
	} {
		got, _, ok := readEmail(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got)
	}
	for _, text := range []string{
		"", ";", "@", "a@", "@b.uk", "a@b", "a@b..uk", "a@-b.uk", "a@b-.uk", "a b@c.uk", "a@b@c.uk", ".a@b.uk", "a.@b.uk", "a..b@c.uk",
		"siân@hafod.sch.uk", "a@hafôd.uk", "a@10.0.0.1", "a@b_c.uk", "Siân Jones <s@b.uk>", "mailto:",
	} {
		_, _, ok := readEmail(text)
		assert.False(t, ok, text)
	}
}

func TestFullNames(t *testing.T) {
	for text, want := range map[string]Name{
		"Jones, Siân":            {"", "Siân", "Jones", false},
		"Jones, Mrs Siân":        {"Mrs", "Siân", "Jones", false},
		"Dr O'Neill, Patrick":    {"Dr", "Patrick", "O'Neill", false},
		"Jones, Siân, Mrs.":      {"Mrs", "Siân", "Jones", false},
		"de la Cruz, Zoë Maria":  {"", "Zoë Maria", "de la Cruz", false},
		"Siân Jones":             {"", "Siân", "Jones", false},
		"Mr. Patrick O'Neill":    {"Mr", "Patrick", "O'Neill", false},
		"Zoë de la Cruz":         {"", "Zoë", "de la Cruz", true},
		"Zoë Maria van der Berg": {"", "Zoë Maria", "van der Berg", true},
		"Anna Maria Jones":       {"", "Anna Maria", "Jones", true},
		"Siân  Lloyd-Jones":      {"", "Siân", "Lloyd-Jones", false},
	} {
		got, ok := SplitName(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "Siân", "Mr Jones", "Jones,", ", Siân", "a, b, c", "a, b, c, d", ","} {
		_, ok := SplitName(text)
		assert.False(t, ok, text)
	}
}

func TestFTE(t *testing.T) {
	one := func(text string) Row {
		return parse(t, "Forename,Surname,FTE\nZoë,Pugh,"+text+"\n").Rows[0]
	}
	for text, want := range map[string]int{"0.8": 8000, "80%": 8000, "80 %": 8000, "1": 10000, "1.0": 10000, ".5": 5000, "0": 0, "0.81081": 8108, "66.67%": 6667, "1.2": 12000} {
		row := one(text)
		require.Empty(t, row.Errors, text)
		assert.Equal(t, want, *row.FTE, text)
	}
	for _, text := range []string{"32.5", "80", "-1", "1e0", "0x1", "NaN", "Inf", "%", "1.2.3", "\"0,8\"", "full", ".", "9999999999999"} {
		row := one(text)
		if text == "." { // a placeholder
			assert.Nil(t, row.FTE)
			continue
		}
		require.Len(t, row.Errors, 1, text)
		assert.Equal(t, CodeBadNumber, row.Errors[0].Code, text)
		assert.Equal(t, 3, row.Errors[0].Column)
	}
}

func TestYesAndNo(t *testing.T) {
	for _, text := range []string{"Yes", "Y", "1", "true", "T", "on"} {
		value, ok := readYesNo(text)
		assert.True(t, ok && value, text)
	}
	for _, text := range []string{"No", "N", "0", "FALSE", "f", "off"} {
		value, ok := readYesNo(text)
		assert.True(t, ok && !value, text)
	}
	_, ok := readYesNo("maybe")
	assert.False(t, ok)
}

func TestRoles(t *testing.T) {
	for text, want := range map[string]string{
		"Teacher": "teacher", "Teaching Staff": "teacher", "SUPPORT": "support", "Non-Teaching": "support",
		"Teaching Assistant": "teaching_assistant", "Head / Principal": "head_principal", "Athro": "athro",
	} {
		row := parse(t, "Forename,Surname,Role\nZoë,Pugh,"+text+"\n").Rows[0]
		assert.Equal(t, Role{Code: want, Text: text}, *row.Role)
	}
	assert.Nil(t, parse(t, "Forename,Surname,Role\nZoë,Pugh,*\n").Rows[0].Role)
}

func TestLineManagersAreClassified(t *testing.T) {
	list := parse(t, "Staff ID,Forename,Surname,Line Manager\n"+
		"PON,Patrick,O'Neill,\n"+
		"2,Siân,Jones,PON\n"+
		"3,Zoë,Pugh,P.ONeill@Hafod.sch.uk\n"+
		"4,Bryn,Rees,Patrick O'Neill\n"+
		"5,Elin,Rees,ARB-77\n")
	require.Empty(t, list.Errors())
	want := []*ManagerRef{
		nil, {ManagerExternalID, "PON"}, {ManagerEmail, "P.ONeill@hafod.sch.uk"}, {ManagerName, "Patrick O'Neill"}, {ManagerExternalID, "ARB-77"},
	}
	for i, row := range list.Rows {
		assert.Equal(t, want[i], row.LineManager)
	}

	both := parse(t, "Forename,Surname,Line Manager,Line Manager Email\nSiân,Jones,Patrick O'Neill,p@hafod.sch.uk\nZoë,Pugh,Patrick O'Neill,\n")
	assert.Equal(t, ManagerEmail, both.Rows[0].LineManager.Kind)
	assert.Equal(t, ManagerName, both.Rows[1].LineManager.Kind, "the name fills an empty address")
}

func TestWaysToWriteNothing(t *testing.T) {
	list := parse(t, "Forename,Surname,Email,Start Date,QTS,TRN,FTE,Staff ID,Payroll No,Line Manager\nNa,Null,n/a,-,N/A,None,tbc,n/a,TBC,None\n")
	row := list.Rows[0]
	require.Empty(t, row.Errors)
	assert.Equal(t, "Null", *row.FamilyName, "but people are called that")
	assert.Equal(t, "Na", *row.GivenName)
	assert.Nil(t, row.Email)
	assert.Nil(t, row.StartOn)
	assert.Nil(t, row.QTS)
	assert.Nil(t, row.TRN)
	assert.Nil(t, row.FTE)
	assert.Nil(t, row.ExternalID)
	assert.Nil(t, row.LineManager)
	assert.Equal(t, "TBC", *row.PayrollNumber, "which may be somebody's initials")
}
