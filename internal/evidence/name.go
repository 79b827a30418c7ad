package evidence

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const maxName = 120 // characters of a file's name before its ending

// safeName is a file's name as it is shown and offered for saving: the last part of what was sent,
// without what steers a terminal or turns the direction of writing, and ending as the content is.
// It is never part of a path.
func safeName(sent string, m media) string {
	name := sent[strings.LastIndexAny(sent, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) || strings.ContainsRune(`<>:"|?*;%`, r) {
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(name, "")))
	end := ""
	for _, e := range m.ends {
		if len(name) > len(e) && strings.EqualFold(name[len(name)-len(e):], e) {
			name, end = name[:len(name)-len(e)], e
		}
	}
	if end == "" {
		end = m.ends[0]
	}
	name = strings.Trim(name, ". ")
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName])
	}
	if name == "" {
		name = "document"
	}
	return name + end
}
