package stafflist

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/perennial-api/perennial/internal/schooltime"
)

const (
	dateFormats = "write 01/09/2026 (day first), 1-Sep-26, 01.09.2026 or 2026-09-01"

	// Excel counts days from 30 December 1899. These bounds are 3 October 1954
	// and 11 January 2119, which no other five-digit number in a staff list's
	// date column is likely to mean.
	firstSerial, lastSerial = 20000, 80000

	// No employment that a list can hold lies outside these years.
	firstYear, lastYear = 1940, 2120

	// A year of two digits below the pivot is in this century. Nobody on a
	// staff list began before 1970, and contracts do end in the 2060s.
	centuryPivot = 70
)

// dateReading is what was made of a date's text.
type dateReading struct {
	date schooltime.Date
	ok   bool
	// clock says that a time other than midnight was dropped.
	clock bool
	// monthFirst says that the text would be a date with its month first.
	monthFirst bool
}

var (
	clockPattern    = regexp.MustCompile(`(?i)^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?( ?[ap]m)?( ?(z|utc|gmt|[+-]\d{2}:?\d{2}))?$`)
	midnightPattern = regexp.MustCompile(`(?i)^(0?0:00(:00([.,]0+)?)?|12:00(:00)? ?am)( ?(z|utc|gmt|[+-]\d{2}:?\d{2}))?$`)
	serialPattern   = regexp.MustCompile(`^[0-9]{5}(\.[0-9]{1,12})?$`)
)

// readDate reads a day with the day of the month first, or an ISO day, or an
// Excel serial number, each with a time of day after it or not. It never reads
// the month first.
func readDate(text string) dateReading {
	if serialPattern.MatchString(text) {
		return readSerial(text)
	}
	day, clock := splitClock(text)
	if clock != "" && !clockPattern.MatchString(clock) {
		return dateReading{}
	}
	r := readDay(day)
	r.clock = clock != "" && !midnightPattern.MatchString(clock)
	return r
}

func readSerial(text string) dateReading {
	whole, fraction, _ := strings.Cut(text, ".")
	n, _ := strconv.Atoi(whole)
	if n < firstSerial || n > lastSerial {
		return dateReading{}
	}
	return dateReading{
		date:  schooltime.NewDate(1899, time.December, 30+n),
		ok:    true,
		clock: strings.Trim(fraction, "0") != "",
	}
}

// splitClock parts a date from the time of day that follows it.
func splitClock(text string) (day, clock string) {
	colon := strings.IndexByte(text, ':')
	if colon < 0 {
		return text, ""
	}
	from := strings.LastIndexAny(text[:colon], " Tt")
	if from < 0 {
		return text, ""
	}
	return text[:from], text[from+1:]
}

func readDay(text string) dateReading {
	at := strings.IndexAny(text, "/-. ")
	if at < 0 {
		return dateReading{}
	}
	parts := strings.Split(text, text[at:at+1])
	if len(parts) != 3 {
		return dateReading{}
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	day, month, year := number(parts[0]), readMonth(parts[1]), readYear(parts[2])
	if year < firstYear || year > lastYear || day < 1 || len(parts[0]) > 2 {
		return dateReading{}
	}
	date := schooltime.NewDate(year, time.Month(month), day)
	if month < 1 || month > 12 || date.Day() != day {
		return dateReading{monthFirst: day <= 12 && month > 12 && month <= 31}
	}
	return dateReading{date: date, ok: true}
}

// readYear returns -1 for anything but two or four digits.
func readYear(text string) int {
	year := number(text)
	switch {
	case len(text) == 4:
		return year
	case len(text) != 2 || year < 0:
		return -1
	case year < centuryPivot:
		return 2000 + year
	}
	return 1900 + year
}

// readMonth returns -1 for what is neither one or two digits nor an English
// month's name.
func readMonth(text string) int {
	if n := number(text); n >= 0 && len(text) <= 2 {
		return n
	}
	if len(text) < 3 {
		return -1
	}
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if strings.EqualFold(text, name) || strings.EqualFold(text, name[:3]) || m == time.September && strings.EqualFold(text, "sept") {
			return int(m)
		}
	}
	return -1
}

// number returns -1 for anything but one to four digits.
func number(text string) int {
	if text == "" || len(text) > 4 {
		return -1
	}
	n := 0
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return -1
		}
		n = n*10 + int(text[i]-'0')
	}
	return n
}
