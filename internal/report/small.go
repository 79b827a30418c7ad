package report

import (
	"cmp"
	"slices"
)

// Count is a number of people, or the statement that it is withheld because it, or another one
// that could be had by subtraction, counts too few of them.
type Count struct {
	N        *int
	Withheld bool
}

// Total adds counts up, and withholds the sum where it counts fewer people than small.
func Total(counts []int, small int) Count {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	if few(sum, small) {
		return Count{Withheld: true}
	}
	return Count{N: &sum}
}

// Withhold takes the small numbers out of a distribution whose total may be published by Total. A
// count below small is withheld, nothing at all is not: nobody can be recognised in it. Whatever is
// withheld together counts at least small people in at least two cells, so that the total minus what
// is shown gives nothing away.
func Withhold(counts []int, small int) []Count {
	hidden := make([]bool, len(counts))
	for i, n := range counts {
		hidden[i] = few(n, small)
	}
	for exposed(counts, hidden, small) {
		next := -1
		for i, n := range counts {
			if !hidden[i] && (next < 0 || before(n, counts[next])) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		hidden[next] = true
	}
	return shown(counts, hidden)
}

// few says whether people are counted, but fewer than small.
func few(n, small int) bool { return n > 0 && n < small }

// exposed says whether something is withheld that the rest of the line gives away.
func exposed(counts []int, hidden []bool, small int) bool {
	cells, sum := 0, 0
	for i, h := range hidden {
		if h {
			cells, sum = cells+1, sum+counts[i]
		}
	}
	return cells == 1 || cells > 1 && sum < small
}

// before says which count is rather given up: the smaller one, but empty ones last, for they hide
// nobody.
func before(a, b int) bool {
	if (a == 0) != (b == 0) {
		return a != 0
	}
	return a < b
}

func shown(counts []int, hidden []bool) []Count {
	out := make([]Count, len(counts))
	for i, n := range counts {
		if out[i].Withheld = hidden[i]; !hidden[i] {
			out[i].N = &n
		}
	}
	return out
}

// Table is a distribution by two things, such as rating by reviewer, with its totals.
type Table struct {
	Cells         [][]Count
	Rows, Columns []Count // the totals of each row and column
	Total         Count
}

// WithholdTable takes the small numbers out of a table with all its totals, so that none of them
// can be had from the others. All rows are of equal length.
func WithholdTable(cells [][]int, small int) Table {
	g := newGrid(cells, small)
	for g.protect() {
		continue
	}
	var t Table
	last := len(g.n) - 1
	for i, row := range g.n {
		line := shown(row, g.hidden[i])
		if i == last {
			t.Columns, t.Total = line[:g.columns], line[g.columns]
			break
		}
		t.Cells, t.Rows = append(t.Cells, line[:g.columns]), append(t.Rows, line[g.columns])
	}
	return t
}

// grid is a table with its totals as a last row and a last column. Every row and every column is an
// equation that a reader can solve.
type grid struct {
	n       [][]int
	hidden  [][]bool
	columns int // without the totals
	small   int
}

func newGrid(cells [][]int, small int) *grid {
	g := &grid{small: small}
	if len(cells) > 0 {
		g.columns = len(cells[0])
	}
	totals := make([]int, g.columns+1)
	for _, row := range cells {
		line := append(slices.Clone(row), 0)
		for j, n := range row {
			line[g.columns] += n
			totals[j] += n
			totals[g.columns] += n
		}
		g.n = append(g.n, line)
	}
	g.n = append(g.n, totals)
	for _, row := range g.n {
		hide := make([]bool, len(row))
		for j, n := range row {
			hide[j] = few(n, small)
		}
		g.hidden = append(g.hidden, hide)
	}
	return g
}

// protect withholds one cell more for each that is given away, and says whether there was one.
func (g *grid) protect() bool {
	found := false
	for _, c := range g.givenAway() {
		found = g.complement(c) || found
	}
	return found
}

type place struct{ row, column int }

// givenAway are withheld cells that can be had from what is shown: those of a line whose withheld
// cells count too few people altogether, and those that the equations determine.
func (g *grid) givenAway() []place {
	var out []place
	for i := range g.n {
		for j := range g.n[i] {
			if g.hidden[i][j] && (g.thin(i, j) || g.determined(i, j)) {
				out = append(out, place{i, j})
			}
		}
	}
	return out
}

// thin says whether the row or the column of a withheld cell has a shown total and gives away that
// its withheld cells count fewer people than small.
func (g *grid) thin(row, column int) bool {
	sumRow, sumColumn, last := 0, 0, len(g.n)-1
	for j := range g.columns {
		if g.hidden[row][j] {
			sumRow += g.n[row][j]
		}
	}
	for i := range last {
		if g.hidden[i][column] {
			sumColumn += g.n[i][column]
		}
	}
	return column < g.columns && !g.hidden[row][g.columns] && sumRow < g.small ||
		row < last && !g.hidden[last][column] && sumColumn < g.small
}

// determined says whether the equations of the table have only one value for a withheld cell. Rows
// and columns are the nodes of a graph whose edges are the withheld cells: a value is free exactly
// where its edge lies on a circle.
func (g *grid) determined(row, column int) bool {
	rows := make([]bool, len(g.n))
	columns := make([]bool, g.columns+1)
	rows[row] = true
	for queue := []int{row}; len(queue) > 0; {
		i := queue[0]
		queue = queue[1:]
		for j, h := range g.hidden[i] {
			if !h || columns[j] || i == row && j == column {
				continue
			}
			columns[j] = true
			for k := range g.n {
				if g.hidden[k][j] && !rows[k] {
					rows[k] = true
					queue = append(queue, k)
				}
			}
		}
	}
	return !columns[column]
}

// complement withholds the cell that is missed least in the row or column of one that is given
// away, else anywhere. It says whether one was left.
func (g *grid) complement(c place) bool {
	var near, all []place
	for i := range g.n {
		for j := range g.n[i] {
			if g.hidden[i][j] {
				continue
			}
			all = append(all, place{i, j})
			if i == c.row || j == c.column {
				near = append(near, place{i, j})
			}
		}
	}
	if len(near) == 0 {
		near = all
	}
	if len(near) == 0 {
		return false
	}
	least := slices.MinFunc(near, func(a, b place) int {
		return cmp.Or(cmp.Compare(g.worth(a), g.worth(b)), cmp.Compare(g.n[a.row][a.column], g.n[b.row][b.column]))
	})
	g.hidden[least.row][least.column] = true
	return true
}

// worth ranks what is rather given up: a count, then an empty cell, then a total.
func (g *grid) worth(p place) int {
	switch {
	case p.row == len(g.n)-1 || p.column == g.columns:
		return 2
	case g.n[p.row][p.column] == 0:
		return 1
	}
	return 0
}
