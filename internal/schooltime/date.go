// Package schooltime is the arithmetic of school dates: civil dates, working days and the clock
// by which a trust's year runs.
//
// It owns dates, date rules, the school clock, and what a school calendar and bank holidays mean. It
// does not keep any school's calendar.
package schooltime

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a day without a time or a zone. The zero Date is no day. Dates compare with ==.
type Date struct{ t time.Time }

// NewDate returns the day; out-of-range months and days roll over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// ParseDate reads an ISO 8601 day such as 2026-09-01.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2026-09-01", s)
	}
	return Date{t}, nil
}

// MustDate is ParseDate for constants; it panics on anything else.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// On returns the day that t falls on in its own location.
func On(t time.Time) Date { return NewDate(t.Year(), t.Month(), t.Day()) }

// String is the ISO form, or "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// IsZero says whether d is no day.
func (d Date) IsZero() bool { return d.t.IsZero() }

// Before says whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.t.Before(o.t) }

// After says whether d is later than o.
func (d Date) After(o Date) bool { return d.t.After(o.t) }

// AddDays moves d by n days.
func (d Date) AddDays(n int) Date { return Date{d.t.AddDate(0, 0, n)} }

// AddMonths moves d by n months; the day is held to the month's length.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.t.Year(), d.t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.AddDate(0, 0, min(d.t.Day(), last)-1)}
}

// DaysUntil counts the days from d to o; negative when o is earlier.
func (d Date) DaysUntil(o Date) int { return int(o.t.Sub(d.t) / (24 * time.Hour)) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.t.Weekday() }

// Year, Month and Day return the parts of the date.
func (d Date) Year() int { return d.t.Year() }

// Month returns the month of the year.
func (d Date) Month() time.Month { return d.t.Month() }

// Day returns the day of the month.
func (d Date) Day() int { return d.t.Day() }

// Time returns midnight UTC at the start of d.
func (d Date) Time() time.Time { return d.t }

// Max returns the later of two days.
func Max(a, b Date) Date {
	if a.After(b) {
		return a
	}
	return b
}

// Min returns the earlier of two days.
func Min(a, b Date) Date {
	if a.Before(b) {
		return a
	}
	return b
}

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; an empty text is no day.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// Scan reads a database date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = On(v)
	case string:
		return d.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("cannot read a %T as a date", src)
	}
	return nil
}

// Value writes a database date; no day is NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// GormDataType names the column type.
func (Date) GormDataType() string { return "date" }
