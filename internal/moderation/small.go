package moderation

import (
	"cmp"
	"slices"
)

// tables is in how many tables everybody is counted.
const tables = 3

// member is somebody who is counted: in one row of each table, with one rating.
type member struct {
	rows   [tables]int
	rating int
}

// cell is one count. The column after the ratings holds the total of a row; the table after the
// others has one row, the totals of the ratings.
type cell struct{ table, row, column int }

// census is the counts of several tables about the same people, and which of them are withheld.
//
// A count is withheld where it counts people and fewer than small. What else must be withheld so that
// no such count can be computed from the rest is found by worlds: another world is what the same
// tables would say if two people had each other's rating, somebody had another one, or were counted
// in another row. Where a world agrees with everything that is shown and differs in a withheld count,
// nobody can compute that count from what is shown, however they combine the tables. So every withheld
// count is given such a world, the one for which the least has to be withheld beside it.
type census struct {
	n, hidden, safe [][][]int // by table, row and column; the latter two are 0 or 1
	kinds           []member  // the people, each kind once
	columns, small  int
}

// withhold counts the people and takes the small numbers out of their tables.
func withhold(people []member, rows []int, columns, small int) *census {
	c := &census{columns: columns, small: small}
	for _, all := range []*[][][]int{&c.n, &c.hidden, &c.safe} {
		for _, count := range append(slices.Clone(rows), 1) {
			table := make([][]int, count)
			for i := range table {
				table[i] = make([]int, columns+1)
			}
			*all = append(*all, table)
		}
	}
	for _, p := range people {
		if !slices.Contains(c.kinds, p) {
			c.kinds = append(c.kinds, p)
		}
		for t, row := range append(p.rows[:], 0) {
			c.n[t][row][p.rating]++
			c.n[t][row][columns]++
		}
	}
	if c.few(c.n[tables][0][columns]) {
		c.hideAll()
		return c
	}
	c.hideFew()
	for c.thicken() || c.protect() {
		continue
	}
	return c
}

// few says whether people are counted, but fewer than small. Nobody can be recognised where nobody is.
func (c *census) few(n int) bool { return n > 0 && n < c.small }

// hideFew withholds every small count, and the whole row of somebody who has few people.
func (c *census) hideFew() {
	c.each(func(x cell, n int) {
		if c.few(n) || c.few(c.n[x.table][x.row][c.columns]) {
			c.hide(x)
		}
	})
}

func (c *census) hideAll() { c.each(func(x cell, _ int) { c.hide(x) }) }

func (c *census) each(f func(cell, int)) {
	for t := range c.n {
		for r := range c.n[t] {
			for col, n := range c.n[t][r] {
				f(cell{t, r, col}, n)
			}
		}
	}
}

func (c *census) hide(x cell)          { c.hidden[x.table][x.row][x.column] = 1 }
func (c *census) isHidden(x cell) bool { return c.hidden[x.table][x.row][x.column] == 1 }
func (c *census) count(x cell) int     { return c.n[x.table][x.row][x.column] }

// thicken withholds one more of each line whose withheld counts together count few people: that sum
// is the line's total less what is shown. It says whether there was one.
func (c *census) thicken() bool {
	found := false
	for _, line := range c.lines() {
		total, parts := line[len(line)-1], line[:len(line)-1]
		sum := 0
		var shown []cell
		for _, x := range parts {
			if c.isHidden(x) {
				sum += c.count(x)
			} else if c.count(x) > 0 {
				shown = append(shown, x)
			}
		}
		if !c.isHidden(total) && c.few(sum) && len(shown) > 0 {
			c.hide(slices.MinFunc(shown, func(a, b cell) int { return cmp.Compare(c.count(a), c.count(b)) }))
			found = true
		}
	}
	return found
}

// lines are the sums that hold in the tables, each with its total last: rows and columns.
func (c *census) lines() [][]cell {
	var out [][]cell
	for t := range c.n {
		for r := range c.n[t] {
			var line []cell
			for col := range c.columns + 1 {
				line = append(line, cell{t, r, col})
			}
			out = append(out, line)
		}
		for col := range c.columns + 1 {
			var line []cell
			for r := range c.n[t] {
				line = append(line, cell{t, r, col})
			}
			if t < tables {
				out = append(out, append(line, cell{tables, 0, col}))
			}
		}
	}
	return out
}

// protect gives each withheld count that has none a world, and says whether there was one. Where
// there is no such world everything is withheld, about which every world agrees.
func (c *census) protect() bool {
	found := false
	c.each(func(x cell, _ int) {
		if !c.isHidden(x) || c.safe[x.table][x.row][x.column] == 1 {
			return
		}
		found = true
		world := c.cheapest(x)
		if world == nil {
			c.hideAll()
			world = []cell{x}
		}
		for _, y := range world {
			c.hide(y)
			if y.column == x.column || x.column < c.columns { // doubt about a row's total says nothing of a rating
				c.safe[y.table][y.row][y.column] = 1
			}
		}
	})
	return found
}

// cheapest is the world of a cell for which the least has to be withheld, as the cells in which it
// differs; nil where there is none.
func (c *census) cheapest(x cell) (best []cell) {
	least := -1
	c.worlds(x, func(world []cell) bool {
		cost := 0
		for _, y := range world {
			if !c.isHidden(y) {
				cost += 1 + c.count(y)
			}
		}
		if least < 0 || cost < least {
			least, best = cost, slices.Clone(world)
		}
		return cost > 0
	})
	return best
}

// worlds tells of each world in which a cell counts one more or one less, until tell says no. What
// somebody is rated may be otherwise; where they are counted is known, so only a row's total is
// protected by the doubt whether somebody of another row is counted in it.
func (c *census) worlds(x cell, tell func([]cell) bool) {
	var world [4*tables + 2]cell
	for _, p := range c.kinds {
		inRow := x.table == tables || p.rows[x.table] == x.row
		switch {
		case x.column == c.columns || c.columns == 1:
			if x.table < tables && !c.moves(x, p, tell) {
				return
			}
		case inRow:
			for rating := range c.columns {
				if rating != p.rating && (p.rating == x.column || rating == x.column) && !tell(c.rerated(world[:0], p, rating)) {
					return
				}
			}
			if x.table == tables {
				continue // two people who swap change no total
			}
			for _, q := range c.kinds {
				if q.rows[x.table] != x.row && q.rating != p.rating && (p.rating == x.column || q.rating == x.column) && !tell(swapped(world[:0], p, q)) {
					return
				}
			}
		}
	}
}

// rerated are the cells that differ where somebody has another rating.
func (c *census) rerated(out []cell, p member, rating int) []cell {
	for t, row := range p.rows {
		out = append(out, cell{t, row, p.rating}, cell{t, row, rating})
	}
	return append(out, cell{tables, 0, p.rating}, cell{tables, 0, rating})
}

// swapped are the cells that differ where two people have each other's rating.
func swapped(out []cell, p, q member) []cell {
	for t := range tables {
		if p.rows[t] != q.rows[t] {
			out = append(out, cell{t, p.rows[t], p.rating}, cell{t, p.rows[t], q.rating}, cell{t, q.rows[t], p.rating}, cell{t, q.rows[t], q.rating})
		}
	}
	return out
}

// moves tells of the worlds in which somebody is counted in another row of a cell's table.
func (c *census) moves(x cell, p member, tell func([]cell) bool) bool {
	for row := range c.n[x.table] {
		from := p.rows[x.table]
		if row != from && (row == x.row || from == x.row) && (x.column == c.columns || x.column == p.rating) &&
			!tell([]cell{{x.table, from, p.rating}, {x.table, from, c.columns}, {x.table, row, p.rating}, {x.table, row, c.columns}}) {
			return false
		}
	}
	return true
}

// line is a row as it may be shown: its counts by rating, and its total. Nil is withheld.
func (c *census) line(table, row int) (counts []*int, total *int) {
	counts = make([]*int, c.columns+1)
	for col := range counts {
		if x := (cell{table, row, col}); !c.isHidden(x) {
			n := c.count(x)
			counts[col] = &n
		}
	}
	return counts[:c.columns], counts[c.columns]
}
