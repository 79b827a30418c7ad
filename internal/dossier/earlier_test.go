package dossier

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/schooltime"
)

func TestAYearIsOneOfLongAbsenceFromHalfOfItsDaysOn(t *testing.T) {
	t.Parallel()
	day := schooltime.MustDate
	away := func(from, until string) appraisal.Absence {
		a := appraisal.Absence{FromOn: day(from)}
		if until != "" {
			a.UntilOn = day(until)
		}
		return a
	}
	for _, row := range []struct {
		name     string
		today    string
		absences []appraisal.Absence
		long     bool
	}{
		{"nobody was away", "2027-07-01", nil, false},
		{"183 days of 365", "2027-07-01", []appraisal.Absence{away("2026-09-01", "2027-03-03")}, true},
		{"182 days of 365", "2027-07-01", []appraisal.Absence{away("2026-09-01", "2027-03-02")}, false},
		{"several that make half together", "2027-07-01", []appraisal.Absence{away("2026-09-01", "2026-12-01"), away("2027-01-01", "2027-04-03")}, true},
		{"two that overlap count once", "2027-07-01", []appraisal.Absence{away("2026-09-01", "2026-12-31"), away("2026-09-01", "2026-12-31")}, false},
		{"most of it before the year", "2027-07-01", []appraisal.Absence{away("2025-01-01", "2026-10-01")}, false},
		{"without an end, so far", "2026-12-01", []appraisal.Absence{away("2026-09-10", "")}, false},
		{"without an end, by the summer", "2027-07-01", []appraisal.Absence{away("2026-09-10", "")}, true},
	} {
		c := &appraisal.Case{Today: day(row.today), Absences: row.absences}
		c.StartsOn, c.EndsOn = day("2026-09-01"), day("2027-08-31")
		require.Equal(t, row.long, longAbsent(c), row.name)
	}
}
