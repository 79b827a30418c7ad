package form

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// Sent is a check-in that was sent, as later forms quote it.
type Sent struct {
	N       int // of its window
	SentOn  schooltime.Date
	Answers Answers `gorm:"serializer:json"`
}

// Quote fills the sections of a form that name sections of the check-in form, each line with the
// check-in that it comes from, so that nothing is typed twice. objectives are those that the form
// asks about: a check-in may hold answers on one that is gone since, and the form would refuse it.
func (f Form) Quote(sent []Sent, objectives []uuid.UUID) Answers {
	out := Answers{}
	for i := range f.Sections {
		s := &f.Sections[i]
		if len(s.Prefill) == 0 {
			continue
		}
		switch {
		case s.Kind == People:
			if v := s.quotePeople(sent); len(v) > 0 {
				out[s.Code] = v
			}
		case s.Per != "":
			if v := s.quoteEach(sent, objectives); len(v) > 0 {
				out[s.Code] = v
			}
		default:
			if v := s.quoteText(sent, func(v any) any { return v }); v != "" {
				out[s.Code] = v
			}
		}
	}
	return out
}

// quoteText joins the texts that of finds in the answers.
func (s *Section) quoteText(sent []Sent, of func(any) any) string {
	var lines []string
	for _, c := range sent {
		for _, code := range s.Prefill {
			if text, _ := of(c.Answers[code]).(string); text != "" {
				lines = append(lines, c.Line(text))
			}
		}
	}
	return shorten(strings.Join(lines, "\n"), s.Limit())
}

// Line is a text of the check-in as it is quoted.
func (c Sent) Line(text string) string { return Line(fmt.Sprintf("Check-in %d", c.N), c.SentOn, text) }

// Line is a text as a later form quotes it, with what it comes from and its day.
func Line(from string, on schooltime.Date, text string) string {
	return fmt.Sprintf("%s (%s): %s", from, on, text)
}

// Join puts lines together as far as they fit into the section whole, and says how many did. A first
// line that alone is too long is cut.
func (s *Section) Join(lines []string) (text string, n int) {
	for n = len(lines); n > 1; n-- {
		if text = strings.Join(lines[:n], "\n"); utf8.RuneCountInString(text) <= s.Limit() {
			return text, n
		}
	}
	return shorten(strings.Join(lines[:n], "\n"), s.Limit()), n
}

// shorten keeps whole lines up to the section's limit.
func shorten(text string, limit int) string {
	for len([]rune(text)) > limit {
		cut := strings.LastIndexByte(text, '\n')
		if cut < 0 {
			return string([]rune(text)[:limit])
		}
		text = text[:cut]
	}
	return text
}

func (s *Section) quoteEach(sent []Sent, objectives []uuid.UUID) map[string]any {
	out := map[string]any{}
	for _, id := range objectives {
		text := s.quoteText(sent, func(v any) any { m, _ := v.(map[string]any); return m[id.String()] })
		if text != "" {
			out[id.String()] = text
		}
	}
	return out
}

func (s *Section) quotePeople(sent []Sent) []any {
	var out []any
	for _, c := range sent {
		for _, code := range s.Prefill {
			list, _ := c.Answers[code].([]any)
			for _, id := range list {
				if !slices.Contains(out, id) && len(out) < 50 {
					out = append(out, id)
				}
			}
		}
	}
	return out
}
