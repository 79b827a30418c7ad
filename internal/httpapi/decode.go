package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

// textError is a fault of the text of a body; it repeats nothing of the body.
type textError struct{ what string }

func (e *textError) Error() string { return e.what }

func defineFormats() {
	decoder := func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
		raw, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		v, err := strictJSON(raw)
		if err != nil {
			return nil, &openapi3filter.ParseError{Kind: openapi3filter.KindInvalidFormat, Cause: err}
		}
		return v, nil
	}
	openapi3filter.RegisterBodyDecoder("application/json", decoder)
	openapi3filter.RegisterBodyDecoder("application/merge-patch+json", decoder)
	openapi3filter.RegisterBodyDecoder("application/yaml", plainText) // a policy is read by its own reader
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewCallbackValidator(func(s string) error {
		if len(s) != 36 {
			return fmt.Errorf("not a UUID")
		}
		return uuid.Validate(s)
	}))
	openapi3.DefineStringFormatValidator("date", ofThisAge(time.DateOnly, "not a day, such as 2026-09-01, of this age"))
	openapi3.DefineStringFormatValidator("date-time", ofThisAge(time.RFC3339, "not a time, such as 2026-09-01T09:30:00Z, of this age"))
}

// plainText is a body that the contract holds to its length alone.
func plainText(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(raw) {
		return nil, &openapi3filter.ParseError{Kind: openapi3filter.KindInvalidFormat, Cause: &textError{"the body is not UTF-8"}}
	}
	return string(raw), nil
}

// ofThisAge takes what has the layout and lies near enough to be meant: the first day of the year 1
// means no day inside. What it says repeats nothing of what the caller wrote.
func ofThisAge(layout, otherwise string) openapi3.StringFormatValidator {
	return openapi3.NewCallbackValidator(func(s string) error {
		t, err := time.Parse(layout, s)
		if err != nil || t.Year() < 1900 || t.Year() > 2200 {
			return errors.New(otherwise)
		}
		return nil
	})
}

// strictJSON reads one JSON value: no member twice, nothing behind it, not too deep, and text in
// NFC without control characters, for PostgreSQL takes no NUL and equal words must compare equal.
func strictJSON(raw []byte) (any, error) {
	if !utf8.Valid(raw) {
		return nil, &textError{"the body is not UTF-8"}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := value(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &textError{"there is more behind the JSON value"}
	}
	return v, nil
}

func value(d *json.Decoder, depth int) (any, error) {
	if depth > 32 {
		return nil, &textError{"the body is nested more than 32 deep"}
	}
	t, err := d.Token()
	if err != nil {
		return nil, &textError{"the body is not valid JSON"}
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return object(d, depth)
		}
		return array(d, depth)
	case string:
		return text(t)
	default:
		return t, nil
	}
}

func object(d *json.Decoder, depth int) (any, error) {
	out := map[string]any{}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, &textError{"the body is not valid JSON"}
		}
		name, err := text(k.(string))
		if err != nil {
			return nil, err
		}
		if _, twice := out[name]; twice {
			return nil, &textError{"a member of an object is there twice"}
		}
		if out[name], err = value(d, depth+1); err != nil {
			return nil, err
		}
	}
	return out, end(d)
}

func array(d *json.Decoder, depth int) (any, error) {
	out := []any{}
	for d.More() {
		v, err := value(d, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, end(d)
}

func end(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return &textError{"the body is not valid JSON"}
	}
	return nil
}

// control says whether the character is a control character that no text needs.
func control(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f }

func text(s string) (string, error) {
	if strings.ContainsFunc(s, control) {
		return "", &textError{"a text has a control character"}
	}
	return norm.NFC.String(s), nil
}
