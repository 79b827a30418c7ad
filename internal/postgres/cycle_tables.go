package postgres

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/cycle"
)

// CycleDates lists the deadlines that the trust has set for a cycle.
func (d *DB) CycleDates(ctx context.Context, id uuid.UUID) ([]cycle.Date, error) {
	var rows []cycle.Date
	err := d.conn(ctx).Where("trust_id = ? and cycle_id = ?", access.From(ctx).TrustID, id).Order("code, staff_group").Find(&rows).Error
	return rows, err
}

// ReplaceCycleDates leaves exactly these deadlines. The caller holds the cycle's lock.
func (d *DB) ReplaceCycleDates(ctx context.Context, id uuid.UUID, dates []cycle.Date) error {
	trust := access.From(ctx).TrustID
	if err := d.conn(ctx).Where("trust_id = ? and cycle_id = ?", trust, id).Delete(&cycle.Date{}).Error; err != nil || len(dates) == 0 {
		return err
	}
	for i := range dates {
		dates[i].TrustID, dates[i].CycleID = trust, id
	}
	return d.conn(ctx).Create(dates).Error
}

// CheckInWindows lists the check-in windows of a cycle, in order.
func (d *DB) CheckInWindows(ctx context.Context, id uuid.UUID) ([]cycle.Window, error) {
	var rows []cycle.Window
	err := d.conn(ctx).Where("trust_id = ? and cycle_id = ?", access.From(ctx).TrustID, id).Order("n").Find(&rows).Error
	return rows, err
}

// WindowsInUse names the windows in which somebody has begun a check-in.
func (d *DB) WindowsInUse(ctx context.Context, id uuid.UUID) (map[uuid.UUID]bool, error) {
	var ids []uuid.UUID
	err := d.conn(ctx).Raw(`select w.id from windows w where w.trust_id = ? and w.cycle_id = ?
		and exists (select from check_ins c where c.trust_id = w.trust_id and c.window_id = w.id)`, access.From(ctx).TrustID, id).Scan(&ids).Error
	used := map[uuid.UUID]bool{}
	for _, id := range ids {
		used[id] = true
	}
	return used, err
}

// ReplaceWindows leaves exactly these windows; those that have an id keep it. The numbers are
// freed before they are given anew, for two windows may not bear the same one even for a moment.
func (d *DB) ReplaceWindows(ctx context.Context, id uuid.UUID, windows []cycle.Window) error {
	trust := access.From(ctx).TrustID
	kept := []uuid.UUID{uuid.Nil} // no window has it, so that the list is never empty
	for i := range windows {
		w := &windows[i]
		if w.TrustID, w.CycleID = trust, id; w.ID == uuid.Nil {
			w.ID = d.ids()
		} else {
			kept = append(kept, w.ID)
		}
	}
	if err := d.conn(ctx).Exec("delete from windows where trust_id = ? and cycle_id = ? and id not in ?", trust, id, kept).Error; err != nil {
		return err
	}
	if err := d.conn(ctx).Exec("update windows set n = -n where trust_id = ? and cycle_id = ?", trust, id).Error; err != nil || len(windows) == 0 {
		return err
	}
	onID := clause.OnConflict{Columns: []clause.Column{{Name: "trust_id"}, {Name: "id"}}, DoUpdates: clause.AssignmentColumns([]string{"n"})}
	return d.conn(ctx).Clauses(onID).Create(windows).Error
}

// PayTable lists the pay table of a cycle.
func (d *DB) PayTable(ctx context.Context, id uuid.UUID) ([]cycle.PayRow, error) {
	var rows []cycle.PayRow
	err := d.conn(ctx).Where("trust_id = ? and cycle_id = ?", access.From(ctx).TrustID, id).Order("staff_group, rating").Find(&rows).Error
	return rows, err
}

// ReplacePayTable leaves exactly these rows. The caller holds the cycle's lock.
func (d *DB) ReplacePayTable(ctx context.Context, id uuid.UUID, rows []cycle.PayRow) error {
	trust := access.From(ctx).TrustID
	if err := d.conn(ctx).Where("trust_id = ? and cycle_id = ?", trust, id).Delete(&cycle.PayRow{}).Error; err != nil || len(rows) == 0 {
		return err
	}
	for i := range rows {
		rows[i].TrustID, rows[i].CycleID = trust, id
	}
	return d.conn(ctx).Create(rows).Error
}
