package standards

import (
	"embed"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

//go:embed frameworks/*.json
var files embed.FS

// builtIn are the frameworks that ship with the program, by code: structure and short titles,
// never the sentences of their publishers.
var builtIn = load()

// source is a built-in framework as its file has it. Another version would be another file.
type source struct {
	Code         string      `json:"code"`
	Label        string      `json:"label"`
	Summary      string      `json:"summary"`
	Jurisdiction string      `json:"jurisdiction"`
	SupersededBy string      `json:"superseded_by"`
	Number       int         `json:"number"`
	PublishedOn  string      `json:"published_on"`
	Statements   []Statement `json:"statements"`
}

// load reads the files of the program itself: one that cannot be read is a defect of the build.
func load() []*Aggregate {
	entries, err := files.ReadDir("frameworks")
	if err != nil {
		panic(err)
	}
	var out []*Aggregate
	for _, entry := range entries {
		raw, err := files.ReadFile("frameworks/" + entry.Name())
		if err != nil {
			panic(err)
		}
		var s source
		if err := json.Unmarshal(raw, &s); err != nil {
			panic(entry.Name() + ": " + err.Error())
		}
		out = append(out, s.aggregate())
	}
	slices.SortFunc(out, func(a, b *Aggregate) int { return strings.Compare(a.Code, b.Code) })
	return out
}

func (s source) aggregate() *Aggregate {
	f := Framework{Row: record.Row{ID: stableID(s.Code), Version: 1}, Code: s.Code, Label: s.Label, Summary: s.Summary}
	p := Published{Row: record.Row{ID: stableID(s.Code, s.Number), Version: 1}, FrameworkID: f.ID, Number: s.Number,
		PublishedOn: schooltime.MustDate(s.PublishedOn), Statements: s.Statements}
	return &Aggregate{Framework: f, Kind: BuiltIn, Jurisdiction: s.Jurisdiction, SupersededBy: s.SupersededBy, Versions: []Published{p}}
}

// stableID is the same in every instance, and for ever: records of trusts refer to it.
func stableID(code string, number ...int) uuid.UUID {
	name := "perennial:framework:" + code
	for _, n := range number {
		name += ":" + strconv.Itoa(n)
	}
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name))
}

// AllBuiltIn lists the built-in frameworks by code.
func AllBuiltIn() []*Aggregate { return slices.Clone(builtIn) }

// BuiltInWhere is the first built-in framework for which is holds, or nil.
func BuiltInWhere(is func(*Aggregate) bool) *Aggregate {
	if i := slices.IndexFunc(builtIn, is); i >= 0 {
		return builtIn[i]
	}
	return nil
}

// ByCode tests for a code, for BuiltInWhere.
func ByCode(code string) func(*Aggregate) bool {
	return func(a *Aggregate) bool { return a.Code == code }
}

// ByID tests for an id, for BuiltInWhere.
func ByID(id uuid.UUID) func(*Aggregate) bool { return func(a *Aggregate) bool { return a.ID == id } }

// ByVersion tests for the id of a version, for BuiltInWhere.
func ByVersion(id uuid.UUID) func(*Aggregate) bool {
	return func(a *Aggregate) bool { return a.Version(id) != nil }
}
