// Package apidocs serves the documentation page of the API: the contract read
// with Scalar's API reference, with try-it-out, all of it from this server.
// The page asks no other host for anything and a Content-Security-Policy holds
// it to that, so it works offline.
//
// Scalar (npm @scalar/api-reference, MIT, version in scalar/VERSION) is
// embedded compressed in scalar/; update.sh fetches and checks it.
package apidocs

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Options is what the page shows and where it finds things. The zero value is
// a page for /openapi.json at /docs without demo accounts.
type Options struct {
	// Title is the page's title; "Perennial API" if empty.
	Title string
	// BasePath is where the handler is mounted; "/docs" if empty.
	BasePath string
	// SpecURL is the OpenAPI document in JSON, on this server; "/openapi.json"
	// if empty.
	SpecURL string
	// TokenURL is the OAuth 2.0 token endpoint that the demo accounts sign in
	// at, on this server; "/v1/oauth/token" if empty.
	TokenURL string
	// RevokeURL is the revocation endpoint (RFC 7009) that signing out tells,
	// on this server; "/v1/oauth/revoke" if empty.
	RevokeURL string
	// DemoAccounts are offered for sign-in with one click. Their passwords
	// are in the page for everybody to read: set them in demo mode only.
	DemoAccounts []Account
}

// Account is a person of the demo trust that a reader can sign in as.
type Account struct {
	// Label names the person to readers, e.g. "Ruth Okafor, HR".
	Label string `json:"label"`
	// Trust, Username and Password are sent to the token endpoint.
	Trust    string `json:"trust"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// contentSecurityPolicy lets the page load and call this server and nothing
// else. Scalar writes its style sheets into the page as <style> elements and
// uses style attributes, hence 'unsafe-inline' for styles; with every other
// directive closed a style can send nothing anywhere. blob: and data: are
// pictures that the page made itself: icons and downloaded answers.
const contentSecurityPolicy = "default-src 'none'; " +
	"script-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob:; " +
	"font-src 'self' data:; " +
	"connect-src 'self'; " +
	"base-uri 'none'; " +
	"form-action 'self'; " +
	"frame-ancestors 'none'"

const (
	cacheForever    = "public, max-age=31536000, immutable"
	cacheRevalidate = "no-cache"
)

//go:embed assets scalar
var files embed.FS

var page = template.Must(template.ParseFS(files, "assets/page.html"))

// file is one thing that the handler serves, under one exact path.
type file struct {
	mediaType string
	cache     string
	tag       string // content hash
	body      []byte
	gzipped   bool // body is compressed
	plainSize int  // length once decompressed
}

// Handler answers GET and HEAD for the page at opts.BasePath, with or without
// a trailing slash, and for its assets below. Requests come with their full
// path, as echo.WrapHandler passes them; mount it at BasePath and BasePath/*.
//
// Keep echo's Gzip middleware off these paths (Skipper): it compresses what is
// compressed already and takes Content-Encoding off answers without a body.
func Handler(opts Options) http.Handler {
	base := strings.TrimRight(cmp.Or(opts.BasePath, "/docs"), "/")
	served := map[string]*file{}

	// Assets carry their content's hash in the name, so they never change.
	asset := func(name, ext string, f *file) string {
		url := base + "/" + name + "." + f.tag + "." + ext
		served[url] = f
		return url
	}
	view := pageView{
		Title:    cmp.Or(opts.Title, "Perennial API"),
		Home:     cmp.Or(base, "/"),
		Licences: base + "/licences.txt",
		Favicon:  asset("favicon", "svg", load("assets/favicon.svg", "image/svg+xml", cacheForever)),
		Style:    asset("docs", "css", load("assets/docs.css", "text/css; charset=utf-8", cacheForever)),
		Scalar:   asset("scalar", "js", bundle()),
		Script:   asset("docs", "js", load("assets/docs.js", "text/javascript; charset=utf-8", cacheForever)),
	}
	view.Settings = settings{
		SpecURL:   cmp.Or(opts.SpecURL, "/openapi.json"),
		TokenURL:  cmp.Or(opts.TokenURL, "/v1/oauth/token"),
		RevokeURL: cmp.Or(opts.RevokeURL, "/v1/oauth/revoke"),
		Accounts:  opts.DemoAccounts,
	}
	served[view.Licences] = load("scalar/THIRD-PARTY-LICENCES.txt", "text/plain; charset=utf-8", cacheRevalidate)

	var html bytes.Buffer
	if err := page.Execute(&html, view); err != nil {
		panic("apidocs: the page's template does not fit its data: " + err.Error())
	}
	index := newFile(html.Bytes(), "text/html; charset=utf-8", cacheRevalidate)
	served[base] = index
	served[base+"/"] = index

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")

		f, found := served[r.URL.Path]
		switch {
		case !found:
			h.Set("Cache-Control", cacheRevalidate)
			http.Error(w, "There is no such page. The documentation is at "+view.Home+".", http.StatusNotFound)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "This page can only be read.", http.StatusMethodNotAllowed)
		default:
			f.serve(w, r)
		}
	})
}

type pageView struct {
	Title    string
	Home     string
	Licences string
	Favicon  string
	Style    string
	Scalar   string
	Script   string
	Settings settings
}

// settings is what docs.js reads from the page.
type settings struct {
	SpecURL   string    `json:"specUrl"`
	TokenURL  string    `json:"tokenUrl"`
	RevokeURL string    `json:"revokeUrl"`
	Accounts  []Account `json:"accounts"`
}

// bundle is Scalar, measured once for all handlers.
var bundle = sync.OnceValue(func() *file {
	f := load("scalar/standalone.js.gz", "text/javascript; charset=utf-8", cacheForever)
	f.gzipped = true
	f.plainSize = decompressedSize(f.body)
	return f
})

func load(path, mediaType, cache string) *file {
	body, err := files.ReadFile(path)
	if err != nil {
		panic("apidocs: not embedded: " + err.Error())
	}
	return newFile(body, mediaType, cache)
}

func newFile(body []byte, mediaType, cache string) *file {
	sum := sha256.Sum256(body)
	return &file{
		mediaType: mediaType,
		cache:     cache,
		tag:       hex.EncodeToString(sum[:8]),
		body:      body,
		plainSize: len(body),
	}
}

// decompressedSize also proves, once at start, that the body decompresses.
func decompressedSize(body []byte) int {
	n, err := io.Copy(io.Discard, decompressor(body))
	if err != nil {
		panic("apidocs: embedded file does not decompress: " + err.Error())
	}
	return int(n)
}

func decompressor(body []byte) io.Reader {
	zr, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		panic("apidocs: embedded file is not gzip: " + err.Error())
	}
	return zr
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("Cache-Control", f.cache)

	compressed := f.gzipped && acceptsGzip(r.Header.Values("Accept-Encoding"))
	tag, size := f.tag, f.plainSize
	if f.gzipped {
		h.Set("Vary", "Accept-Encoding")
	}
	if compressed {
		tag, size = f.tag+"-gzip", len(f.body)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	if matches(r.Header.Values("If-None-Match"), tag) {
		h.Del("Content-Type")
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(size))
	if r.Method == http.MethodHead {
		return
	}
	var body io.Reader = bytes.NewReader(f.body)
	if f.gzipped && !compressed {
		body = decompressor(f.body)
	}
	// A failure here is a reader who went away; there is nobody to tell.
	_, _ = io.Copy(w, body)
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): the weight of gzip, or
// else of *, must not be 0.
func acceptsGzip(values []string) bool {
	accepted, named := false, false
	for item := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, params, _ := strings.Cut(item, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "x-gzip" && (coding != "*" || named) {
			continue
		}
		named = named || coding != "*"
		accepted = weight(params) > 0
	}
	return accepted
}

func weight(params string) float64 {
	name, value, found := strings.Cut(params, "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return q
}

// matches says whether If-None-Match names the tag; the comparison is weak, so
// a W/ that a proxy put before it does not matter.
func matches(values []string, tag string) bool {
	for item := range strings.SplitSeq(strings.Join(values, ","), ",") {
		item = strings.TrimSpace(item)
		if item == "*" || strings.TrimPrefix(item, "W/") == `"`+tag+`"` {
			return true
		}
	}
	return false
}
