package contractfuzz

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"github.com/perennial-api/perennial/internal/apitest"
)

// call draws a request of the kind, and says what is broken in it.
func (d drawer) call(o apitest.Operation, kind string) (apitest.Call, string) {
	c := apitest.Call{Operation: o, Path: map[string]string{}, Query: url.Values{}, IfMatch: pick(d, []string{`"1"`, `"2"`, `"2147483647"`}, "If-Match")}
	if kind != "anonymous" && !o.Public() {
		c.Token = d.caller(o, kind).bearer()
	}
	for _, p := range o.Params("path") {
		c.Path[p.Name] = fmt.Sprint(d.value(p.Schema.Value, p.Name, p.Example))
	}
	for _, p := range o.Params("query") {
		if p.Name != "cursor" && (p.Required || d.chance(30, p.Name+"?")) {
			c.Query.Set(p.Name, fmt.Sprint(d.value(p.Schema.Value, p.Name, p.Example)))
		}
	}
	if has(o, "header", "Idempotency-Key") && d.chance(20, "keyed") {
		c.Key = rapid.SampledFrom([]string{"k1 " + o.OperationID, "k2", "\u00e9", strings.Repeat("k", 100)}).Draw(d.T, "key")
	}
	return c, d.body(&c, kind)
}

// body adds a body, whole or broken. Where there is none to break, a parameter is.
func (d drawer) body(c *apitest.Call, kind string) string {
	ct, s := c.Operation.Body()
	switch {
	case s == nil && kind == "broken":
		return d.misread(c)
	case s == nil:
		return ""
	case ct == "text/csv":
		return d.csv(c, kind)
	case ct == "multipart/form-data":
		return d.upload(c, s, kind)
	}
	v := d.about(d.value(s, "body", nil).(map[string]any))
	c.Body = encode(ct, v)
	if kind != "broken" {
		return ""
	}
	how := rapid.IntRange(0, 9).Draw(d.T, "how")
	switch {
	case how == 0:
		c.Type = rapid.SampledFrom([]string{"text/plain", "application/xml", "json", "application/json; charset=\x7f"}).Draw(d.T, "type")
		return "content type"
	case how < 3 && strings.Contains(ct, "json"):
		c.Body = d.bytesOf(c.Body)
		return "bytes"
	}
	broken := d.spoil(ct, s, v)
	c.Body = encode(ct, v)
	return broken
}

// about makes most of the bodies that name a record name one of the kind that they say.
func (d drawer) about(v map[string]any) map[string]any {
	kind, ok := v["subject_kind"].(string)
	if !ok || d.chance(20, "of another kind") {
		return v
	}
	of, isStatement := strings.CutSuffix(kind, "_statement")
	if !isStatement {
		delete(v, "statement")
	}
	if _, named := v["subject_id"]; named {
		v["subject_id"] = d.known(of + "_id")
	}
	return v
}

// csv draws a staff list. Broken is one that is no text/csv.
func (d drawer) csv(c *apitest.Call, kind string) string {
	var b strings.Builder
	cell := rapid.SampledFrom([]string{"external_id", "given_name", "family_name", "email", "mis:1", "Nia", "=1+1", `"`, `"a""b"`, "\xff", "", ";", "2026-13-01", strings.Repeat("x", 5000)})
	for range rapid.IntRange(0, 5).Draw(d.T, "rows") {
		b.WriteString(strings.Join(rapid.SliceOfN(cell, 0, 5).Draw(d.T, "row"), ",") + "\n")
	}
	c.Body = []byte(b.String())
	if kind != "broken" {
		return ""
	}
	c.Type = "application/json"
	return "content type"
}

// upload draws a form with a document. Broken is one that lacks a field, or is no form.
func (d drawer) upload(c *apitest.Call, s *openapi3.Schema, kind string) string {
	v := d.about(d.value(s, "body", nil).(map[string]any))
	v["file"] = "%PDF-1.7\n"
	broken := ""
	if kind == "broken" {
		broken = rapid.SampledFrom(s.Required).Draw(d.T, "field")
		delete(v, broken)
	}
	c.Type, c.Body = apitest.Form(v)
	if broken != "" && d.chance(20, "no form") {
		c.Type, broken = "application/json", "content type"
	}
	return broken
}

// forge changes what a real cursor holds, which no caller is to do and any caller can. It says
// whether there was one.
func (d drawer) forge(c *apitest.Call) bool {
	c.Query.Set("limit", "1")
	reply, err := c.Send(d.Context())
	var page struct {
		Next *string `json:"next_cursor"`
	}
	if err != nil || json.Unmarshal(reply.Body, &page) != nil || page.Next == nil {
		return false // there is one page
	}
	raw, err := base64.RawURLEncoding.DecodeString(*page.Next)
	var token map[string]any
	if err != nil || json.Unmarshal(raw, &token) != nil {
		d.Fatalf("a cursor is no longer what is forged here: %s", raw)
	}
	after := token["a"].([]any)
	odd := rapid.SampledFrom([]string{"", "x", "-1", "1e9", "null", "'", "9999-99-99", "\u0000", "00000000-0000-0000-0000-000000000000", "99999999999999999999"})
	if d.chance(30, "short") {
		after = after[:rapid.IntRange(0, len(after)-1).Draw(d.T, "length")]
	} else {
		after[rapid.IntRange(0, len(after)-1).Draw(d.T, "place")] = odd.Draw(d.T, "after")
	}
	token["a"] = after
	raw, _ = json.Marshal(token)
	c.Query.Set("cursor", base64.RawURLEncoding.EncodeToString(raw))
	return true
}

func form(v map[string]any) []byte {
	q := url.Values{}
	for name, each := range v {
		if each != nil {
			q.Set(name, fmt.Sprint(each))
		}
	}
	return []byte(q.Encode())
}
