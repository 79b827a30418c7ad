package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/page"
)

var _ meeting.Store = (*DB)(nil)

// notesSQL holds when the actor was named to take notes of the meeting m and its record is not shared.
const notesSQL = "(m.note_taker_id = @me and m.state in ('scheduled', 'drafted'))"

// meetingsSQL are the meetings m that the caller reaches by the operation: as party or by role, or
// one meeting alone to take notes of it.
func (d *DB) meetingsSQL(ctx context.Context, op string) (string, map[string]any) {
	reach, args := d.reachSQL(op, access.From(ctx), "a.person_id", "a.unit_id", letInTeam("a.id")+" or "+notesSQL)
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
	const day = "(m.scheduled_at at time zone (select t.time_zone from trusts t where t.id = @trust))::date"
	sql = narrowed(sql, args,
		condition{f.AppraisalID != nil, "m.appraisal_id = @appraisal", "appraisal", f.AppraisalID},
		condition{f.CycleID != nil, "a.cycle_id = @cycle", "cycle", f.CycleID},
		condition{f.State != "", "m.state = @state", "state", f.State},
		condition{f.PlanCode != "", "m.plan_code = @plan", "plan", f.PlanCode},
		condition{!f.FromOn.IsZero(), day + " >= @from", "from", f.FromOn},
		condition{!f.ToOn.IsZero(), day + " <= @to", "to", f.ToOn},
		condition{f.UnitID != nil, "a.unit_id in " + belowSQL, "unit", f.UnitID},
		condition{after != nil, "m.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []meeting.Meeting
	if err := d.conn(ctx).Raw(sql+" order by m.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(m meeting.Meeting) []string { return []string{m.ID.String()} })
	cases, err := d.casesOfMeetings(ctx, cut.Items)
	if err != nil {
		return none, err
	}
	items := make([]*meeting.Aggregate, len(cut.Items))
	for i, m := range cut.Items {
		c := *cases[m.AppraisalID] // its own, for one meeting of a case may be lent and another not
		c.Lent = m.TakesNotes(c.Actor.PersonID)
		items[i] = meetingOf(m, &c)
	}
	return page.Page[*meeting.Aggregate]{Items: items, Next: cut.Next}, nil
}

// casesOfMeetings loads the cases of listed meetings. Those of which the caller takes notes and no
// more are loaded beside the others, and are lent.
func (d *DB) casesOfMeetings(ctx context.Context, rows []meeting.Meeting) (map[uuid.UUID]*appraisal.Case, error) {
	me := access.From(ctx).PersonID
	var ids, lent []uuid.UUID
	for _, m := range rows {
		ids = append(ids, m.AppraisalID)
	}
	cases, err := d.casesByID(ctx, ids, "ListMeetings")
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		if cases[m.AppraisalID] == nil && m.TakesNotes(me) && !slices.Contains(lent, m.AppraisalID) {
			lent = append(lent, m.AppraisalID)
		}
	}
	more, err := d.lentCases(ctx, lent)
	for _, c := range more {
		cases[c.ID] = c
	}
	return cases, err
}

// lentCases loads cases that the caller does not reach, for a part of them that was given to them.
func (d *DB) lentCases(ctx context.Context, ids []uuid.UUID) ([]*appraisal.Case, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []appraisal.Appraisal
	if err := d.conn(ctx).Where("trust_id = ? and id in ?", access.From(ctx).TrustID, ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	cases, err := d.cases(ctx, rows)
	for _, c := range cases {
		c.Lent = true
	}
	return cases, err
}

func meetingOf(m meeting.Meeting, c *appraisal.Case) *meeting.Aggregate {
	return &meeting.Aggregate{Meeting: m, Case: c, Plan: meeting.PlanOf(c, m.PlanCode)}
}

// readMeeting reads the row of a meeting that the caller may read.
func (d *DB) readMeeting(ctx context.Context, id uuid.UUID, op string) (meeting.Meeting, error) {
	sql, args := d.meetingsSQL(ctx, op)
	args["id"] = id
	var row meeting.Meeting
	err := d.conn(ctx).Raw(sql+" and m.id = @id", args).Take(&row).Error
	return row, translate(err)
}

// caseOfMeeting loads the case of a meeting that was read. It is lent to whoever takes notes of the
// meeting, whether they reach more of it or not.
func (d *DB) caseOfMeeting(ctx context.Context, m meeting.Meeting) (*appraisal.Case, error) {
	c, err := d.readCase(ctx, m.AppraisalID)
	takes := m.TakesNotes(access.From(ctx).PersonID)
	if err == nil {
		c.Lent = takes
		return c, nil
	}
	if fault.KindOf(err) != fault.NotFound || !takes {
		return nil, err
	}
	lent, err := d.lentCases(ctx, []uuid.UUID{m.AppraisalID})
	if err != nil || len(lent) == 0 {
		return nil, err
	}
	return lent[0], nil
}

// Meeting implements meeting.Store.
func (d *DB) Meeting(ctx context.Context, id uuid.UUID) (*meeting.Aggregate, error) {
	row, err := d.readMeeting(ctx, id, "GetMeeting")
	if err != nil {
		return nil, err
	}
	c, err := d.caseOfMeeting(ctx, row)
	if err != nil {
		return nil, err
	}
	return meetingOf(row, c), d.disclose(ctx, c, "meeting", id)
}

// PlannedMeetings implements meeting.Store.
func (d *DB) PlannedMeetings(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	return c, d.disclose(ctx, c, "appraisal", appraisalID)
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
