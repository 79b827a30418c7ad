package httpapi

import (
	"net/url"
	"reflect"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// describe sets the headers that follow from an answer's body: the ETag from its version, the
// Location of what was created, and the Link to the next page. Handlers need not repeat it.
func describe(c echo.Context, response any) {
	body := reflect.ValueOf(response)
	if body.Kind() == reflect.Struct && body.FieldByName("Body").IsValid() {
		body = body.FieldByName("Body")
	}
	if body.Kind() == reflect.Interface {
		body = body.Elem()
	}
	if body.Kind() != reflect.Struct {
		return
	}
	h := c.Response().Header()
	if v := versionOf(body); v >= 0 {
		h.Set("ETag", strconv.Quote(strconv.Itoa(v)))
	}
	if id, ok := field[uuid.UUID](body, "ID"); ok && c.Request().Method == "POST" && !hasParam(c, "_id") {
		h.Set("Location", c.Request().URL.Path+"/"+id.String())
	}
	if next, ok := field[interface{ Get() (string, error) }](body, "NextCursor"); ok {
		if cursor, err := next.Get(); err == nil {
			h.Set("Link", "<"+nextPage(c.Request().URL, cursor)+`>; rel="next"`)
		}
	}
}

// versionOf finds the version of a resource, or of the step in a step's detail.
func versionOf(body reflect.Value) int {
	if v, ok := field[int](body, "Version"); ok {
		return v
	}
	if step := body.FieldByName("Step"); step.IsValid() && step.Kind() == reflect.Struct {
		return versionOf(step)
	}
	return -1
}

func field[T any](body reflect.Value, name string) (T, bool) {
	var none T
	f := body.FieldByName(name)
	if !f.IsValid() || !f.CanInterface() {
		return none, false
	}
	v, ok := f.Interface().(T)
	return v, ok
}

func hasParam(c echo.Context, suffix string) bool {
	for _, n := range c.ParamNames() {
		if len(n) > len(suffix) && n[len(n)-len(suffix):] == suffix {
			return true
		}
	}
	return false
}

func nextPage(u *url.URL, cursor string) string {
	q := u.Query()
	q.Set("cursor", cursor)
	return u.Path + "?" + q.Encode()
}
