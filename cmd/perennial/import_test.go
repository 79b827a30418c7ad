//go:build unix

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
)

const staffList = "Forename,Surname,Start,Shoe size\nAda,Marsh,2026-09-01,5\nBen,Okoro,31/09/2026,9\n"

// importService answers as the contract says for the staff list above; what an import does is
// tested where it is done.
type importService struct {
	http.Handler
	signIn  string // the form of the last sign-in
	applied []string
}

func newImportService(t *testing.T) (*importService, string) {
	t.Helper()
	plan := api.Import{ID: uuid.MustParse("0198f2c4-7a10-7a56-8145-270ce6b3bebd"), Version: 3, Kind: "staff_list", State: api.ImportStatePlanned,
		FileName: nullable.NewNullableWithValue("staff.csv"), CreatedAt: time.Now(), AppliedAt: nullable.NewNullNullable[time.Time](),
		Summary: api.ImportSummary{Rows: 2, New: 1, Errors: 1}, UnitsToCreate: []string{"Ashfield Primary", "Elm Lane Infants"},
		Warnings: []api.ImportProblem{{Column: 3, Header: "Start", Code: "dates_month_first", Message: "The month seems to come first.", Warning: true}},
		Columns:  []api.ImportColumn{{Column: 1, Header: "Forename", Field: nullable.NewNullableWithValue("given_name")}, {Column: 4, Header: "Shoe size", Field: nullable.NewNullNullable[string]()}}}
	s, mux := &importService{}, http.NewServeMux()
	s.Handler = mux
	mux.HandleFunc("POST /v1/oauth/token", func(w http.ResponseWriter, r *http.Request) {
		form, _ := io.ReadAll(r.Body)
		s.signIn = string(form)
		answer(w, 200, api.Token{AccessToken: "a", TokenType: "Bearer", ExpiresIn: 900, RefreshToken: "r"})
	})
	mux.HandleFunc("POST /v1/imports", func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) != staffList || r.Header.Get("Content-Type") != "text/csv" || r.URL.Query().Get("file_name") != "staff.csv" {
			answer(w, 422, api.Problem{Detail: "This is not the file."})
			return
		}
		answer(w, 201, plan)
	})
	mux.HandleFunc("GET /v1/imports/"+plan.ID.String()+"/rows", func(w http.ResponseWriter, r *http.Request) {
		list := api.ImportRowList{Items: []api.ImportRow{{N: 1, Line: 2, Action: "new"}}, NextCursor: nullable.NewNullableWithValue("more")}
		if r.URL.Query().Get("cursor") == "more" {
			list = api.ImportRowList{NextCursor: nullable.NewNullNullable[string](), Items: []api.ImportRow{{N: 2, Line: 3, Action: "error",
				Problems: []api.ImportProblem{{Line: 3, Column: 3, Header: "Start", Code: "bad_date", Message: "This is not a date."}}}}}
		}
		answer(w, 200, list)
	})
	mux.HandleFunc("POST /v1/imports/"+plan.ID.String()+"/apply", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.applied = append(s.applied, r.Header.Get("If-Match")+" "+string(body))
		if string(body) != `{"allow_errors":true}` {
			answer(w, 409, api.Problem{Detail: "One row has an error.", Refusals: []api.Refusal{{Detail: "Line 3 cannot be applied."}}})
			return
		}
		done := plan
		done.State = api.ImportStateApplied
		answer(w, 200, done)
	})
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return s, srv.URL
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func staffFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "staff.csv")
	require.NoError(t, os.WriteFile(path, []byte(staffList), 0o600))
	return path
}

const printedPlan = `staff.csv: 2 rows: 1 new, 0 changed, 0 unchanged, 1 with errors
Units to create: Ashfield Primary, Elm Lane Infants
Columns not used: Shoe size
file, column 3 (Start), warning: The month seems to come first.
line 3, column 3 (Start): This is not a date.
`

func TestImportPrintsThePlanAndChangesNothing(t *testing.T) {
	t.Parallel()
	s, base := newImportService(t)
	code, out, errs := run(t, nil, "import", staffFile(t), "--url", base)
	require.Zero(t, code, errs)
	require.Equal(t, printedPlan+"Nothing is changed yet; --apply does it.\n", out)
	require.Empty(t, s.applied)
	require.Contains(t, s.signIn, "ruth.okafor%40brightwater.example", "without a name it is the demo's HR person")
}

func TestImportAppliesThePlanThatItPrinted(t *testing.T) {
	t.Parallel()
	s, base := newImportService(t)
	env := map[string]string{"PERENNIAL_PASSWORD": "three quiet lanterns"}
	args := []string{"import", staffFile(t), "--apply", "--url", base, "--trust", "elmfield", "--username", "nadia.bright@elmfield.example"}
	code, out, errs := run(t, env, args...)
	require.Equal(t, 1, code)
	require.Equal(t, printedPlan, out)
	require.Equal(t, "perennial: One row has an error. Line 3 cannot be applied.\n", errs)

	code, out, errs = run(t, env, append(args, "--allow-errors")...)
	require.Zero(t, code, errs)
	require.Equal(t, printedPlan+"Applied: 1 new, 0 changed.\n", out)
	require.Equal(t, []string{`"3" {"allow_errors":false}`, `"3" {"allow_errors":true}`}, s.applied)
	require.Equal(t, "grant_type=password&password=three+quiet+lanterns&trust=elmfield&username=nadia.bright%40elmfield.example", s.signIn)
}

func TestImportAsksForAPasswordOnlyAtATerminal(t *testing.T) {
	t.Parallel()
	code, out, errs := run(t, nil, "import", staffFile(t), "--trust", "elmfield", "--username", "nadia.bright@elmfield.example")
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Equal(t, "perennial: set PERENNIAL_PASSWORD, or run this at a terminal to be asked for the password\n", errs)
}

func TestImportSaysThatNothingAnswers(t *testing.T) {
	t.Parallel()
	code, _, errs := run(t, nil, "import", staffFile(t), "--url", "http://127.0.0.1:1")
	require.Equal(t, 1, code)
	require.Equal(t, "perennial: nothing answers at http://127.0.0.1:1: start it with `make run` or `perennial serve`, or say where it is by --url\n", errs)
}
