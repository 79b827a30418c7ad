package apidocs

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var demo = Options{DemoAccounts: []Account{
	{Label: "Ruth Okafor, HR", Trust: "meadow", Username: "hr@meadow.example", Password: "demo-hr-7319"},
	{Label: `</script><script>alert(1)</script>"&'`, Trust: "meadow", Username: "x", Password: "</script>"},
}}

// ask sends one request to the handler; headers are name, value, …
func ask(t *testing.T, h http.Handler, method, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, r io.Reader) string {
	t.Helper()
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// links gives the page's own assets: what it names under /docs/.
func links(t *testing.T, h http.Handler) []string {
	t.Helper()
	html := read(t, ask(t, h, "GET", "/docs").Body)
	found := regexp.MustCompile(`(?:src|href)="(/docs/[^"]+)"`).FindAllStringSubmatch(html, -1)
	var urls []string
	for _, m := range found {
		urls = append(urls, m[1])
	}
	return urls
}

func bundleURL(t *testing.T, h http.Handler) string {
	t.Helper()
	for _, url := range links(t, h) {
		if strings.HasPrefix(url, "/docs/scalar.") {
			return url
		}
	}
	t.Fatal("the page does not load the bundle")
	return ""
}

func TestPage(t *testing.T) {
	h := Handler(demo)
	for _, path := range []string{"/docs", "/docs/"} {
		resp := ask(t, h, "GET", path)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("GET %s: %d", path, resp.StatusCode)
		}
		if got := resp.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("Content-Type %q", got)
		}
		if got := resp.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("Cache-Control %q", got)
		}
		html := read(t, resp.Body)
		for _, want := range []string{"<title>Perennial API</title>", "Perennial", "Ruth Okafor, HR", `"specUrl":"/openapi.json"`, `"tokenUrl":"/v1/oauth/token"`, `"revokeUrl":"/v1/oauth/revoke"`} {
			if !strings.Contains(html, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	}
}

func TestAccountsAreEscaped(t *testing.T) {
	html := read(t, ask(t, Handler(demo), "GET", "/docs").Body)
	if strings.Contains(html, "<script>alert") {
		t.Error("a label is markup in the page")
	}
	if n := strings.Count(html, "</script>"); n != 3 {
		t.Errorf("%d script elements end in the page, want settings, Scalar and ours", n)
	}
}

func TestWithoutDemoAccountsThereIsNoPanel(t *testing.T) {
	html := read(t, ask(t, Handler(Options{}), "GET", "/docs").Body)
	for _, no := range []string{"Sign in", "Demo", `id="accounts"`, `id="status"`} {
		if strings.Contains(html, no) {
			t.Errorf("the page has %q", no)
		}
	}
}

func TestOptions(t *testing.T) {
	h := Handler(Options{Title: "A & B", BasePath: "/reference/", SpecURL: "/contract.json", TokenURL: "/token", RevokeURL: "/revoke"})
	html := read(t, ask(t, h, "GET", "/reference").Body)
	for _, want := range []string{"<title>A &amp; B</title>", `"specUrl":"/contract.json"`, `"tokenUrl":"/token"`, `"revokeUrl":"/revoke"`, `src="/reference/scalar.`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := ask(t, h, "GET", "/docs").StatusCode; got != http.StatusNotFound {
		t.Errorf("/docs answers %d", got)
	}
}

func TestNoInlineScriptOrStyle(t *testing.T) {
	html := read(t, ask(t, Handler(demo), "GET", "/docs").Body)
	for _, tag := range regexp.MustCompile(`<script[^>]*>`).FindAllString(html, -1) {
		if !strings.Contains(tag, " src=") && !strings.Contains(tag, `type="application/json"`) {
			t.Errorf("inline script %s", tag)
		}
	}
	if found := regexp.MustCompile(`<style|\sstyle=|\son\w+=`).FindString(html); found != "" {
		t.Errorf("inline style or handler %q", found)
	}
}

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

// What we write ourselves names no other host. (The bundle does, in links and
// in features that are off; the policy and the browser check hold it.)
func TestNoOtherHostIsNamed(t *testing.T) {
	url := regexp.MustCompile(`(?i)(?:https?:|wss?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s"'<>]*`)
	texts := map[string]string{"page": read(t, ask(t, Handler(demo), "GET", "/docs").Body)}
	entries, err := fs.ReadDir(files, "assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		texts[e.Name()] = mustRead(t, "assets/"+e.Name())
	}
	for name, text := range texts {
		for _, found := range url.FindAllString(text, -1) {
			if found != "http://www.w3.org/2000/svg" { // the SVG namespace, never fetched
				t.Errorf("%s names %s", name, found)
			}
		}
	}
}

func TestScriptTurnsScalarsOwnServicesOff(t *testing.T) {
	script := mustRead(t, "assets/docs.js")
	for _, want := range []string{
		"withDefaultFonts: false", "telemetry: false", "persistAuth: false",
		"hideClientButton: true", `showDeveloperTools: "never"`, "agent: { disabled: true }",
	} {
		if !strings.Contains(script, want) {
			t.Errorf("docs.js lacks %s", want)
		}
	}
	if regexp.MustCompile(`localStorage|sessionStorage|indexedDB|document\.cookie|proxyUrl`).MatchString(script) {
		t.Error("docs.js stores something or names a proxy")
	}
}

func TestLicencesAreThere(t *testing.T) {
	if !strings.Contains(mustRead(t, "scalar/LICENSE"), "MIT License") {
		t.Error("Scalar's licence is missing")
	}
	body := read(t, ask(t, Handler(Options{}), "GET", "/docs/licences.txt").Body)
	for _, want := range []string{"Scalar", "BSD 3-Clause", "@vue/runtime-core", "highlight.js"} {
		if !strings.Contains(body, want) {
			t.Errorf("licences.txt lacks %q", want)
		}
	}
}

// The version that update.sh fetches is the one that is embedded.
func TestUpdateScriptPinsTheEmbeddedVersion(t *testing.T) {
	script, err := os.ReadFile("update.sh")
	if err != nil {
		t.Fatal(err)
	}
	version := strings.TrimSpace(mustRead(t, "scalar/VERSION"))
	if !bytes.Contains(script, []byte("\nVERSION="+version+"\n")) || !bytes.Contains(script, []byte("\nINTEGRITY=sha512-")) {
		t.Errorf("update.sh does not pin %s with its integrity", version)
	}
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	body, err := files.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
