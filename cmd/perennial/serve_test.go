//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDemoRunsAloneStopsCleanlyAndKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	first := start(t, map[string]string{"DATA_DIR": dir, "PORT": "0"}, "demo", "run")
	base := first.url()
	require.Regexp(t, `Ruth Okafor, HR +brightwater +ruth.okafor@brightwater.example +brightwater demo 2026\n`, first.out.String())
	require.Equal(t, http.StatusOK, get(t, base+"/readyz", ""))
	require.NotContains(t, first.err.String(), "CreatePerson", "making the demo trust is not in the log")
	token := tokenByPrintedLine(t, first.out.String())
	require.Equal(t, http.StatusOK, get(t, base+"/v1/me/sessions", token))
	logged := func() bool { return strings.Contains(first.err.String(), "operation=ListSessions") }
	require.Eventually(t, logged, 5*time.Second, 10*time.Millisecond, "what users do is, once they have their answer")
	require.Contains(t, page(t, base+"/docs"), "ruth.okafor@brightwater.example", "the documentation page offers the accounts")

	june := time.Date(schoolYear(time.Now())+1, time.June, 1, 0, 0, 0, 0, time.UTC)
	code, out, _ := run(t, nil, "demo", "clock", june.Format(time.DateOnly), "--url", base)
	require.Zero(t, code)
	require.Equal(t, june.Format("In the demo trust it is now Monday, 2 January 2006.\n"), out)
	secret, err := os.Stat(filepath.Join(dir, "secret"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), secret.Mode().Perm())

	pid := postmaster(t, dir)
	cannotRunBesides(t, dir, base)
	require.Equal(t, http.StatusOK, get(t, base+"/readyz", ""), "the first instance goes on")
	require.Equal(t, pid, postmaster(t, dir))
	first.signal(os.Interrupt)
	require.Zero(t, first.wait(30*time.Second), first.err.String())
	require.False(t, alive(pid), "postgres has gone with the program")

	second := start(t, map[string]string{"DATA_DIR": dir, "PORT": port(t, base)}, "demo", "run")
	require.Equal(t, base, second.url())
	require.Equal(t, http.StatusOK, get(t, base+"/v1/me/sessions", token), "the session and the signing key are still there")
	code, out, errs := run(t, nil, "demo", "clock", june.Format(time.DateOnly), "--url", base)
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Equal(t, june.Format("perennial: The clock is at 2006-01-02 and only moves forward.\n"), errs)
	second.signal(syscall.SIGTERM)
	require.Zero(t, second.wait(30*time.Second), second.err.String())
}

// cannotRunBesides starts a second instance on the port of the first, and one on its data.
func cannotRunBesides(t *testing.T, dir, base string) {
	t.Helper()
	code, out, errs := run(t, map[string]string{"DATA_DIR": dir, "PORT": port(t, base)}, "demo", "run")
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Equal(t, "perennial: 127.0.0.1:"+port(t, base)+" is in use, perhaps by another Perennial: stop it first, or choose another port by PORT\n", errs)
	code, out, errs = run(t, map[string]string{"DATA_DIR": dir, "PORT": "0"}, "demo", "run")
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Equal(t, "perennial: another Perennial is running on the data in "+dir+": stop it first, or choose another directory by DATA_DIR\n", errs)
}

func TestTakenPortIsSaidBeforeADatabaseIsMade(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	dir := filepath.Join(t.TempDir(), "data")
	code, _, errs := run(t, map[string]string{"DATA_DIR": dir, "PORT": port(t, "http://"+l.Addr().String())}, "serve")
	require.Equal(t, 1, code)
	require.Equal(t, "perennial: "+l.Addr().String()+" is in use, perhaps by another Perennial: stop it first, or choose another port by PORT\n", errs)
	require.NoDirExists(t, dir)
}

func TestRunningRequestEndsBeforeItStops(t *testing.T) {
	t.Parallel()
	p := start(t, without(another(t, shared), "DATABASE_ADMIN_URL"), "serve")
	conn, rest := halfRequest(t, p.url())
	p.signal(os.Interrupt)
	p.await(&p.err, "stopping")
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", conn.RemoteAddr().String())
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	}, 5*time.Second, 10*time.Millisecond, "new connections are refused")
	_, err := io.WriteString(conn, rest)
	require.NoError(t, err)
	answer, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, answer, "HTTP/1.1 400", "the request is answered: there is no such account")
	require.Zero(t, p.wait(20*time.Second), p.err.String())
}

func TestRequestThatOutlastsTheGraceIsCutOff(t *testing.T) {
	t.Parallel()
	env := without(another(t, shared), "DATABASE_ADMIN_URL")
	env["SHUTDOWN_GRACE"] = "200ms"
	p := start(t, env, "serve")
	conn, _ := halfRequest(t, p.url())
	p.signal(os.Interrupt)
	require.Zero(t, p.wait(20*time.Second), p.err.String())
	require.Contains(t, p.err.String(), "requests that took longer than SHUTDOWN_GRACE were cut off")
	_, err := bufio.NewReader(conn).ReadString('\n')
	require.Error(t, err)
}

func TestSecondSignalEndsItAtOnceAndTheNextStartRecovers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := map[string]string{"DATA_DIR": dir, "PORT": "0", "SHUTDOWN_GRACE": "1m"}
	first := start(t, env, "serve")
	_, _ = halfRequest(t, first.url())
	pid := postmaster(t, dir)
	first.signal(os.Interrupt)
	first.await(&first.err, "stopping")
	first.signal(os.Interrupt)
	require.Equal(t, -1, first.wait(2*time.Second))

	second := start(t, env, "serve")
	require.Equal(t, http.StatusOK, get(t, second.url()+"/readyz", ""))
	require.NotEqual(t, pid, postmaster(t, dir))
	require.False(t, alive(pid))
	databaseEndsByItself(t, second, dir)
}

func databaseEndsByItself(t *testing.T, p *program, dir string) {
	t.Helper()
	require.NoError(t, syscall.Kill(postmaster(t, dir), syscall.SIGKILL))
	require.Equal(t, 1, p.wait(30*time.Second))
	require.Regexp(t, `(?m)^perennial: the database ended by itself \(postgres ended: signal: killed\): see `+regexp.QuoteMeta(dir)+
		`/postgres.log; what was saved is safe, and the next start goes on from there$`, p.err.String())
	require.NotContains(t, p.err.String(), "goroutine")
}

func TestSignalDuringTheStartStopsIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := start(t, map[string]string{"DATA_DIR": dir, "PORT": "0"}, "serve")
	require.Eventually(t, func() bool {
		made, err := filepath.Glob(filepath.Join(dir, "pg.new-*"))
		return err == nil && len(made) > 0
	}, 10*time.Second, time.Millisecond, "initdb is at work")
	p.signal(os.Interrupt)
	require.Zero(t, p.wait(30*time.Second), p.err.String())
	require.Empty(t, p.err.String())
	require.NoDirExists(t, filepath.Join(dir, "pg"))
}

var printedLine = regexp.MustCompile(`curl -s (\S+) -d '(\S+)'`)

// tokenByPrintedLine does what the printed example does.
func tokenByPrintedLine(t *testing.T, out string) string {
	t.Helper()
	line := printedLine.FindStringSubmatch(out)
	require.NotNil(t, line, out)
	form, err := url.ParseQuery(line[2])
	require.NoError(t, err)
	res, err := http.PostForm(line[1], form)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode, string(body))
	_, rest, _ := strings.Cut(string(body), `"access_token":"`)
	token, _, _ := strings.Cut(rest, `"`)
	return token
}

// halfRequest sends a request for a token but for the end of its body, which it returns.
func halfRequest(t *testing.T, base string) (net.Conn, string) {
	t.Helper()
	u, err := url.Parse(base)
	require.NoError(t, err)
	conn, err := net.Dial("tcp", u.Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	body := "grant_type=password&trust=nowhere&username=nobody%40nowhere.example&password=correct+horse+battery"
	_, err = fmt.Fprintf(conn, "POST /v1/oauth/token HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		u.Host, len(body), body[:20])
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, get(t, base+"/readyz", ""), "a later request was answered: the server has this one")
	return conn, body[20:]
}

func get(t *testing.T, url, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}

func page(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(body)
}

func port(t *testing.T, base string) string {
	t.Helper()
	u, err := url.Parse(base)
	require.NoError(t, err)
	return u.Port()
}
