package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

// Directory is what a list is compared with: everything of the trust that it might be about.
type Directory struct {
	Units    []directory.Unit
	People   []directory.Person // those who have left, too
	Posts    []directory.Post   // past ones too
	Managers []directory.LineManager
}

// Asker is for whom, and on which school day, a list is compared. Own is the person who imports,
// whose own record somebody else has to change.
type Asker struct {
	Own   uuid.UUID
	Today schooltime.Date
}

// Plan is what a list would change.
type Plan struct {
	Sheet
	Rows []Row
	work work
}

// Compare makes the plan of a list. It changes nothing, and the same list and directory make the
// same plan.
func Compare(list *stafflist.List, dir Directory, who Asker) Plan {
	c := newComparison(list, dir, who)
	for _, e := range c.entries {
		c.identify(e)
	}
	for _, e := range c.entries {
		c.locate(e)
	}
	for _, m := range c.members {
		c.allot(m)
	}
	for _, e := range c.entries {
		if e.live() {
			c.fill(e)
		}
	}
	c.findManagers()
	for _, e := range c.entries {
		c.conclude(e)
	}
	return c.plan()
}

// comparison is a plan in the making.
type comparison struct {
	Asker
	list     *stafflist.List
	columns  map[stafflist.Field]stafflist.Column // the ones that are read, by field
	units    *units
	byID     map[identity]*member
	byName   map[string][]*member
	byPerson map[uuid.UUID]*member
	members  []*member // those of whom the file has a row, in its order
	managers map[uuid.UUID][]*directory.LineManager
	entries  []*entry
}

// entry is one row on its way into the plan.
type entry struct {
	Row
	row     *stafflist.Row
	member  *member
	unit    *directory.Unit // where the row says that the post is; nil when it says nothing
	post    *directory.Post // of the directory; nil for a new one
	want    directory.Post
	differs []string // names of the post's fields
	manager *member  // a new line manager
	ends    []*directory.LineManager
	next    *directory.LineManager
	about   []string // names of the person's fields
	idle    bool     // it is about a post or a person that has ended: nothing is done
}

// live says whether the row may still lead to something.
func (e *entry) live() bool { return !e.idle && !e.failed() }

func (e *entry) failed() bool {
	return slices.ContainsFunc(e.Problems, func(p Problem) bool { return !p.Warning })
}

func newComparison(list *stafflist.List, dir Directory, who Asker) *comparison {
	c := &comparison{Asker: who, list: list, columns: map[stafflist.Field]stafflist.Column{}, units: newUnits(dir.Units),
		byID: map[identity]*member{}, byName: map[string][]*member{}, byPerson: map[uuid.UUID]*member{}, managers: map[uuid.UUID][]*directory.LineManager{}}
	for _, col := range list.Columns {
		if col.Status == stafflist.ColumnUsed {
			c.columns[col.Field] = col
		}
	}
	c.know(dir)
	for i := range list.Rows {
		r := &list.Rows[i]
		e := &entry{row: r, Row: Row{N: i + 1, Line: r.Line, Changes: []string{}, Problems: []Problem{}}}
		for _, p := range r.Errors {
			e.Problems = append(e.Problems, problemOf(p, false))
		}
		for _, p := range r.Warnings {
			e.Problems = append(e.Problems, problemOf(p, true))
		}
		c.entries = append(c.entries, e)
	}
	return c
}

// fail says why the row cannot be applied; field is where.
func (c *comparison) fail(e *entry, field stafflist.Field, code, message string) {
	col := c.columns[field]
	e.Problems = append(e.Problems, Problem{Line: e.Line, Column: col.Index, Header: col.Header, Field: string(field), Code: code, Message: message})
}

// warn says what a person should look at.
func (c *comparison) warn(e *entry, field stafflist.Field, code, message string) {
	c.fail(e, field, code, message)
	e.Problems[len(e.Problems)-1].Warning = true
}

// leave makes the row one that does nothing, and says why.
func (c *comparison) leave(e *entry, field stafflist.Field, code, message string) {
	e.idle = true
	c.warn(e, field, code, message)
}

func problemOf(p stafflist.Problem, warning bool) Problem {
	return Problem{Line: p.Line, Column: p.Column, Header: p.Header, Field: string(p.Field), Code: string(p.Code), Message: p.Message, Warning: warning}
}

// mostProblems is the most that is kept of one row's problems; whoever has more corrects these first.
const mostProblems = 60

// plan sums up the rows.
func (c *comparison) plan() Plan {
	p := Plan{work: c.work()}
	p.Columns, p.Warnings, p.Units = columnsOf(c.list), warningsOf(c.list), []string{}
	for _, u := range p.work.units {
		p.Units = append(p.Units, u.Name)
	}
	p.Summary.Rows = len(c.entries)
	traces := make([]trace, len(c.entries))
	for i, e := range c.entries {
		switch e.Action {
		case New:
			p.Summary.New++
		case Changed:
			p.Summary.Changed++
		case Unchanged:
			p.Summary.Unchanged++
		case Failed:
			p.Summary.Errors++
		}
		e.Problems = e.Problems[:min(len(e.Problems), mostProblems)]
		p.Rows, traces[i] = append(p.Rows, e.Row), e.trace()
	}
	raw, _ := json.Marshal(traces)
	sum := sha256.Sum256(raw)
	p.Digest = hex.EncodeToString(sum[:])
	return p
}

// trace is what must be the same for two plans to be the same: what each row does, to which
// records, and in which version it found those that it changes.
type trace struct {
	Row
	Person, Post int // versions
	Unit         string
	Manager      *uuid.UUID
	ManagerRow   int
	Ends         []uuid.UUID
}

func (e *entry) trace() trace {
	t := trace{Row: e.Row}
	if e.Action != New && e.Action != Changed {
		return t
	}
	if e.member.was != nil {
		t.Person = e.member.was.Version
	}
	if e.post != nil {
		t.Post = e.post.Version
	}
	if e.unit != nil {
		t.Unit = e.unit.ID.String() + e.unit.Name
	}
	if e.manager != nil && e.manager.was != nil {
		t.Manager = &e.manager.was.ID
	} else if e.manager != nil {
		t.ManagerRow = e.manager.entries[0].N
	}
	for _, m := range e.ends {
		t.Ends = append(t.Ends, m.ID)
	}
	return t
}

func columnsOf(l *stafflist.List) []Column {
	notes := map[stafflist.ColumnStatus]string{
		stafflist.ColumnFallback: "It fills the empty cells of the better column for the same field.", stafflist.ColumnNotUsed: "Another column for the same field was used.",
		stafflist.ColumnUnknown: "The heading is not known, so the column was not read.", stafflist.ColumnIgnored: "The column was left out as asked.",
		stafflist.ColumnSensitive: "Columns of this kind are never read or kept.",
	}
	out := make([]Column, len(l.Columns))
	for i, c := range l.Columns {
		out[i] = Column{Index: c.Index, Header: c.Header, Note: notes[c.Status]}
		if c.Status == stafflist.ColumnUsed || c.Status == stafflist.ColumnFallback {
			out[i].Field = string(c.Field)
		}
	}
	return out
}

func warningsOf(l *stafflist.List) []Problem {
	out := []Problem{}
	for _, p := range l.Warnings {
		out = append(out, problemOf(p, true))
	}
	if n := len(l.Skipped); n > 0 {
		first := problemOf(l.Skipped[0], true)
		first.Message = "Rows of pupils, parents and guardians were left out; this is the first of them."
		out = append(out, first)
	}
	return out
}
