package schooltime

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A year that ends in January has no deadline in March, where whole years have theirs in March; what
// lies behind the end for everybody stays behind it.
func TestADayOfAShortenedPeriodStaysInsideIt(t *testing.T) {
	t.Parallel()
	day := MustDate
	ends, whole := day("2027-01-31"), day("2027-08-31")
	for name, c := range map[string]struct{ d, usual, want string }{
		"inside":                 {"2026-10-31", "2026-10-31", "2026-10-31"},
		"behind its own end":     {"2027-03-31", "2027-03-31", "2027-01-31"},
		"behind everybody's end": {"2027-03-02", "2027-09-30", "2027-03-02"},
		"on everybody's last":    {"2027-08-31", "2027-08-31", "2027-01-31"},
	} {
		assert.Equal(t, day(c.want), Within(day(c.d), ends, day(c.usual), whole), name)
	}
	assert.Equal(t, day("2027-03-31"), Within(day("2027-03-31"), ends, Date{}, whole), "of a rule that gives whole years no day nothing is known")
}
