package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/fault"
)

// media is a type of document that is taken, and how its file's name ends; the first is usual.
type media struct {
	typ  string
	ends []string
}

var (
	pdf  = media{"application/pdf", []string{".pdf"}}
	png  = media{"image/png", []string{".png"}}
	jpeg = media{"image/jpeg", []string{".jpg", ".jpeg"}}
	webp = media{"image/webp", []string{".webp"}}
	text = media{"text/plain", []string{".txt", ".csv", ".md"}}
	docx = media{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}}
	xlsx = media{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}}
	pptx = media{"application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}}
	odt  = media{"application/vnd.oasis.opendocument.text", []string{".odt"}}
)

// refused is the answer to whatever is not of those types.
func refused() error {
	return fault.New(fault.Unsupported, "document_type_refused",
		"Send a PDF, a PNG, JPEG or WebP picture, plain text or CSV, a Word, Excel or PowerPoint file without macros, or OpenDocument text. What a file is is told from its content, not from its name.")
}

// tell tells what a file is from its content. Its name says nothing.
func tell(f io.ReaderAt, size int64) (media, error) {
	head := make([]byte, min(size, 16))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return media{}, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return pdf, nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return png, nil
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return jpeg, nil
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return webp, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return office(f, size)
	}
	plain, err := isText(f, size)
	if err == nil && !plain {
		err = refused()
	}
	return text, err
}

// isText says whether there is no byte that no text has. Older spreadsheets write other encodings
// than UTF-8, so those are text as well.
func isText(f io.ReaderAt, size int64) (bool, error) {
	r, chunk := io.NewSectionReader(f, 0, size), make([]byte, 32<<10)
	for {
		n, err := r.Read(chunk)
		if slices.ContainsFunc(chunk[:n], func(b byte) bool { return b < 0x20 && !strings.ContainsRune("\t\n\r\f", rune(b)) || b == 0x7f }) {
			return false, nil
		}
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// maxDirectory is the most that the directory of an office file weighs; one of a thousand parts
// weighs a tenth of it. What is larger is made to fill a memory.
const maxDirectory = 1 << 20

// office tells an office file by the parts that its archive lists. Nothing is unpacked.
func office(f io.ReaderAt, size int64) (media, error) {
	if !smallDirectory(f, size) {
		return media{}, refused()
	}
	z, err := zip.NewReader(f, size)
	if err != nil {
		return media{}, refused()
	}
	parts := map[string]bool{}
	for _, p := range z.File {
		name := strings.ToLower(p.Name)
		if strings.HasSuffix(name, "vbaproject.bin") || strings.HasPrefix(name, "basic/") {
			return media{}, refused() // a macro runs where the file is opened
		}
		parts[name] = true
	}
	switch {
	case isOpenText(z):
		return odt, nil
	case !parts["[content_types].xml"]:
	case parts["word/document.xml"]:
		return docx, nil
	case parts["xl/workbook.xml"]:
		return xlsx, nil
	case parts["ppt/presentation.xml"]:
		return pptx, nil
	}
	return media{}, refused()
}

// isOpenText says whether the first part says, unpacked as the format has it, that it is OpenDocument text.
func isOpenText(z *zip.Reader) bool {
	if len(z.File) == 0 || z.File[0].Name != "mimetype" || z.File[0].Method != zip.Store {
		return false
	}
	r, err := z.File[0].Open()
	if err != nil {
		return false
	}
	defer func() { _ = r.Close() }()
	said, err := io.ReadAll(io.LimitReader(r, 100))
	return err == nil && string(said) == odt.typ
}

// smallDirectory says whether the archive ends in a directory of a size that may be read whole. It
// is asked before the directory is read.
func smallDirectory(f io.ReaderAt, size int64) bool {
	tail := make([]byte, min(size, 22+1<<16)) // the end record, with the longest comment
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < 22 {
		return false
	}
	length, offset := binary.LittleEndian.Uint32(tail[at+12:]), binary.LittleEndian.Uint32(tail[at+16:])
	return length <= maxDirectory && size-int64(offset) <= maxDirectory+int64(len(tail))
}
