package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/fault"
)

// archive is a zip file with the parts, each with its content.
func archive(t *testing.T, parts ...[2]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p[0], Method: zip.Store})
		require.NoError(t, err)
		_, err = w.Write([]byte(p[1]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.String()
}

func TestADocumentIsToldFromItsContent(t *testing.T) {
	t.Parallel()
	types := [2]string{"[Content_Types].xml", "<x/>"}
	word := archive(t, types, [2]string{"word/document.xml", "<x/>"})
	huge := []byte(word)
	binary.LittleEndian.PutUint32(huge[len(huge)-10:], maxDirectory+1) // the length that the end record gives its directory
	for name, c := range map[string]struct{ content, want string }{
		"a PDF":                          {"%PDF-1.7\n\x00", "application/pdf"},
		"a PNG":                          {"\x89PNG\r\n\x1a\n\x00\x00", "image/png"},
		"a JPEG":                         {"\xff\xd8\xff\xe0\x00", "image/jpeg"},
		"a WebP":                         {"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"},
		"text":                           {"Year 7 gained nine months.\n", "text/plain"},
		"an older spreadsheet's CSV":     {"name;age\r\nZo\xeb;9,5\r\n", "text/plain"},
		"Word":                           {word, docx.typ},
		"Excel":                          {archive(t, types, [2]string{"xl/workbook.xml", "<x/>"}), xlsx.typ},
		"PowerPoint":                     {archive(t, types, [2]string{"ppt/presentation.xml", "<x/>"}), pptx.typ},
		"OpenDocument text":              {archive(t, [2]string{"mimetype", odt.typ}, [2]string{"content.xml", "<x/>"}), odt.typ},
		"a program":                      {"MZ\x90\x00\x03\x00\x00\x00", ""},
		"a program for Linux":            {"\x7fELF\x02\x01\x01\x00", ""},
		"a GIF":                          {"GIF89a\x01\x00\x01\x00", ""},
		"any archive":                    {archive(t, [2]string{"word/document.xml", "<x/>"}), ""},
		"Word with macros":               {archive(t, types, [2]string{"word/document.xml", "<x/>"}, [2]string{"word/vbaProject.bin", "x"}), ""},
		"OpenDocument text with macros":  {archive(t, [2]string{"mimetype", odt.typ}, [2]string{"Basic/script.xml", "x"}), ""},
		"a part that names another type": {archive(t, [2]string{"mimetype", "application/java-archive"}, [2]string{"content.xml", "x"}), ""},
		"half an archive":                {word[:len(word)/2], ""},
		"an archive that lists too much": {string(huge), ""},
		"text with a NUL far in":         {strings.Repeat("a", 40<<10) + "\x00", ""},
	} {
		m, err := tell(strings.NewReader(c.content), int64(len(c.content)))
		if c.want == "" {
			assert.Equal(t, "document_type_refused", fault.CodeOf(err), name)
			assert.Equal(t, fault.Unsupported, fault.KindOf(err), name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, c.want, m.typ, name)
	}
}

func TestAFilesNameIsNeverAPathAndEndsAsItsContentIs(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"readers.pdf":                  "readers.pdf",
		"Readers.PDF":                  "Readers.pdf",
		"../../etc/passwd":             "passwd.pdf",
		`C:\Users\x\report.docx`:       "report.docx.pdf",
		"..":                           "document.pdf",
		"":                             "document.pdf",
		".pdf":                         "pdf.pdf",
		"a\r\nSet-Cookie: b=1.pdf":     "aSet-Cookie b=1.pdf",
		"invoice\u202efdp.exe":         "invoicefdp.exe.pdf",
		"sch\u00f6ne Gr\u00fc\u00dfe":  "sch\u00f6ne Gr\u00fc\u00dfe.pdf",
		"\xff\xfe.pdf":                 "pdf.pdf",
		strings.Repeat("x", 500):       strings.Repeat("x", maxName) + ".pdf",
		"a\"b; filename=evil.exe .pdf": "ab filename=evil.exe.pdf",
	} {
		assert.Equal(t, want, safeName(sent, pdf), "%q", sent)
	}
	assert.Equal(t, "marks.csv", safeName("marks.csv", text))
	assert.Equal(t, "page.html.txt", safeName("page.html", text))
}
