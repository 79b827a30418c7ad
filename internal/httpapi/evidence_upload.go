package httpapi

import (
	"errors"
	"io"
	"mime/multipart"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/evidence"
	"github.com/perennial-api/perennial/internal/fault"
)

// The most that one field of a form with a file weighs, and how many there are before the file.
const (
	maxField  = 4 << 10
	maxFields = 20
)

// readUpload reads the fields of a form up to its file, which is left to be streamed. What the
// fields hold is held against the contract as a JSON body would be.
func (s *Server) readUpload(form *multipart.Reader) (evidence.Draft, *multipart.Part, error) {
	schema, fields := s.uploadSchema(), map[string]any{}
	for range maxFields {
		part, err := form.NextRawPart()
		if err != nil {
			return evidence.Draft{}, nil, incomplete(err, fields, schema)
		}
		name := part.FormName()
		if name == "file" {
			fields[name] = ""
			if err := heldAgainst(schema, fields); err != nil {
				return evidence.Draft{}, nil, err
			}
			return drafted(fields), part, nil
		}
		if schema.Properties[name] == nil {
			return evidence.Draft{}, nil, fault.New(fault.Invalid, "invalid_request", "The form has a field that this operation does not take.")
		}
		if _, twice := fields[name]; twice {
			return evidence.Draft{}, nil, fault.New(fault.Malformed, "malformed_request", "A field of the form is there twice.")
		}
		if fields[name], err = fieldText(part); err != nil {
			return evidence.Draft{}, nil, err
		}
	}
	return evidence.Draft{}, nil, fault.New(fault.Malformed, "malformed_request", "The form has too many fields before its file.")
}

// incomplete is the answer to a form that was cut off, or that ended before its file.
func incomplete(err error, fields map[string]any, s *openapi3.Schema) error {
	if !errors.Is(err, io.EOF) {
		return fault.New(fault.Malformed, "unreadable_body", "The body cannot be read as multipart/form-data to its end.")
	}
	return heldAgainst(s, fields)
}

func fieldText(part io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(part, maxField+1))
	switch {
	case err != nil:
		return "", fault.New(fault.Malformed, "unreadable_body", "The body could not be read to its end.")
	case len(raw) > maxField:
		return "", fault.New(fault.TooLarge, "field_too_large", "A field of the form is larger than %d KiB. The file is sent under the name file.", maxField>>10)
	case !utf8.Valid(raw):
		return "", fault.New(fault.Malformed, "malformed_request", "A field of the form is not UTF-8.")
	}
	said, err := text(string(raw))
	if err != nil {
		return "", fault.New(fault.Malformed, "malformed_request", "A field of the form has a control character.")
	}
	return said, nil
}

func (s *Server) uploadSchema() *openapi3.Schema {
	op := s.Contract.Paths.Value("/v1/appraisals/{appraisal_id}/evidence/documents").Post
	return op.RequestBody.Value.Content["multipart/form-data"].Schema.Value
}

func heldAgainst(s *openapi3.Schema, fields map[string]any) error {
	err := s.VisitJSON(fields, openapi3.MultiErrors(), openapi3.VisitAsRequest(), openapi3.EnableFormatValidation())
	if err == nil {
		return nil
	}
	return violations(&openapi3filter.RequestError{RequestBody: &openapi3.RequestBody{}, Err: err})
}

// drafted reads fields that fit the contract.
func drafted(fields map[string]any) evidence.Draft {
	said := func(name string) string { v, _ := fields[name].(string); return v }
	return evidence.Draft{Kind: said("kind"), Title: said("title"),
		Subject: evidence.Subject{Kind: said("subject_kind"), ID: uuid.MustParse(strings.ToLower(said("subject_id"))), Statement: said("statement")}}
}

// last is the file of a form, which must end it: what stands behind would be lost without a word.
type last struct {
	form *multipart.Reader
	file *multipart.Part
}

// Read implements io.Reader.
func (l last) Read(b []byte) (int, error) {
	n, err := l.file.Read(b)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	if _, behind := l.form.NextRawPart(); errors.Is(behind, io.EOF) {
		return n, io.EOF
	} else if behind != nil {
		return n, behind
	}
	return n, fault.New(fault.Malformed, "malformed_request", "The file ends the form: send the fields before it.")
}
