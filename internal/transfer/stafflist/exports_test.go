package stafflist

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// A SIMS report as a British Excel saves it: Windows-1252, semicolons, CRLF.
const simsFile = "Person_id;Title;Legal Forename;Legal Surname;Preferred Forename;Preferred Surname;Initials;Work E-mail;Post;Date of Arrival;Contract Type;FTE;Date of Birth;NI Number;Teacher Number;Line Manager;Room\r\n" +
	"1042;Mrs;Siân Elin;Jones;Siân;Jones;SJO;S.Jones@Hafod.SCH.uk;Head of Year 9;01/09/2014;Permanent;0.8;11/02/1980;QQ123456C;12/34567;O'Neill, Patrick;M4\r\n" +
	"1043;Mr.;Patrick;O'Neill;;;PON;p.oneill@hafod.sch.uk;Deputy Head;1/9/09;PRM;1;03/04/1971;QQ123457C;1234568;;M1\r\n" +
	"\r\n" +
	";;;;;;;;;;;;;;;;\r\n" +
	"1044;Miss;Zoë;de la Cruz;Zoë;;ZDC;\"z.delacruz@hafod.sch.uk; z.home@example.org\";Cover;12-Jan-26;Fixed-term;;;;;1043;\r\n"

// The same staff from Arbor: UTF-8 with a byte order mark, commas, one quoted
// cell over two lines.
const arborFile = bom + "Arbor ID,Full Name,Email Address,Business Role,School Name,Start Date,Probation End Date,QTS,At Top of Range,Pay Scale,Spine Point\n" +
	"1042,\"Jones, Siân\",s.jones@hafod.sch.uk,\"Head of Year 9,\nMaths\",Hafod Academy,2014-09-01,,Yes,N,UPR,3\n" +
	"1043,Dr Zoë de la Cruz,z.delacruz@hafod.sch.uk,Teacher,Hafod Academy,2026-09-01T00:00:00,28 Feb 2027,Y,0,MPR,M2\n"

const oneRosterFile = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,preferredGivenName,preferredFamilyName\n" +
	"t-1,,,true,\"s-1,s-2\",teacher,sjones,,Siân Elin,Jones,,,s.jones@hafod.sch.uk,,,,,secret,Siân,\n" +
	"p-1,,,true,s-1,student,apupil,,Alys,Pupil,,,,,,,9,secret,,\n"

const wondeFile = "id,upi,mis_id,title,forename,surname,legal_forename,legal_surname,employment_details.data.current,employment_details.data.teaching_staff,employment_details.data.staff_code,employment_details.data.employment_start_date.date,contact_details.data.emails.work\n" +
	"A100,u1,77,Ms,Zoë,O’Neill,Zoe,Oneill,1,1,ZON,2013-09-01 00:00:00.000000,z.oneill@hafod.sch.uk\n" +
	"A101,,78,Mr,Bryn,Pugh,Bryn,Pugh,0,0,BPU,2019-01-07 00:00:00.000000,\n"

func parse(t *testing.T, text string) *List {
	t.Helper()
	list, err := Parse(strings.NewReader(text), Options{})
	require.NoError(t, err)
	return list
}

func date(y, m, d int) *schooltime.Date {
	return new(schooltime.NewDate(y, time.Month(m), d))
}

func TestSIMSReportInWindows1252(t *testing.T) {
	raw, err := charmap.Windows1252.NewEncoder().String(simsFile)
	require.NoError(t, err)
	list := parse(t, raw)

	assert.Equal(t, Windows1252, list.Encoding)
	assert.Equal(t, ';', list.Delimiter)
	require.Empty(t, list.Errors())
	require.Len(t, list.Rows, 3)

	sian, patrick, zoe := list.Rows[0], list.Rows[1], list.Rows[2]
	assert.Equal(t, 2, sian.Line)
	assert.Equal(t, "Siân", *sian.GivenName)
	assert.Equal(t, "S.Jones@hafod.sch.uk", *sian.Email)
	assert.Equal(t, "1234567", *sian.TRN)
	assert.Equal(t, 8000, *sian.FTE)
	assert.Equal(t, date(2014, 9, 1), sian.StartOn)
	assert.Equal(t, &ManagerRef{ManagerName, "O'Neill, Patrick"}, sian.LineManager)

	assert.Equal(t, "Patrick", *patrick.GivenName, "an empty preferred forename falls back to the legal one")
	assert.Equal(t, "O'Neill", *patrick.FamilyName)
	assert.Equal(t, "Mr", *patrick.Title)
	assert.Equal(t, Permanent, *patrick.Contract)
	assert.Equal(t, date(2009, 9, 1), patrick.StartOn)
	assert.Nil(t, patrick.LineManager)

	assert.Equal(t, 6, zoe.Line, "blank lines are left out but counted")
	assert.Equal(t, "de la Cruz", *zoe.FamilyName)
	assert.Equal(t, FixedTerm, *zoe.Contract)
	assert.Equal(t, &ManagerRef{ManagerExternalID, "1043"}, zoe.LineManager)
	assert.Equal(t, "z.delacruz@hafod.sch.uk", *zoe.Email)
	require.Len(t, zoe.Warnings, 1)
	assert.Equal(t, CodeSeveralValues, zoe.Warnings[0].Code)

	status := map[string]ColumnStatus{}
	for _, c := range list.Columns {
		status[c.Header] = c.Status
	}
	assert.Equal(t, ColumnUsed, status["Preferred Forename"])
	assert.Equal(t, ColumnFallback, status["Legal Forename"])
	assert.Equal(t, ColumnSensitive, status["Date of Birth"])
	assert.Equal(t, ColumnSensitive, status["NI Number"])
	assert.Equal(t, ColumnUnknown, status["Room"])
}

func TestArborReportInUTF8WithByteOrderMark(t *testing.T) {
	list := parse(t, arborFile)
	assert.Equal(t, UTF8BOM, list.Encoding)
	require.Empty(t, list.Errors())
	sian, zoe := list.Rows[0], list.Rows[1]
	assert.Equal(t, "1042", *sian.ExternalID, "the mark does not hide the first heading")
	assert.Equal(t, "Siân", *sian.GivenName)
	assert.Equal(t, "Head of Year 9, Maths", *sian.JobTitle)
	assert.Equal(t, "Hafod Academy", *sian.School)
	assert.True(t, *sian.QTS)
	assert.False(t, *sian.TopOfRange)
	assert.Nil(t, sian.ProbationEndsOn)
	assert.Equal(t, 4, zoe.Line, "a quoted line feed moves the lines below it")
	assert.Equal(t, []string{"Dr", "Zoë", "de la Cruz"}, []string{*zoe.Title, *zoe.GivenName, *zoe.FamilyName})
	assert.Equal(t, date(2027, 2, 28), zoe.ProbationEndsOn)
	assert.Equal(t, date(2026, 9, 1), zoe.StartOn)
	assert.Equal(t, "M2", *zoe.PayPoint)
	assert.True(t, list.Has(FieldGivenName))
	assert.True(t, list.Has(FieldProbationEndsOn))
	assert.False(t, list.Has(FieldFTE))
}

func TestOneRosterUsersLeaveOutPupilsAndPasswords(t *testing.T) {
	list := parse(t, oneRosterFile)
	require.Empty(t, list.Errors())
	require.Len(t, list.Rows, 1)
	row := list.Rows[0]
	assert.Equal(t, []string{"t-1", "Siân", "Jones", "s-1"}, []string{*row.ExternalID, *row.GivenName, *row.FamilyName, *row.School})
	assert.Equal(t, Role{Code: "teacher", Text: "teacher"}, *row.Role)
	assert.Equal(t, CodeSeveralValues, row.Warnings[0].Code)
	require.Len(t, list.Skipped, 1)
	assert.Equal(t, 3, list.Skipped[0].Line)
	assert.Equal(t, ColumnSensitive, list.Columns[17].Status)
}

func TestWondeEmployees(t *testing.T) {
	list := parse(t, wondeFile)
	require.Empty(t, list.Errors())
	zoe, bryn := list.Rows[0], list.Rows[1]
	assert.Equal(t, "77", *zoe.ExternalID, "mis_id is better than id, wherever it stands")
	assert.Equal(t, "O’Neill", *zoe.FamilyName)
	assert.Equal(t, "ZON", *zoe.Initials)
	assert.Equal(t, Role{Code: RoleTeacher, Text: "1"}, *zoe.Role)
	assert.Equal(t, date(2013, 9, 1), zoe.StartOn)
	assert.Empty(t, zoe.Warnings)
	assert.True(t, *zoe.Current)
	assert.False(t, *bryn.Current)
	assert.Equal(t, RoleSupport, bryn.Role.Code)
	assert.Nil(t, bryn.Email)
}

func TestEveryEncodingAndLineEndReadsTheSame(t *testing.T) {
	const plain = "Staff ID\tForename\tSurname\n1\tSiân\tJones\n2\tZoë\t\"Pugh\n\"\n3\tBryn\tO'Neill\n"
	utf16 := func(e unicode.Endianness) string {
		s, err := unicode.UTF16(e, unicode.UseBOM).NewEncoder().String(plain)
		require.NoError(t, err)
		return s
	}
	cp1252, err := charmap.Windows1252.NewEncoder().String(plain)
	require.NoError(t, err)
	for name, text := range map[string]string{
		"utf-8":        plain,
		"utf-8-bom":    bom + plain,
		"utf-16le":     utf16(unicode.LittleEndian),
		"utf-16be":     utf16(unicode.BigEndian),
		"windows-1252": cp1252,
		"crlf":         strings.ReplaceAll(plain, "\n", "\r\n"),
		"cr":           strings.ReplaceAll(plain, "\n", "\r"),
		"semicolon":    strings.ReplaceAll(plain, "\t", ";"),
		"comma":        strings.ReplaceAll(plain, "\t", ","),
		"decomposed":   strings.ReplaceAll(plain, "â", "a\u0302"),
		"invisible":    strings.ReplaceAll(plain, "Zoë", "\u200b Zoë\u00a0\u202c"),
		"no last end":  strings.TrimSuffix(plain, "\n"),
		"excel hint":   "sep=\t\n" + plain,
	} {
		t.Run(name, func(t *testing.T) {
			list := parse(t, text)
			require.Empty(t, list.Errors())
			require.Len(t, list.Rows, 3)
			shift := 0
			if name == "excel hint" {
				shift = 1
			}
			assert.Equal(t, "Siân", *list.Rows[0].GivenName)
			assert.Equal(t, "Zoë", *list.Rows[1].GivenName)
			assert.Equal(t, "Pugh", *list.Rows[1].FamilyName)
			assert.Equal(t, []int{2 + shift, 3 + shift, 5 + shift}, []int{list.Rows[0].Line, list.Rows[1].Line, list.Rows[2].Line})
		})
	}
}
