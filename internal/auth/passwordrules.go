package auth

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/perennial-api/perennial/internal/fault"
)

// The bounds of a password: the minimum is that of NCSC's Cyber Essentials requirements
// ("Password-based authentication"); the maximum only bounds the cost of hashing.
const (
	PasswordMinCharacters = 12
	PasswordMaxBytes      = 128
)

// normal makes the same password of the same characters, however the keyboard composed them
// (RFC 8265 section 4.2).
func normal(password Secret) string { return norm.NFC.String(password.Reveal()) }

// CheckPassword refuses what is too short, too long or too easily guessed. There are no rules of
// composition and no expiry: NCSC advises against both. about is what a guesser knows: the
// person's name, address and trust. The answer is nil or an Invalid fault.
func CheckPassword(password Secret, about ...string) error {
	p := normal(password)
	switch {
	case !utf8.ValidString(p):
		return fault.New(fault.Invalid, "password_unreadable", "The password is not valid text.")
	case utf8.RuneCountInString(p) < PasswordMinCharacters:
		return fault.New(fault.Invalid, "password_too_short", "A password has at least %d characters. Three random words do well.", PasswordMinCharacters)
	case len(p) > PasswordMaxBytes:
		return fault.New(fault.Invalid, "password_too_long", "A password has at most %d bytes.", PasswordMaxBytes)
	case obvious(p, about):
		return fault.New(fault.Invalid, "password_too_common", "This password is easily guessed. Three random words do well.")
	}
	return nil
}
