package report

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Year is one appraisal of the year that governors are told of, without anything of whose it is but
// where it stands.
type Year struct {
	ID         uuid.UUID
	UnitID     uuid.UUID
	StaffGroup string
	Stage      appraisal.Stage
	Status     appraisal.Status
}

// Mark is one thing that is counted of a year, such as its rating.
type Mark struct {
	AppraisalID uuid.UUID
	Code        string
}

// Whole is everything that the reports of a cycle are counted from: of the whole trust, for what one
// unit is told must not give away what another one is not.
type Whole struct {
	CycleID uuid.UUID
	Org     *directory.Org
	Policy  func(unit uuid.UUID, group string) *policy.Resolved
	Years   []Year
	Marks   map[string][]Mark // by part
}

// GovernorsStore reads what governors are told from.
type GovernorsStore interface {
	// Whole reads a cycle. A unit that is not there is fault.Gone, and one that the caller does not
	// reach is refused; without a cycle it is the latest that was opened. wanted says of the unit's policy which parts are counted.
	Whole(ctx context.Context, unit uuid.UUID, cycle *uuid.UUID, wanted func(*policy.Resolved) ([]string, error)) (*Whole, error)
}

// GovernorsReport is what governors of a unit are told of a year.
type GovernorsReport struct {
	CycleID     uuid.UUID
	People      Count
	SmallNumber int
	Parts       []Part
	Individuals []Individual
}

// Part is one thing that is counted.
type Part struct {
	Code string
	Rows []Row
}

// Row is how many people something holds of.
type Row struct {
	appraisal.Code
	Count Count
}

// Individual is somebody without a name.
type Individual struct {
	Letters string
	Rating  *appraisal.Code
	Pay     string
}

// Governors tells the governors of a unit of a year.
func (s *Service) Governors(ctx context.Context, unit uuid.UUID, cycle *uuid.UUID) (*GovernorsReport, error) {
	w, err := s.store.Whole(ctx, unit, cycle, wanted)
	if err != nil {
		return nil, err
	}
	rules := &w.Policy(unit, "").Rules.Report
	g := newGathering(w, unit, rules.SmallNumber)
	out := &GovernorsReport{CycleID: w.CycleID, SmallNumber: rules.SmallNumber, People: g.people()}
	for _, code := range rules.Governors {
		out.Parts = append(out.Parts, Part{Code: code, Rows: g.rows(code)})
	}
	if !out.People.Withheld {
		out.Individuals = g.individuals(rules.Governors)
	}
	return out, nil
}

// wanted are the parts that the policy of a unit has its report hold.
func wanted(p *policy.Resolved) ([]string, error) {
	leaf := &p.Rules.Report.Governors
	if len(*leaf) > 0 {
		return *leaf, nil
	}
	return nil, fault.Check([]fault.Refusal{{Code: "no_governors_report", Detail: "In this trust governors are given no report on all years together.",
		Policy: p.Cite(leaf), Unblock: appraisal.PartyName(policy.HR) + " publishes a policy version that says what it holds."}})
}

// gathering counts the years of a trust by the units that decide, and shows what one unit may be
// told of it.
type gathering struct {
	*Whole
	small int
	rowOf map[uuid.UUID]int // the row of each appraisal
	units []uuid.UUID       // the unit of each row
	mine  []int             // the rows of the unit and those below it
	byID  map[uuid.UUID]Year
}

func newGathering(w *Whole, unit uuid.UUID, small int) *gathering {
	g := &gathering{Whole: w, small: small, rowOf: map[uuid.UUID]int{}, byID: map[uuid.UUID]Year{}}
	for _, y := range w.Years {
		at := g.deciding(y.UnitID)
		row := slices.Index(g.units, at)
		if row < 0 {
			row, g.units = len(g.units), append(g.units, at)
			if slices.ContainsFunc(w.Org.Upwards(at), func(u directory.OrgUnit) bool { return u.ID == unit }) {
				g.mine = append(g.mine, row)
			}
		}
		g.rowOf[y.ID], g.byID[y.ID] = row, y
	}
	return g
}

// deciding is the nearest unit, from the one given upwards, whose head reports to governors.
func (g *gathering) deciding(unit uuid.UUID) uuid.UUID {
	for _, u := range g.Org.Upwards(unit) {
		if u.Decides {
			return u.ID
		}
	}
	return unit
}

// seen is what the unit may be told of a column: its own cell, the total of the trust, or the sum of
// its cells where none of them is withheld.
func (g *gathering) seen(t Table, column int) Count {
	switch {
	case len(t.Cells) == 0 || len(g.mine) == 0:
		return Count{N: new(int)}
	case len(g.mine) == len(g.units) && len(g.mine) > 1:
		return t.Columns[column]
	}
	sum := 0
	for _, row := range g.mine {
		c := t.Cells[row][column]
		if c.Withheld {
			return c
		}
		sum += *c.N
	}
	return Count{N: &sum}
}

func (g *gathering) people() Count {
	cells := make([][]int, len(g.units))
	for i := range cells {
		cells[i] = []int{0}
	}
	for _, row := range g.rowOf {
		cells[row][0]++
	}
	return g.seen(WithholdTable(cells, g.small), 0)
}

// table counts a part by unit and code, with what is small taken out.
func (g *gathering) table(part string) ([]appraisal.Code, Table) {
	codes := g.codes(part)
	cells := make([][]int, len(g.units))
	for i := range cells {
		cells[i] = make([]int, len(codes))
	}
	for _, m := range g.marks(part) {
		if column := slices.IndexFunc(codes, func(c appraisal.Code) bool { return c.Code == m.Code }); column >= 0 {
			cells[g.rowOf[m.AppraisalID]][column]++
		}
	}
	return codes, WithholdTable(cells, g.small)
}

func (g *gathering) rows(part string) []Row {
	codes, t := g.table(part)
	out := []Row{}
	for i, c := range codes {
		out = append(out, Row{c, g.seen(t, i)})
	}
	return out
}

// marks are what is counted of a part. Every year has one of completion; where the others are
// silent on a year, that is counted too, so that all of them add up to everybody.
func (g *gathering) marks(part string) []Mark {
	var out []Mark
	said := map[uuid.UUID]bool{}
	if part != "completion" {
		for _, m := range g.Marks[part] {
			if _, ok := g.byID[m.AppraisalID]; ok {
				out, said[m.AppraisalID] = append(out, m), true
			}
		}
	}
	for _, y := range g.Years {
		switch {
		case said[y.ID]:
		case part == "completion" && y.Status != appraisal.Open && y.Status != appraisal.Closed:
			out = append(out, Mark{y.ID, string(y.Status)})
		case part == "completion":
			out = append(out, Mark{y.ID, string(y.Stage)})
		default:
			out = append(out, Mark{y.ID, silent})
		}
	}
	return out
}
