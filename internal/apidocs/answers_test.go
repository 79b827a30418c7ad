package apidocs

import (
	"compress/gzip"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	h := Handler(demo)
	answers := map[string]*http.Response{
		"page":      ask(t, h, "GET", "/docs"),
		"bundle":    ask(t, h, "GET", bundleURL(t, h)),
		"not found": ask(t, h, "GET", "/docs/nothing"),
		"refused":   ask(t, h, "POST", "/docs"),
	}
	for name, resp := range answers {
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff",
			"Referrer-Policy":        "no-referrer",
		} {
			if got := resp.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		policy := map[string]string{}
		for d := range strings.SplitSeq(resp.Header.Get("Content-Security-Policy"), ";") {
			key, sources, _ := strings.Cut(strings.TrimSpace(d), " ")
			policy[key] = sources
		}
		for directive, want := range map[string]string{
			"default-src":     "'none'",
			"script-src":      "'self'",
			"connect-src":     "'self'",
			"style-src":       "'self' 'unsafe-inline'",
			"img-src":         "'self' data: blob:",
			"font-src":        "'self' data:",
			"base-uri":        "'none'",
			"form-action":     "'self'",
			"frame-ancestors": "'none'",
		} {
			if policy[directive] != want {
				t.Errorf("%s: %s is %q, want %q", name, directive, policy[directive], want)
			}
		}
	}
}

func TestAssetsAreCachedByContent(t *testing.T) {
	h := Handler(demo)
	hashed := 0
	for _, url := range links(t, h) {
		resp := ask(t, h, "GET", url)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", url, resp.StatusCode)
		}
		if !regexp.MustCompile(`\.[0-9a-f]{16}\.`).MatchString(url) {
			continue
		}
		hashed++
		if got := resp.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") || !strings.Contains(got, "max-age=31536000") {
			t.Errorf("%s: Cache-Control %q", url, got)
		}
	}
	if hashed < 4 {
		t.Errorf("%d assets carry a hash, want the bundle, our script, our style and the icon", hashed)
	}
}

func TestRevalidation(t *testing.T) {
	h := Handler(demo)
	for _, path := range []string{"/docs", bundleURL(t, h)} {
		tag := ask(t, h, "GET", path, "Accept-Encoding", "gzip").Header.Get("ETag")
		for _, sent := range []string{tag, `"other", ` + tag, "W/" + tag, "*"} {
			resp := ask(t, h, "GET", path, "Accept-Encoding", "gzip", "If-None-Match", sent)
			if resp.StatusCode != http.StatusNotModified || read(t, resp.Body) != "" {
				t.Errorf("%s If-None-Match %s: %d", path, sent, resp.StatusCode)
			}
			if resp.Header.Get("ETag") != tag || resp.Header.Get("Cache-Control") == "" {
				t.Errorf("%s: 304 without its validators: %v", path, resp.Header)
			}
		}
		if resp := ask(t, h, "GET", path, "If-None-Match", `"other"`); resp.StatusCode != http.StatusOK {
			t.Errorf("%s with another tag: %d", path, resp.StatusCode)
		}
	}
}

func TestBundleGzipAndIdentity(t *testing.T) {
	h := Handler(demo)
	url := bundleURL(t, h)

	compressed := ask(t, h, "GET", url, "Accept-Encoding", "gzip, deflate, br")
	plain := ask(t, h, "GET", url)
	if got := compressed.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding %q", got)
	}
	if got := plain.Header.Get("Content-Encoding"); got != "" {
		t.Fatalf("Content-Encoding %q without Accept-Encoding", got)
	}
	if compressed.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Error("both representations have the same ETag")
	}
	bodies := map[*http.Response]string{compressed: read(t, compressed.Body), plain: read(t, plain.Body)}
	for resp, body := range bodies {
		if got := resp.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Vary %q", got)
		}
		if got := resp.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
			t.Errorf("Content-Type %q", got)
		}
		if got := resp.Header.Get("Content-Length"); got != strconv.Itoa(len(body)) {
			t.Errorf("Content-Length %s for %d bytes", got, len(body))
		}
	}
	zr, err := gzip.NewReader(strings.NewReader(bodies[compressed]))
	if err != nil {
		t.Fatal(err)
	}
	if read(t, zr) != bodies[plain] {
		t.Error("the two representations differ")
	}
	version := strings.TrimSpace(mustRead(t, "scalar/VERSION"))
	if !strings.Contains(bodies[plain][:1000], "@scalar/api-reference "+version) {
		t.Errorf("the bundle does not say that it is version %s", version)
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"":                      false,
		"gzip":                  true,
		"GZIP":                  true,
		"br;q=1, gzip;q=0.5":    true,
		"gzip;q=0":              false,
		"gzip; Q=0.000":         false,
		"*":                     true,
		"*;q=0":                 false,
		"gzip;q=0, *":           false,
		"*, gzip;q=0":           false,
		"*;q=0, gzip":           true,
		"identity":              false,
		"gzip;q=not-a-number":   false,
		"x-gzip":                true,
		"deflate, br, zstd":     false,
		"identity;q=1, *;q=0.1": true,
	} {
		if got := acceptsGzip([]string{header}); got != want {
			t.Errorf("Accept-Encoding %q: %v, want %v", header, got, want)
		}
	}
}

func TestHead(t *testing.T) {
	h := Handler(demo)
	for _, url := range append(links(t, h), "/docs") {
		for _, encoding := range []string{"", "gzip"} {
			get := ask(t, h, "GET", url, "Accept-Encoding", encoding)
			head := ask(t, h, "HEAD", url, "Accept-Encoding", encoding)
			if head.StatusCode != http.StatusOK || read(t, head.Body) != "" {
				t.Errorf("HEAD %s: %d with a body", url, head.StatusCode)
			}
			for name := range get.Header {
				if head.Header.Get(name) != get.Header.Get(name) {
					t.Errorf("HEAD %s: %s is %q, GET has %q", url, name, head.Header.Get(name), get.Header.Get(name))
				}
			}
		}
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	h := Handler(demo)
	for _, path := range []string{
		"/", "/docsx", "/docs/nothing", "/docs/assets/docs.js", "/docs/scalar.js",
		"/docs/scalar.0000000000000000.js", "/docs/../go.mod", "/docs//",
	} {
		if got := ask(t, h, "GET", path).StatusCode; got != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, got)
		}
	}
	resp := ask(t, h, "POST", "/docs")
	if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST /docs: %d, Allow %q", resp.StatusCode, resp.Header.Get("Allow"))
	}
}
