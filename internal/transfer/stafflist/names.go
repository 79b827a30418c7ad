package stafflist

import (
	"slices"
	"strings"
)

// Name is a full name taken apart.
type Name struct {
	Title, Given, Family string
	// Guessed says that nothing but custom decided where the family name
	// begins: "Anna Maria Jones" may be a Maria Jones.
	Guessed bool
}

// SplitName takes apart "Surname, Forename" or "Forename Surname", with a title
// in front of either part or after a second comma. It is false when there are
// not two parts. Without a comma the family name begins at the first particle
// ("de la Cruz", "van Dijk"), else it is the last word.
//
// Callers use it for a line manager who is given by name.
func SplitName(full string) (Name, bool) {
	parts := strings.Split(full, ",")
	for i, p := range parts {
		parts[i] = strings.Join(strings.Fields(p), " ")
	}
	switch {
	case len(parts) == 1:
		return splitWords(parts[0])
	case len(parts) == 3 && isTitle(parts[2]):
		return joinParts(parts[0], parts[1], parts[2])
	case len(parts) == 2:
		return joinParts(parts[0], parts[1], "")
	}
	return Name{}, false
}

func joinParts(family, given, title string) (Name, bool) {
	before, family := cutTitle(family)
	inner, given := cutTitle(given)
	n := Name{Title: title, Given: given, Family: family}
	for _, t := range []string{inner, before} {
		if n.Title == "" {
			n.Title = t
		}
	}
	n.Title = strings.TrimSuffix(n.Title, ".")
	return n, n.Given != "" && n.Family != ""
}

func splitWords(full string) (Name, bool) {
	title, rest := cutTitle(full)
	words := strings.Fields(rest)
	if len(words) < 2 {
		return Name{}, false
	}
	from := len(words) - 1
	for i := 1; i < from; i++ {
		if slices.Contains(particles, strings.ToLower(words[i])) {
			from = i
		}
	}
	return Name{
		Title:   title,
		Given:   strings.Join(words[:from], " "),
		Family:  strings.Join(words[from:], " "),
		Guessed: len(words) > 2,
	}, true
}

// cutTitle takes a title off the front, unless nothing would be left.
func cutTitle(text string) (title, rest string) {
	first, after, found := strings.Cut(text, " ")
	if found && isTitle(first) {
		return strings.TrimSuffix(first, "."), after
	}
	return "", text
}

func isTitle(word string) bool {
	return slices.Contains(titles, strings.ToLower(strings.TrimSuffix(word, ".")))
}

var (
	titles    = []string{"mr", "mrs", "miss", "ms", "mx", "dr", "prof", "professor", "rev", "revd", "reverend", "sir", "dame", "fr", "sr"}
	particles = []string{
		"al", "ap", "ab", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du",
		"el", "ibn", "la", "le", "mac", "o'", "st", "st.", "ten", "ter", "van", "von", "y",
	}
)
