package apidocs

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
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
