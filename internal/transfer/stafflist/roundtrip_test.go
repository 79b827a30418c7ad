package stafflist

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// export writes a list as our own export does.
func export(t require.TestingT, rows [][]string) string {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, row := range rows {
		protected := make([]string, len(row))
		for i, cell := range row {
			protected[i] = ProtectCell(cell)
		}
		require.NoError(t, w.Write(protected))
	}
	w.Flush()
	return out.String()
}

func TestAnExportComesBackUnchanged(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"'", "''", "=", "+", "-", "@", "a", "ë", "e\u0308", " ", "\t", "\n", ",", ";", "\"", "Jones", "1", "\u200b", "\u00a0", "\u0338", "%", "\U0001F600", "’",
	})
	rapid.Check(t, func(t *rapid.T) {
		values := make([]string, 4)
		for i := range values {
			// Whatever is in our database went through tidyText once.
			values[i] = tidyText(strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "value"), ""))
			if values[i] == "" {
				values[i] = "x"
			}
		}
		text := export(t, [][]string{{"given_name", "family_name", "job_title", "department"}, values})
		list, err := Parse(strings.NewReader(text), Options{})
		require.NoError(t, err)
		require.Empty(t, list.Errors())
		row := list.Rows[0]
		assert.Equal(t, values, []string{*row.GivenName, *row.FamilyName, *row.JobTitle, *row.Department})
		for _, record := range strings.Split(text, "\n") {
			assert.NotContains(t, "=+-@", firstRune(record))
		}
	})
}

func firstRune(text string) string {
	if text == "" {
		return "none"
	}
	_, size := utf8.DecodeRuneInString(text)
	return text[:size]
}

func TestProtectCell(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "Jones": "Jones", "O'Neill": "O'Neill", "'t Hooft": "'t Hooft", "'": "'",
		"=1+1": "'=1+1", "+44": "'+44", "-": "'-", "@x": "'@x", "'=1": "''=1", "''-": "'''-",
	} {
		assert.Equal(t, want, ProtectCell(value), value)
		assert.Equal(t, value, unprotectCell(want), value)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		simsFile, arborFile, oneRosterFile, wondeFile, "", "\xff\xfeN\x00", "Name\n\"", "sep=;\nName;Email\n'=a b;x@y.uk\n", "Name\rA B\r",
		headings + "1.2E+9,,\"a\"b,@,99999,1/1/1,%,?,/,\x00,\xef\xbf\xbd,\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := Parse(bytes.NewReader(data), Options{})
		if err != nil {
			if _, ok := err.(*FileError); !ok || list != nil {
				t.Fatalf("not a file error: %v", err)
			}
			return
		}
		checkList(t, list, bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\r"))+1)
	})
}

// checkList holds for every list, whatever the file was.
func checkList(t *testing.T, list *List, lines int) {
	last := 0
	for _, row := range list.Rows {
		if row.Line <= last || row.Line > lines {
			t.Fatalf("line %d after line %d of %d", row.Line, last, lines)
		}
		last = row.Line
		if len(row.Errors) == 0 && (row.GivenName == nil || row.FamilyName == nil || *row.GivenName == "" || *row.FamilyName == "") {
			t.Fatalf("line %d has no name and no error", row.Line)
		}
		for _, p := range append(row.Errors, row.Warnings...) {
			if p.Line != row.Line || p.Column > len(list.Columns) || p.Code == "" || p.Message == "" {
				t.Fatalf("misplaced problem %+v", p)
			}
		}
		for _, text := range []*string{row.GivenName, row.FamilyName, row.JobTitle, row.School, row.ExternalID, row.Email, row.Title, row.TRN, row.Initials} {
			if text != nil && (*text == "" || !utf8.ValidString(*text) || tidyText(ProtectCell(*text)) != *text) {
				t.Fatalf("line %d: %q is not tidy", row.Line, *text)
			}
		}
	}
}

// bigList has n rows like a real export's.
func bigList(n int) string {
	var text strings.Builder
	text.WriteString(bom + "Staff ID,Title,Preferred Forename,Preferred Surname,Legal Forename,Legal Surname,Email,Job Title,Role,Department,Line Manager,School,Start Date,Contract Type,FTE,Pay Scale,Spine Point,QTS,TRN,Date of Birth,Notes\r\n")
	for i := range n {
		fmt.Fprintf(&text, "%d,Ms,Siân,\"O'Neill\",Siân Elin,Jones,s.jones%d@hafod.sch.uk,Teacher of Maths,Teacher,Maths,%d,Hafod Academy,01-Sep-%02d,Permanent,0.8,MPR,M%d,Yes,%07d,11/02/1980,\"Room 4,\nblock B\"\r\n", i, i, i/8, i%26, i%6+1, i)
	}
	return text.String()
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{700, MaxRows} {
		text := bigList(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				list, err := Parse(strings.NewReader(text), Options{})
				if err != nil || len(list.Errors()) > 0 || len(list.Rows) != n {
					b.Fatal("the list was not read")
				}
			}
		})
	}
}
