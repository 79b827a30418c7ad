package stafflist

import "strings"

// quotedScan is how many bytes a quoted cell may take before it is held to be
// one whose closing quote was forgotten. It bounds the work on hostile files;
// it is far over MaxCell, so that a cell which is only too long is skipped
// whole.
const quotedScan = 32 << 10

// record is one row of cells as they stand in the file.
type record struct {
	line  int // physical line on which it starts
	cells []string
	// fault is set instead of cells when the quotes make no sense.
	fault string
	// overflow says that there were more than MaxColumns cells.
	overflow bool
}

// scanner splits text into records. It differs from encoding/csv where files
// that people have edited need it to: a quote inside an unquoted cell is a
// character, a faulty record costs one physical line and not the rest of the
// file, and the number of cells is limited before they are stored.
type scanner struct {
	text  string
	at    int
	line  int // of text[at]
	delim byte
	cells []string // reused between records
}

// next returns the following record, blank or not, and false at the end. Its
// cells are valid until the next call.
func (s *scanner) next() (record, bool) {
	if s.at >= len(s.text) {
		return record{}, false
	}
	start, rec := s.at, record{line: s.line}
	s.cells = s.cells[:0]
	for {
		cell, more, fault := s.cell()
		if fault != "" {
			s.at = start
			s.skipLine()
			return record{line: rec.line, fault: fault}, true
		}
		if len(s.cells) == MaxColumns {
			rec.overflow = true
			return rec, true
		}
		s.cells = append(s.cells, cell)
		if !more {
			break
		}
	}
	s.line += strings.Count(s.text[start:s.at], "\n")
	rec.cells = s.cells
	return rec, true
}

// cell reads one cell and the delimiter or line end after it. It reports
// whether the record goes on.
func (s *scanner) cell() (value string, more bool, fault string) {
	from := s.at
	for from < len(s.text) && s.text[from] == ' ' {
		from++
	}
	if from < len(s.text) && s.text[from] == '"' {
		return s.quoted(from + 1)
	}
	end := s.at
	for end < len(s.text) && s.text[end] != s.delim && s.text[end] != '\n' {
		end++
	}
	value = s.text[s.at:end]
	more = s.finish(end)
	if !more {
		value = strings.TrimSuffix(value, "\r")
	}
	return value, more, ""
}

func (s *scanner) quoted(from int) (value string, more bool, fault string) {
	window := s.text[from:min(len(s.text), from+quotedScan)]
	escaped := false
	for i := 0; ; {
		q := strings.IndexByte(window[i:], '"')
		if q < 0 {
			return "", false, "a quoted cell that starts on this line is never closed: add the closing quote"
		}
		i += q + 1
		if i < len(window) && window[i] == '"' {
			escaped = true
			i++
			continue
		}
		value = window[:i-1]
		end, ok := s.afterQuote(from + i)
		if !ok {
			return "", false, "a quoted cell has text after its closing quote: write a quote inside a cell twice"
		}
		if escaped {
			value = strings.ReplaceAll(value, `""`, `"`)
		}
		return value, s.finish(end), ""
	}
}

// afterQuote skips blanks after a closing quote to what ends the cell.
func (s *scanner) afterQuote(at int) (int, bool) {
	for at < len(s.text) && (s.text[at] == ' ' || s.text[at] == '\r') {
		at++
	}
	return at, at == len(s.text) || s.text[at] == s.delim || s.text[at] == '\n'
}

// finish moves past the delimiter or line end at end, and reports which.
func (s *scanner) finish(end int) (more bool) {
	more = end < len(s.text) && s.text[end] == s.delim
	s.at = min(end+1, len(s.text))
	return more
}

func (s *scanner) skipLine() {
	s.line++
	if n := strings.IndexByte(s.text[s.at:], '\n'); n >= 0 {
		s.at += n + 1
		return
	}
	s.at = len(s.text)
}

// sniff returns the delimiter of the first line that has text: the one that
// stands most often outside quotes, the comma if none does.
func sniff(text string) byte {
	text = strings.TrimLeft(text, "\r\n ")
	var count [256]int
	quoted := false
	for i := 0; i < min(len(text), quotedScan); i++ {
		if text[i] == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if text[i] == '\n' {
			break
		}
		count[text[i]]++
	}
	best := byte(',')
	for _, d := range []byte{';', '\t'} {
		if count[d] > count[best] {
			best = d
		}
	}
	return best
}

// excelHint takes the line "sep=;" off the front, which Excel reads as the
// delimiter. A line feed stays in its place, so that line numbers hold.
func excelHint(text string) (rest string, delim byte, ok bool) {
	line, after, found := strings.Cut(text, "\n")
	line = strings.Trim(strings.TrimSuffix(line, "\r"), `"`)
	if !found || len(line) != len("sep=;") || !strings.EqualFold(line[:4], "sep=") || !strings.ContainsAny(line[4:], ",;\t") {
		return text, 0, false
	}
	return "\n" + after, line[4], true
}

// blank says that no cell of the record holds anything.
func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
