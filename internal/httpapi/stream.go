package httpapi

import (
	"context"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"github.com/perennial-api/perennial/internal/evidence"
	"github.com/perennial-api/perennial/internal/fault"
)

// Files is where documents are kept, and whether they can be at the moment.
type Files interface {
	evidence.Files
	Ready(ctx context.Context) error
}

const multipartForm = "multipart/form-data"

// streamed are the content types of bodies that are read by their use case and never held whole,
// each with what it is called when another one is sent.
var streamed = map[string]stream{
	"text/csv":    {maxFile, "Send the file as text/csv."},
	multipartForm: {maxUpload, "Send the fields and the file as multipart/form-data, with its boundary."},
}

type stream struct {
	limit  int64
	advice string
}

// streamOf returns the content type of the operation's streamed body; empty where it has none.
func streamOf(op *openapi3.Operation) string {
	if op.RequestBody != nil {
		for ct := range streamed {
			if op.RequestBody.Value.Content[ct] != nil {
				return ct
			}
		}
	}
	return ""
}

// keepStream holds a streamed body to its type and limit, and leaves it to be read.
func keepStream(c echo.Context, stream string) error {
	r, as := c.Request(), streamed[stream]
	if r.ContentLength > as.limit {
		return tooLarge(as.limit)
	}
	sent, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if sent != stream || stream == multipartForm && (err != nil || params["boundary"] == "") {
		return fault.New(fault.Unsupported, "unsupported_media_type", "%s", as.advice)
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, as.limit)
	return nil
}

// patience is how long a document may take to come in or go out: longer than other requests have,
// for a school's line may be slow.
const patience = 5 * time.Minute

// lengthy says whether the operation takes or gives a document.
func lengthy(op *openapi3.Operation) bool {
	ok := op.Responses.Value("200")
	return streamOf(op) == multipartForm || ok != nil && ok.Value.Content["application/octet-stream"] != nil
}

// patient gives a document its time. What is left of a form that was refused is read and dropped,
// for a sender who is still sending would not hear the answer.
func patient(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		until, control := time.Now().Add(patience), http.NewResponseController(c.Response())
		_ = control.SetReadDeadline(until) // a test's recorder has no deadlines
		_ = control.SetWriteDeadline(until)
		body := http.MaxBytesReader(c.Response(), c.Request().Body, maxUpload)
		err := next(c)
		if err != nil {
			_, _ = io.Copy(io.Discard, body)
		}
		return err
	}
}
