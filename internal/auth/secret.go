package auth

import "log/slog"

const redacted = "[redacted]"

// Secret holds text that must never reach a log, an error or a response by accident: a password,
// a token, a one-time link. Printing, logging and marshalling it give "[redacted]"; Reveal alone
// gives the text.
//
// The text stands behind a pointer because fmt prints unexported fields of an enclosing struct
// without calling their methods; of a pointer it then shows the address alone.
type Secret struct{ text *string }

// Conceal wraps text.
func Conceal(text string) Secret { return Secret{text: &text} }

// Reveal returns the text, "" for the zero Secret.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// String never returns the text.
func (s Secret) String() string { return redacted }

// GoString never returns the text.
func (s Secret) GoString() string { return redacted }

// LogValue never returns the text.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText never returns the text: a response that carries a secret has to call Reveal.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
