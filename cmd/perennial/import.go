package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/term"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/demo"
	"github.com/perennial-api/perennial/pkg/client"
)

// mostProblems is how many problems are printed; whoever has more corrects these first.
const mostProblems = 100

type importCommand struct {
	File        string `arg:"" type:"existingfile" help:"The staff list, as the MIS exports it in CSV."`
	Apply       bool   `help:"Change what the plan says."`
	AllowErrors bool   `help:"With --apply: leave out the rows with errors."`
	Trust       string `help:"The trust's slug; by default the demo's." and:"who"`
	Username    string `help:"E-mail address of an HR person; the password is asked for, or taken from PERENNIAL_PASSWORD." and:"who"`
	at
}

// Run plans, prints and, when told to, applies.
func (c *importCommand) Run(t *terminal) error {
	base, err := c.base(t)
	if err != nil {
		return err
	}
	credentials, err := c.credentials(t)
	if err != nil {
		return err
	}
	cl, err := client.New(base, client.WithTimeout(patience), client.WithCredentials(credentials))
	if err != nil {
		return err
	}
	i := importing{terminal: t, base: base, client: cl}
	plan, err := i.plan(c.File)
	if err != nil {
		return err
	}
	if !c.Apply {
		t.say("Nothing is changed yet; --apply does it.")
		return nil
	}
	return i.apply(plan, c.AllowErrors)
}

func (c *importCommand) credentials(t *terminal) (client.Credentials, error) {
	if c.Trust == "" {
		return client.Password(demo.HR.Trust, demo.HR.Username, demo.HR.Password), nil
	}
	s, _, err := t.settings()
	if err == nil && s.Password == "" {
		s.Password, err = askPassword()
	}
	return client.Password(c.Trust, c.Username, s.Password), err
}

// askPassword reads a password that the terminal does not show.
func askPassword() (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", errors.New("set PERENNIAL_PASSWORD, or run this at a terminal to be asked for the password")
	}
	fmt.Fprint(os.Stderr, "Password: ")
	typed, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	return string(typed), err
}

// importing is one import, as its user sees it.
type importing struct {
	*terminal
	base   string
	client *client.ClientWithResponses
}

// plan sends the file and prints what it would change.
func (i importing) plan(path string) (*api.Import, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(path)
	r, err := i.client.CreateImportWithBodyWithResponse(i.ctx, &api.CreateImportParams{FileName: &name}, "text/csv", bytes.NewReader(file))
	if err != nil {
		return nil, failed(i.base, err)
	}
	if r.JSON201 == nil {
		return nil, refused(r.HTTPResponse.StatusCode, r.Body)
	}
	i.show(name, r.JSON201)
	return r.JSON201, i.problems(r.JSON201)
}

func (i importing) show(name string, p *api.Import) {
	s := p.Summary
	i.say("%s: %s: %d new, %d changed, %d unchanged, %d with errors", name, counted(s.Rows, "row"), s.New, s.Changed, s.Unchanged, s.Errors)
	if len(p.UnitsToCreate) > 0 {
		i.say("Units to create: %s", strings.Join(p.UnitsToCreate, ", "))
	}
	var unused []string
	for _, c := range p.Columns {
		if c.Field.IsNull() {
			unused = append(unused, c.Header)
		}
	}
	if len(unused) > 0 {
		i.say("Columns not used: %s", strings.Join(unused, ", "))
	}
	for _, w := range p.Warnings {
		i.say("%s", told(w))
	}
}

// problems prints what is wrong in which line and column.
func (i importing) problems(p *api.Import) error {
	printed := 0
	for row, err := range client.Pages(i.rows(p.ID)) {
		if err != nil {
			return err
		}
		for _, problem := range row.Problems {
			if printed++; printed <= mostProblems {
				i.say("%s", told(problem))
			}
		}
	}
	if printed > mostProblems {
		i.say("… and %s", counted(printed-mostProblems, "more problem"))
	}
	return nil
}

func told(p api.ImportProblem) string {
	where := "file"
	if p.Line > 0 {
		where = "line " + strconv.Itoa(p.Line)
	}
	if p.Column > 0 {
		where += ", column " + strconv.Itoa(p.Column)
	}
	if p.Header != "" {
		where += " (" + p.Header + ")"
	}
	if p.Warning {
		where += ", warning"
	}
	return where + ": " + p.Message
}

func (i importing) rows(id uuid.UUID) func(cursor string) ([]api.ImportRow, string, error) {
	return func(cursor string) ([]api.ImportRow, string, error) {
		limit, params := 200, &api.ListImportRowsParams{}
		params.Limit = &limit
		if cursor != "" {
			params.Cursor = &cursor
		}
		r, err := i.client.ListImportRowsWithResponse(i.ctx, id, params)
		if err != nil {
			return nil, "", failed(i.base, err)
		}
		if r.JSON200 == nil {
			return nil, "", refused(r.HTTPResponse.StatusCode, r.Body)
		}
		next, _ := r.JSON200.NextCursor.Get() // null after the last page
		return r.JSON200.Items, next, nil
	}
}

// apply changes what was planned, all of it or nothing.
func (i importing) apply(p *api.Import, allowErrors bool) error {
	key := uuid.NewString()
	params := &api.ApplyImportParams{IfMatch: strconv.Quote(strconv.Itoa(p.Version)), IdempotencyKey: &key}
	r, err := i.client.ApplyImportWithResponse(i.ctx, p.ID, params, api.ApplyImport{AllowErrors: &allowErrors})
	if err != nil {
		return failed(i.base, err)
	}
	if r.JSON200 == nil {
		return refused(r.HTTPResponse.StatusCode, r.Body)
	}
	i.say("Applied: %d new, %d changed.", r.JSON200.Summary.New, r.JSON200.Summary.Changed)
	return nil
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
