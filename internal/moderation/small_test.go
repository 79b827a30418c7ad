package moderation

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// published is everything that the three tables show, as a reader can write it down.
func (c *census) published() string { return c.publishedAs(c.n) }

// publishedAs is what would be shown in another world, with the same counts withheld.
func (c *census) publishedAs(n [][][]int) string {
	var out []byte
	c.each(func(x cell, _ int) {
		if !c.isHidden(x) {
			out = fmt.Appendf(out, "%v=%d ", x, n[x.table][x.row][x.column])
		}
	})
	return string(out)
}

// counted is a census of which nothing is withheld.
func counted(people []member, rows []int, columns int) *census {
	return withhold(people, rows, columns, 1)
}

// drawn is a handful of people in up to three rows of each table, with up to three ratings.
func drawn(t *rapid.T, most int) (people []member, rows []int, columns, small int) {
	columns = rapid.IntRange(2, 3).Draw(t, "ratings")
	small = rapid.IntRange(2, 4).Draw(t, "small")
	rows = make([]int, tables)
	for i := range rows {
		rows[i] = rapid.IntRange(1, 3).Draw(t, "rows")
	}
	for range rapid.IntRange(1, most).Draw(t, "people") {
		m := member{rating: rapid.IntRange(0, columns-1).Draw(t, "rating")}
		for i := range rows {
			m.rows[i] = rapid.IntRange(0, rows[i]-1).Draw(t, "row")
		}
		people = append(people, m)
	}
	return people, rows, columns, small
}

// A reader who knows where everybody is counted, and asks for all three tables, goes through every
// way in which the people may have been rated. Of each count by rating that is withheld, at least two
// of those ways that agree with what is shown tell different numbers.
func TestNothingWithheldCanBeComputedFromWhatIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, rows, columns, small := drawn(t, 7)
		c := withhold(people, rows, columns, small)
		shown := c.published()
		found := map[cell][]int{}
		world := slices.Clone(people)
		var rate func(i int)
		rate = func(i int) {
			if i < len(world) {
				for world[i].rating = range columns {
					rate(i + 1)
				}
				return
			}
			other := counted(world, rows, columns)
			if c.publishedAs(other.n) != shown {
				return
			}
			c.each(func(x cell, _ int) {
				if n := other.count(x); c.isHidden(x) && !slices.Contains(found[x], n) {
					found[x] = append(found[x], n)
				}
			})
		}
		rate(0)
		c.each(func(x cell, n int) {
			if c.isHidden(x) && x.column < columns && c.n[x.table][x.row][columns] > 0 && len(found[x]) < 2 {
				t.Fatalf("%v is %d of %v, and nothing else agrees with what is shown: %s", x, n, people, shown)
			}
		})
	})
}

// Of a table's totals at least two are withheld or none, and what is withheld of a line whose total is
// shown counts at least the small number: the difference is about many, too.
func TestSmallNumbersAreWithheldAndSoIsWhatGivesThemAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, rows, columns, small := drawn(t, 40)
		c := withhold(people, rows, columns, small)
		c.each(func(x cell, n int) {
			if n > 0 && n < small && !c.isHidden(x) {
				t.Fatalf("%v shows %d of %v", x, n, people)
			}
		})
		for table := range rows {
			hidden := 0
			for r := range rows[table] {
				hidden += c.hidden[table][r][columns]
			}
			if hidden == 1 && !c.isHidden(cell{tables, 0, columns}) {
				t.Fatalf("one total of table %d is withheld alone: %v", table, people)
			}
		}
		for _, line := range c.lines() {
			sum, total := 0, line[len(line)-1]
			for _, x := range line[:len(line)-1] {
				if c.isHidden(x) {
					sum += c.count(x)
				}
			}
			if !c.isHidden(total) && sum > 0 && sum < small {
				t.Fatalf("the line to %v gives away %d: %v", total, sum, people)
			}
		}
	})
}

// What is large enough is told: the rule does not withhold everything whenever it withholds something.
func TestWhatIsLargeEnoughIsShown(t *testing.T) {
	var people []member
	for unit := range 4 {
		for rating, n := range []int{6, 30, 12} {
			for i := range n {
				people = append(people, member{rows: [tables]int{unit, unit*6 + i%6, i % 2}, rating: rating})
			}
		}
	}
	people = append(people, member{rating: 3}, member{rows: [tables]int{1, 6, 1}, rating: 3})
	c := withhold(people, []int{4, 24, 2}, 4, 5)
	units, shown := 0, 0
	c.each(func(x cell, _ int) {
		if x.table == 0 {
			units++
			shown += 1 - c.hidden[x.table][x.row][x.column]
		}
	})
	require.False(t, c.isHidden(cell{tables, 0, 4}))
	require.True(t, c.isHidden(cell{tables, 0, 3}), "two people in all")
	require.Greater(t, shown, units/2, "most of the table of units is told")
}
