package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/page"
)

var _ meeting.Store = (*DB)(nil)

// meetingsSQL are the meetings m that the caller reaches by the operation.
func (d *DB) meetingsSQL(ctx context.Context, op string) (string, map[string]any) {
	reach, args := d.reachSQL(op, access.From(ctx), "a.person_id", "a.unit_id", seatTeam("a.id"))
	return `select m.* from meetings m join appraisals a on a.trust_id = m.trust_id and a.id = m.appraisal_id
		where m.trust_id = @trust and ` + reach, args
}

// Meetings implements meeting.Store.
func (d *DB) Meetings(ctx context.Context, f meeting.Filter, p page.Request) (page.Page[*meeting.Aggregate], error) {
	p.Filter = f
	none := page.Page[*meeting.Aggregate]{}
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	sql, args := d.meetingsSQL(ctx, "ListMeetings")
	sql = narrowed(sql, args,
		condition{f.AppraisalID != nil, "m.appraisal_id = @appraisal", "appraisal", f.AppraisalID},
		condition{f.CycleID != nil, "a.cycle_id = @cycle", "cycle", f.CycleID},
		condition{f.State != "", "m.state = @state", "state", f.State},
		condition{after != nil, "m.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []meeting.Meeting
	if err := d.conn(ctx).Raw(sql+" order by m.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(m meeting.Meeting) []string { return []string{m.ID.String()} })
	ids := make([]uuid.UUID, len(cut.Items))
	for i, m := range cut.Items {
		ids[i] = m.AppraisalID
	}
	cases, err := d.casesByID(ctx, ids, "ListMeetings")
	if err != nil {
		return none, err
	}
	items := make([]*meeting.Aggregate, len(cut.Items))
	for i, m := range cut.Items {
		items[i] = meetingOf(m, cases[m.AppraisalID])
	}
	return page.Page[*meeting.Aggregate]{Items: items, Next: cut.Next}, nil
}

func meetingOf(m meeting.Meeting, c *appraisal.Case) *meeting.Aggregate {
	return &meeting.Aggregate{Meeting: m, Case: c, Plan: meeting.PlanOf(c, m.PlanCode)}
}

// readMeeting reads the row of a meeting that the caller may read.
func (d *DB) readMeeting(ctx context.Context, id uuid.UUID) (meeting.Meeting, error) {
	sql, args := d.meetingsSQL(ctx, "GetMeeting")
	args["id"] = id
	var row meeting.Meeting
	err := d.conn(ctx).Raw(sql+" and m.id = @id", args).Take(&row).Error
	return row, translate(err)
}

// Meeting implements meeting.Store.
func (d *DB) Meeting(ctx context.Context, id uuid.UUID) (*meeting.Aggregate, error) {
	row, err := d.readMeeting(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := d.readCase(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	return meetingOf(row, c), d.disclose(ctx, c, "meeting", id)
}

// ScheduleMeeting implements meeting.Store.
func (d *DB) ScheduleMeeting(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*meeting.Aggregate, audit.Event, error)) (*meeting.Aggregate, error) {
	c, err := d.lockPart(ctx, appraisalID, "GetMeeting")
	if err != nil {
		return nil, err
	}
	a, event, err := add(c)
	if err != nil {
		return nil, err
	}
	err = create(ctx, d, &a.Meeting, func(m *meeting.Meeting) audit.Event { return d.about(c, event, "meeting", m.ID, m.Version) })
	return a, err
}

// ChangeMeeting implements meeting.Store.
func (d *DB) ChangeMeeting(ctx context.Context, id uuid.UUID, version int, change func(*meeting.Aggregate) (audit.Event, error)) (*meeting.Aggregate, error) {
	row, err := d.readMeeting(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := d.lockPart(ctx, row.AppraisalID, "GetMeeting")
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
	return a, err
}
