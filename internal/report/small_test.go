package report

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func text(counts []Count) string {
	out := ""
	for _, c := range counts {
		if c.Withheld {
			out += "*"
			continue
		}
		out += string(rune('0' + *c.N))
	}
	return out
}

func TestSmallNumbersAreWithheldTogetherWithWhatWouldGiveThemAway(t *testing.T) {
	for _, c := range []struct {
		counts []int
		small  int
		want   string
	}{
		{[]int{5, 6, 7}, 5, "567"},
		{[]int{0, 6, 7}, 5, "067"},
		{[]int{2, 6, 7}, 5, "**7"},
		{[]int{1, 1, 9}, 5, "***"},
		{[]int{3, 3, 9}, 5, "**9"},
		{[]int{4, 0, 9}, 5, "*0*"},
		{[]int{4, 0, 0}, 5, "***"},
		{[]int{1, 2, 3}, 1, "123"},
		{nil, 5, ""},
	} {
		if got := text(Withhold(c.counts, c.small)); got != c.want {
			t.Errorf("of %v below %d: %s, want %s", c.counts, c.small, got, c.want)
		}
	}
	if !Total([]int{1, 2}, 5).Withheld || Total([]int{1, 4}, 5).Withheld {
		t.Error("a total of few people is withheld, one of enough is not")
	}
}

// values are all distributions of up to most people over cells that agree with what is shown.
func values(shown []Count, total int, most int) [][]int {
	if len(shown) == 0 {
		if total == 0 {
			return [][]int{nil}
		}
		return nil
	}
	var out [][]int
	for n := 0; n <= min(most, total); n++ {
		if !shown[0].Withheld && *shown[0].N != n {
			continue
		}
		for _, rest := range values(shown[1:], total-n, most) {
			out = append(out, append([]int{n}, rest...))
		}
	}
	return out
}

func TestNoWithheldNumberCanBeHadBySubtraction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 9), 2, 4).Draw(t, "counts")
		shown, total := Withhold(counts, 4), Total(counts, 4)
		for i, n := range counts {
			if few(n, 4) && !shown[i].Withheld {
				t.Fatalf("%v shows %d", counts, n)
			}
		}
		if total.Withheld {
			return
		}
		possible := values(shown, *total.N, *total.N)
		for i := range counts {
			if shown[i].Withheld && same(possible, i) {
				t.Fatalf("%v gives %d away", counts, i)
			}
		}
	})
}

func same(possible [][]int, i int) bool {
	return !slices.ContainsFunc(possible, func(p []int) bool { return p[i] != possible[0][i] })
}

func TestNoWithheldCellOfATableCanBeHadFromItsTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := [][]int{}
		for range rapid.IntRange(2, 3).Draw(t, "rows") {
			cells = append(cells, rapid.SliceOfN(rapid.IntRange(0, 6), 3, 3).Draw(t, "row"))
		}
		g := newGrid(cells, 3)
		table := WithholdTable(cells, 3)
		for i, row := range g.n {
			for j, n := range row {
				c := cellOf(table, i, j)
				if few(n, 3) && !c.Withheld {
					t.Fatalf("%v shows %d", cells, n)
				}
				g.hidden[i][j] = c.Withheld
			}
		}
		if away := g.givenAway(); len(away) > 0 {
			t.Fatalf("%v gives away %v", cells, away)
		}
		if total := g.n[len(g.n)-1][g.columns]; total >= 3 && allShown(g) != !anySmall(g) {
			t.Fatalf("%v withholds where nothing is small, or nothing where something is", cells)
		}
	})
}

func cellOf(t Table, i, j int) Count {
	switch {
	case i < len(t.Cells) && j < len(t.Columns):
		return t.Cells[i][j]
	case i < len(t.Cells):
		return t.Rows[i]
	case j < len(t.Columns):
		return t.Columns[j]
	}
	return t.Total
}

func allShown(g *grid) bool {
	return !slices.ContainsFunc(g.hidden, func(row []bool) bool { return slices.Contains(row, true) })
}

func anySmall(g *grid) bool {
	return slices.ContainsFunc(g.n, func(row []int) bool {
		return slices.ContainsFunc(row, func(n int) bool { return few(n, g.small) })
	})
}
