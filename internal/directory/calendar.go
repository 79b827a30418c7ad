package directory

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// SchoolCalendar is a unit's own calendar. A unit without one has that of the unit above it.
type SchoolCalendar struct {
	record.Row
	UnitID  uuid.UUID
	Content schooltime.Calendar `gorm:"serializer:json"`
}

// TableName names the table.
func (SchoolCalendar) TableName() string { return "calendars" }

// UnitCalendar is the calendar that holds for a unit, and whose it is. Version is that of the unit's
// own, 0 where it has none; Of is nil where no unit above has one either.
type UnitCalendar struct {
	UnitID  uuid.UUID
	Version int
	Of      *uuid.UUID
	Content *schooltime.Calendar
}

// CalendarRow is a unit, the unit above it, and its own calendar where it has one.
type CalendarRow struct {
	UnitID   uuid.UUID
	ParentID *uuid.UUID
	Version  int
	Content  *schooltime.Calendar
}

// Calendars are the school calendars of a trust. The zero value has none.
type Calendars map[uuid.UUID]CalendarRow

// holds returns the row of the unit, or of the nearest one above it, that has a calendar.
func (c Calendars) holds(unit uuid.UUID) (CalendarRow, bool) {
	for range len(c) {
		row, ok := c[unit]
		if !ok || row.Content != nil {
			return row, ok
		}
		if row.ParentID == nil {
			break
		}
		unit = *row.ParentID
	}
	return CalendarRow{}, false
}

// Of is the calendar that holds for the unit, or nil.
func (c Calendars) Of(unit uuid.UUID) *schooltime.Calendar {
	row, _ := c.holds(unit)
	return row.Content
}

// OfOrRoot is the calendar of the unit, or of the trust where none is named.
func (c Calendars) OfOrRoot(unit *uuid.UUID) *schooltime.Calendar {
	if unit != nil {
		return c.Of(*unit)
	}
	for id, row := range c {
		if row.ParentID == nil {
			return c.Of(id)
		}
	}
	return nil
}

// All lists the calendars that units have of their own.
func (c Calendars) All() []*schooltime.Calendar {
	var all []*schooltime.Calendar
	for _, row := range c {
		if row.Content != nil {
			all = append(all, row.Content)
		}
	}
	return all
}

func (c Calendars) about(unit uuid.UUID) UnitCalendar {
	found := UnitCalendar{UnitID: unit, Version: c[unit].Version}
	if row, ok := c.holds(unit); ok {
		found.Of, found.Content = &row.UnitID, row.Content
	}
	return found
}

// maxMonths is how far apart the first and the last day of a calendar may lie.
const maxMonths = 240

// longestClosure is how many days one closure may last; a longer one is no term.
const longestClosure = 366

// tidyCalendar refuses terms that are out of order, and days that end before they begin.
func tidyCalendar(c *schooltime.Calendar) error {
	f := &faults{}
	for i, t := range c.Terms {
		at := fmt.Sprintf("/terms/%d", i)
		switch h := t.HalfTerm; {
		case !t.EndsOn.After(t.StartsOn):
			f.add(at+"/ends_on", "ends_before_start", "A term ends after the day on which it starts.")
		case t.StartsOn.AddMonths(12).Before(t.EndsOn):
			f.add(at+"/ends_on", "too_long", "A term lasts less than a year.")
		case i > 0 && !t.StartsOn.After(c.Terms[i-1].EndsOn):
			f.add(at+"/starts_on", "overlaps", "Terms come in order, each after the one before has ended.")
		case h != nil && (h.EndsOn.Before(h.StartsOn) || !h.StartsOn.After(t.StartsOn) || !h.EndsOn.Before(t.EndsOn)):
			f.add(at+"/half_term", "outside_term", "A half term lies within its term, with school before and after it.")
		}
	}
	if n := len(c.Terms); n > 0 && c.Terms[0].StartsOn.AddMonths(maxMonths).Before(c.Terms[n-1].EndsOn) {
		f.add("/terms", "too_long", "A calendar holds at most twenty years.")
	}
	for i, x := range c.Closures {
		at := fmt.Sprintf("/closures/%d/ends_on", i)
		if x.EndsOn.Before(x.StartsOn) {
			f.add(at, "ends_before_start", "A closure ends on the day it starts, or later.")
		}
		if x.StartsOn.DaysUntil(x.EndsOn) > longestClosure {
			f.add(at, "too_long", "A closure lasts less than a year.")
		}
	}
	slices.SortFunc(c.Extra, func(a, b schooltime.Date) int { return b.DaysUntil(a) })
	c.Extra = slices.Compact(c.Extra)
	return f.err()
}
