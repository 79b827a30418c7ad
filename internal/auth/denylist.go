package auth

import (
	_ "embed" // the list of common passwords
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed denylist.txt
var denylist string

var denied = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(denylist) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			set[line] = true
		}
	}
	return set
})

// obviousWords make a password guessable when little else stands beside them.
var obviousWords = []string{
	"perennial", "password", "passwort", "passphrase", "qwerty", "letmein", "welcome", "changeme",
	"admin", "school", "academy", "teacher", "appraisal", "secret", "iloveyou",
}

// obvious reports whether a guesser would try p early.
func obvious(p string, about []string) bool {
	lower := strings.ToLower(p)
	if denied()[lower] || repeats(lower) || runs(lower) {
		return true
	}
	words := append(wordsOf(about), obviousWords...)
	core := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) }) // digits added are no letters in disguise
	return mostly(lower, words) || mostly(unleet.Replace(core), words)
}

// repeats reports whether p is one shorter piece again and again: aaaaaaaaaaaa, tigertigertiger.
func repeats(p string) bool {
	period := strings.Index((p + p)[1:], p) + 1
	return period < len(p) && period < PasswordMinCharacters
}

const keyboard = "`1234567890-= qwertyuiop[] asdfghjkl;'# zxcvbnm,./"

// runs reports whether nearly every character repeats or neighbours the one before it, in the
// alphabet or on the keyboard: 123456789012, abcdefghijkl, qwertyuiopas.
func runs(p string) bool {
	breaks, last := 0, rune(-10)
	for _, r := range p {
		if !near(last, r) {
			breaks++
		}
		last = r
	}
	return breaks <= 3 // the first character is one
}

func near(a, b rune) bool {
	if d := a - b; -1 <= d && d <= 1 {
		return true
	}
	i, j := strings.IndexRune(keyboard, a), strings.IndexRune(keyboard, b)
	return i >= 0 && j >= 0 && (i-j == 1 || j-i == 1)
}

var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// wordsOf cuts names and addresses into the words worth looking for.
func wordsOf(about []string) []string {
	var words []string
	for _, text := range about {
		for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if len(w) >= 4 {
				words = append(words, w)
			}
		}
	}
	return words
}

// mostly reports whether p holds one of the words and, these taken out, fewer than four letters.
func mostly(p string, words []string) bool {
	words = slices.Clone(words)
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	rest := p
	for _, w := range words {
		rest = strings.ReplaceAll(rest, w, "")
	}
	letters := 0
	for _, r := range rest {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return rest != p && letters < 4
}
