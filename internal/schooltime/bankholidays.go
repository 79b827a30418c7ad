package schooltime

import (
	"sync"
	"time"
)

// Region is a part of the United Kingdom with bank holidays of its own.
type Region string

// The regions. NoRegion has no bank holidays but those that a calendar adds.
const (
	EnglandAndWales Region = "england_and_wales"
	Scotland        Region = "scotland"
	NorthernIreland Region = "northern_ireland"
	NoRegion        Region = "none"
)

// fixed are the holidays of a region that fall on the same day each year. One that falls on a
// weekend is kept on the next weekday that is no holiday itself.
var fixed = map[Region][][2]int{ // month, day
	EnglandAndWales: {{1, 1}, {12, 25}, {12, 26}},
	Scotland:        {{1, 1}, {1, 2}, {11, 30}, {12, 25}, {12, 26}},
	NorthernIreland: {{1, 1}, {3, 17}, {7, 12}, {12, 25}, {12, 26}},
}

// everywhere are days that were proclaimed once for the whole country.
var everywhere = []Date{MustDate("2022-09-19"), MustDate("2023-05-08")}

// movable are the holidays of a region whose day follows from Easter or from a weekday.
func movable(r Region, year int) []Date {
	easter := Easter(year)
	days := []Date{easter.AddDays(-2), mondayOn(NewDate(year, time.May, 1)), mondayOn(NewDate(year, time.May, 25))}
	if r == Scotland {
		return append(days, mondayOn(NewDate(year, time.August, 1)))
	}
	return append(days, easter.AddDays(1), mondayOn(NewDate(year, time.August, 25)))
}

// mondayOn is the first Monday on or after the day.
func mondayOn(d Date) Date { return monday(d.AddDays(6)) }

// Easter is Easter Sunday of a year, by the Gregorian rule in the form of Meeus, Jones and Butcher.
func Easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return NewDate(year, time.Month(n/31), n%31+1)
}

// yearOf names the bank holidays of one year.
type yearOf struct {
	region Region
	year   int
}

// holidays keeps what was computed: the days of a year never change.
var holidays sync.Map // yearOf → map[Date]bool

// bankHolidays are the bank holidays of a region in a year.
func bankHolidays(r Region, year int) map[Date]bool {
	if fixed[r] == nil {
		return nil
	}
	key := yearOf{r, year}
	if known, ok := holidays.Load(key); ok {
		return known.(map[Date]bool)
	}
	days := computed(r, year)
	holidays.Store(key, days)
	return days
}

func computed(r Region, year int) map[Date]bool {
	days := map[Date]bool{}
	for _, d := range movable(r, year) {
		days[d] = true
	}
	for _, d := range everywhere {
		if d.Year() == year {
			days[d] = true
		}
	}
	var moved []Date
	for _, f := range fixed[r] {
		if d := NewDate(year, time.Month(f[0]), f[1]); weekend(d) {
			moved = append(moved, d)
		} else {
			days[d] = true
		}
	}
	for _, d := range moved {
		for weekend(d) || days[d] {
			d = d.AddDays(1)
		}
		days[d] = true
	}
	return days
}
