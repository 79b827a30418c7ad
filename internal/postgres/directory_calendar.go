package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/directory"
)

// unitRow is a unit with its own school calendar, where it has one.
type unitRow struct {
	directory.OrgUnit
	Version int
	Content []byte
}

// unitRows reads the trust's units with their school calendars, in one query: a trust has few.
func (d *DB) unitRows(ctx context.Context) ([]unitRow, error) {
	var rows []unitRow
	err := d.conn(ctx).Raw(`select u.id, u.parent_id, u.decides, coalesce(c.version, 0) as version, c.content
		from units u left join calendars c on c.trust_id = u.trust_id and c.unit_id = u.id where u.trust_id = ?`, access.From(ctx).TrustID).Scan(&rows).Error
	return rows, err
}

func calendarsOf(rows []unitRow) (directory.Calendars, error) {
	all := make(directory.Calendars, len(rows))
	for _, r := range rows {
		row := directory.CalendarRow{UnitID: r.ID, ParentID: r.ParentID, Version: r.Version}
		if r.Content != nil {
			if err := json.Unmarshal(r.Content, &row.Content); err != nil {
				return nil, fmt.Errorf("the calendar of a unit: %w", err)
			}
		}
		all[r.ID] = row
	}
	return all, nil
}

// Calendars reads the school calendars of the trust's units.
func (d *DB) Calendars(ctx context.Context) (directory.Calendars, error) {
	rows, err := d.unitRows(ctx)
	if err != nil {
		return nil, err
	}
	return calendarsOf(rows)
}

// Calendars implements directory.Store.
func (s DirectoryStore) Calendars(ctx context.Context) (directory.Calendars, error) {
	return s.db.Calendars(ctx)
}

// SetCalendar implements directory.Store. The caller holds the tree, so that nobody else makes the
// unit's first calendar meanwhile.
func (s DirectoryStore) SetCalendar(ctx context.Context, unit uuid.UUID, version int, change func(*directory.SchoolCalendar) (audit.Event, error)) error {
	var c directory.SchoolCalendar
	err := s.db.conn(ctx).Where("trust_id = ? and unit_id = ?", access.From(ctx).TrustID, unit).Take(&c).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return s.firstCalendar(ctx, unit, version, change)
	case err != nil:
		return err
	}
	_, err = update(ctx, s.db, c.ID, version, change)
	return err
}

func (s DirectoryStore) firstCalendar(ctx context.Context, unit uuid.UUID, version int, change func(*directory.SchoolCalendar) (audit.Event, error)) error {
	if version != 0 {
		return staleVersion(0)
	}
	c := &directory.SchoolCalendar{UnitID: unit}
	c.ID = s.db.ids()
	event, err := change(c)
	if err != nil {
		return err
	}
	event.Subject.Version = 1
	return create(ctx, s.db, c, func(*directory.SchoolCalendar) audit.Event { return event })
}

// UnitsWithPosts lists the units in which somebody holds a post in the cycle's period.
func (d *DB) UnitsWithPosts(ctx context.Context, c *cycle.Cycle) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := d.conn(ctx).Raw("select distinct unit_id from posts where trust_id = ? and from_on <= ? and (until_on is null or until_on > ?) order by unit_id",
		access.From(ctx).TrustID, c.EndsOn, c.StartsOn).Scan(&ids).Error
	return ids, err
}
