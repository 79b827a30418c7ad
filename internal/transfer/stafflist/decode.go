package stafflist

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Encoding is how the file's characters were stored.
type Encoding string

// The encodings that are read. Windows-1252 is what is left when there is no
// byte order mark and the bytes are not valid UTF-8: it is what Excel and SIMS
// write on a British computer.
const (
	UTF8        Encoding = "utf-8"
	UTF8BOM     Encoding = "utf-8-bom"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1252 Encoding = "windows-1252"
)

const bom = "\ufeff"

// readAll reads up to MaxBytes, and one more to know that there was more.
func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxBytes {
		return nil, fileError(0, 0, CodeFileTooLarge, "the file is larger than %d MiB: leave out columns that are not needed, or send it in parts", MaxBytes>>20)
	}
	return data, nil
}

// decode returns the file as UTF-8 without a byte order mark.
func decode(data []byte) (string, Encoding, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return "", "", fileError(0, 0, CodeNotText, "the file is a spreadsheet workbook: save it as CSV (UTF-8) and send that")
	case bytes.HasPrefix(data, []byte("%PDF")):
		return "", "", fileError(0, 0, CodeNotText, "the file is a PDF: export the list as CSV and send that")
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decodeUTF16(data, unicode.LittleEndian, UTF16LE)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeUTF16(data, unicode.BigEndian, UTF16BE)
	case bytes.HasPrefix(data, []byte(bom)):
		return decodeMarkedUTF8(data[len(bom):])
	case bytes.IndexByte(firstBytes(data, 4), 0) >= 0:
		return "", "", fileError(0, 0, CodeNotText, "the file is not text that can be read, or is UTF-16 without a byte order mark: save it as CSV (UTF-8)")
	case utf8.Valid(data):
		return string(data), UTF8, nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", "", fileError(0, 0, CodeBadEncoding, "the file's characters cannot be read: save it as CSV (UTF-8)")
	}
	return string(text), Windows1252, nil
}

func decodeUTF16(data []byte, order unicode.Endianness, name Encoding) (string, Encoding, error) {
	if len(data)%2 != 0 {
		return "", "", fileError(0, 0, CodeBadEncoding, "the file says it is UTF-16 but stops in the middle of a character: export it again")
	}
	text, err := unicode.UTF16(order, unicode.ExpectBOM).NewDecoder().Bytes(data)
	if err != nil {
		return "", "", fileError(0, 0, CodeBadEncoding, "the file says it is UTF-16 and is not: save it as CSV (UTF-8)")
	}
	return string(text), name, nil
}

// decodeMarkedUTF8 refuses rather than guesses: a file that says it is UTF-8
// and is not was joined from two files or cut short.
func decodeMarkedUTF8(data []byte) (string, Encoding, error) {
	for at, line := 0, 1; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return "", "", fileError(line, 0, CodeBadEncoding, "the file says it is UTF-8 but this line is not: was it joined from two files? Export it again as CSV (UTF-8)")
		}
		if r == '\n' {
			line++
		}
		at += size
	}
	return string(data), UTF8BOM, nil
}

func firstBytes(data []byte, n int) []byte { return data[:min(n, len(data))] }

// unixLines turns the carriage returns of an old Macintosh file into line
// feeds. It does so only when the first line ends in a lone one, because in any
// other file a lone carriage return is part of a cell.
func unixLines(text string) string {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			quoted = !quoted
		case '\n':
			if !quoted {
				return text
			}
		case '\r':
			if quoted {
				continue
			}
			if i+1 < len(text) && text[i+1] == '\n' {
				return text
			}
			return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		}
	}
	return text
}
