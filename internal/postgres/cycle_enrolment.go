package postgres

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// byHolder is the order of an enrolment. A cursor holds the post only, for a name has no place in
// an address, so the database finds again where the page before ended.
const byHolder = `pe.family_name collate "und-x-icu", pe.given_name collate "und-x-icu", p.id`

const passedSQL = `(` + byHolder + `) <= (select pe.family_name collate "und-x-icu", pe.given_name collate "und-x-icu", p.id
  from posts p join people pe on pe.trust_id = p.trust_id and pe.id = p.person_id where p.trust_id = @trust and p.id = @after)`

const candidatesSQL = `
select p.id as post_id, p.person_id, p.unit_id, p.from_on, p.until_on, p.contract_ends_on, m.manager_id,
  a.id as appraisal_id, a.staff_group as enrolled_as, s.person_id as seat_id, o.included as override`

// fromCandidates are the posts held in the period, each with its line manager on the first day of
// the appraisal, or today when that has passed.
const fromCandidates = `
from posts p
join people pe on pe.trust_id = p.trust_id and pe.id = p.person_id
left join appraisals a on a.trust_id = p.trust_id and a.cycle_id = @cycle and a.post_id = p.id
left join enrolment_overrides o on o.trust_id = p.trust_id and o.cycle_id = @cycle and o.post_id = p.id
left join lateral (
  select l.manager_id from line_managers l
  where l.trust_id = p.trust_id and l.post_id = p.id and l.manager_id <> p.person_id
    and l.from_on <= greatest(cast(@day as date), p.from_on) and (l.until_on is null or l.until_on > greatest(cast(@day as date), p.from_on))
  order by l.from_on desc, l.id limit 1) m on true
left join lateral (
  select r.person_id from seats r
  where r.trust_id = p.trust_id and r.appraisal_id = a.id and r.duty = 'review'
    and r.from_on <= greatest(cast(@day as date), a.starts_on) and (r.until_on is null or r.until_on > greatest(cast(@day as date), a.starts_on))
  order by r.lead desc, r.from_on, r.id limit 1) s on true
where p.trust_id = @trust and p.from_on <= @ends
  and (p.until_on is null or (p.until_on > @day and p.until_on > p.from_on))`

const inUnitSQL = ` and p.unit_id in (
  with recursive below as (
    select id from units where trust_id = @trust and id = @unit
    union all
    select u.id from units u join below b on u.parent_id = b.id where u.trust_id = @trust
  ) select id from below)`

// CandidatesInReach lists the posts held in a cycle's period that the caller reaches, by name.
func (d *DB) CandidatesInReach(ctx context.Context, c *cycle.Cycle, q cycle.CandidateQuery) ([]cycle.Candidate, error) {
	reach, args := d.reachSQL("PreviewEnrolment", access.From(ctx), "p.person_id", "p.unit_id", "false")
	passed, where := "false", " and "+reach
	if q.After != nil {
		passed, args["after"] = passedSQL, *q.After
	}
	if q.UnitID != nil {
		where, args["unit"] = where+inUnitSQL, *q.UnitID
	}
	return d.candidates(ctx, c, passed, where, args)
}

// Candidates lists all posts held in a cycle's period, or those of them that are named.
func (d *DB) Candidates(ctx context.Context, c *cycle.Cycle, posts []uuid.UUID) ([]cycle.Candidate, error) {
	if posts == nil {
		return d.candidates(ctx, c, "false", "", nil)
	}
	return d.candidates(ctx, c, "false", " and p.id in @posts", map[string]any{"posts": posts})
}

func (d *DB) candidates(ctx context.Context, c *cycle.Cycle, passed, where string, more map[string]any) ([]cycle.Candidate, error) {
	a := access.From(ctx)
	args := map[string]any{"trust": a.TrustID, "cycle": c.ID, "day": schooltime.Max(a.Today, c.StartsOn), "ends": c.EndsOn}
	maps.Copy(args, more)
	var rows []cycle.Candidate
	err := d.conn(ctx).Raw(candidatesSQL+", "+passed+" as passed"+fromCandidates+where+" order by "+byHolder, args).Scan(&rows).Error
	return rows, err
}

// appraisalRow is one row of the statement that makes appraisals and seats.
type appraisalRow struct {
	ID         uuid.UUID       `json:"id"`
	SeatID     uuid.UUID       `json:"seat_id"`
	PostID     uuid.UUID       `json:"post_id"`
	PersonID   uuid.UUID       `json:"person_id"`
	UnitID     uuid.UUID       `json:"unit_id"`
	StaffGroup string          `json:"staff_group"`
	StartsOn   schooltime.Date `json:"starts_on"`
	EndsOn     schooltime.Date `json:"ends_on"`
	Remarks    []cycle.Remark  `json:"remarks"`
	ReviewerID *uuid.UUID      `json:"reviewer_id"`
	SeatFrom   schooltime.Date `json:"seat_from"`
}

// In the order of the posts, so that two who enrol at once wait for each other and never for ever.
const addAppraisalsSQL = `
insert into appraisals (trust_id, id, cycle_id, post_id, person_id, unit_id, staff_group, starts_on, ends_on, remarks, created_at, updated_at)
select cast(@trust as uuid), r.id, cast(@cycle as uuid), r.post_id, r.person_id, r.unit_id, r.staff_group, r.starts_on, r.ends_on, r.remarks,
  cast(@now as timestamptz), cast(@now as timestamptz)
from jsonb_to_recordset(cast(@rows as jsonb)) as r(id uuid, post_id uuid, person_id uuid, unit_id uuid, staff_group text, starts_on date, ends_on date, remarks jsonb)
order by r.post_id
on conflict (trust_id, cycle_id, post_id) do nothing
returning id`

const addSeatsSQL = `
insert into seats (trust_id, id, appraisal_id, person_id, duty, from_on, why, created_at, updated_at)
select cast(@trust as uuid), r.seat_id, r.id, r.reviewer_id, 'review', r.seat_from, 'line_manager', cast(@now as timestamptz), cast(@now as timestamptz)
from jsonb_to_recordset(cast(@rows as jsonb)) as r(id uuid, seat_id uuid, reviewer_id uuid, seat_from date)
where r.reviewer_id is not null and r.id in @made`

// AddAppraisals makes an appraisal for each enrolment and a seat for its reviewer, in one statement
// each, and returns those that were made: a post that has one by now is left alone.
func (d *DB) AddAppraisals(ctx context.Context, c *cycle.Cycle, plan []cycle.Enrolment) ([]cycle.Enrolment, error) {
	if len(plan) == 0 {
		return nil, nil
	}
	a := access.From(ctx)
	byID := map[uuid.UUID]cycle.Enrolment{}
	rows := make([]appraisalRow, len(plan))
	for i, e := range plan {
		rows[i] = appraisalRow{ID: d.ids(), SeatID: d.ids(), PostID: e.PostID, PersonID: e.PersonID, UnitID: e.UnitID, StaffGroup: e.Group.Code,
			StartsOn: e.StartsOn, EndsOn: e.EndsOn, Remarks: append([]cycle.Remark{}, e.Remarks...), ReviewerID: e.ReviewerID, SeatFrom: schooltime.Max(a.Today, e.StartsOn)}
		e.AppraisalID = &rows[i].ID
		byID[rows[i].ID] = e
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	args := map[string]any{"trust": a.TrustID, "cycle": c.ID, "now": d.now(), "rows": string(raw)}
	var made []uuid.UUID
	if err := d.conn(ctx).Raw(addAppraisalsSQL, args).Scan(&made).Error; err != nil || len(made) == 0 {
		return nil, err
	}
	args["made"] = made
	if err := d.conn(ctx).Exec(addSeatsSQL, args).Error; err != nil {
		return nil, err
	}
	done := make([]cycle.Enrolment, len(made))
	for i, id := range made {
		done[i] = byID[id]
	}
	return done, nil
}
