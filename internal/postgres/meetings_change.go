package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/meeting"
)

// ChangeMeeting implements meeting.Store.
func (d *DB) ChangeMeeting(ctx context.Context, id uuid.UUID, version int, change func(*meeting.Aggregate) (audit.Event, error)) (*meeting.Aggregate, error) {
	row, err := d.readMeeting(ctx, id, "GetMeeting")
	if err != nil {
		return nil, err
	}
	c, err := d.lockMeeting(ctx, row)
	if err != nil {
		return nil, err
	}
	m, err := locked[meeting.Meeting](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	a := meetingOf(*m, c)
	err = save(ctx, d, &a.Meeting, func(*meeting.Meeting) (audit.Event, error) {
		e, err := change(a)
		return d.about(c, e, "meeting", id, 0), err
	})
	if err != nil || a.Replaced == nil {
		return a, err
	}
	a.Replaced.TrustID, a.Replaced.ID = a.TrustID, d.ids()
	return a, d.conn(ctx).Create(a.Replaced).Error
}

// lockMeeting locks the appraisal of a meeting, and loads its case for whoever may read the meeting.
func (d *DB) lockMeeting(ctx context.Context, m meeting.Meeting) (*appraisal.Case, error) {
	if err := d.lockRow(ctx, m.AppraisalID); err != nil {
		return nil, err
	}
	c, err := d.caseOfMeeting(ctx, m)
	if err != nil {
		return nil, err
	}
	if !c.LetIn() && !d.table.Covers("GetMeeting", c.Actor, c.Record()) {
		return nil, fault.Gone()
	}
	return c, d.table.Check(access.Operation(ctx), c.Actor, c.Record())
}

// MeetingVersions implements meeting.Store.
func (d *DB) MeetingVersions(ctx context.Context, id uuid.UUID) (*meeting.Aggregate, []meeting.Version, error) {
	row, err := d.readMeeting(ctx, id, "ListMeetingVersions")
	if err != nil {
		return nil, nil, err
	}
	c, err := d.readCase(ctx, row.AppraisalID) // nobody is lent what was shared before
	if err != nil {
		return nil, nil, err
	}
	var rows []meeting.Version
	if err = d.conn(ctx).Where("trust_id = ? and meeting_id = ?", row.TrustID, id).Order("number desc").Limit(meeting.MaxVersions).Find(&rows).Error; err != nil {
		return nil, nil, err
	}
	return meetingOf(row, c), rows, d.disclose(ctx, c, "meeting", id)
}

// NotesToTake implements dossier.Store.
func (d *DB) NotesToTake(ctx context.Context) (int, error) {
	a, n := access.From(ctx), 0
	err := d.conn(ctx).Raw(`select count(*) from meetings m join appraisals a on a.trust_id = m.trust_id and a.id = m.appraisal_id and a.status = 'open'
		where m.trust_id = @trust and `+notesSQL, map[string]any{"trust": a.TrustID, "me": a.PersonID}).Scan(&n).Error
	return n, err
}
