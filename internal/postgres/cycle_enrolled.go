package postgres

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// appraisalRow is one row of the statement that makes appraisals.
type appraisalRow struct {
	ID         uuid.UUID       `json:"id"`
	PostID     uuid.UUID       `json:"post_id"`
	PersonID   uuid.UUID       `json:"person_id"`
	UnitID     uuid.UUID       `json:"unit_id"`
	StaffGroup string          `json:"staff_group"`
	Stage      string          `json:"stage"`
	StartsOn   schooltime.Date `json:"starts_on"`
	EndsOn     schooltime.Date `json:"ends_on"`
	Remarks    []cycle.Remark  `json:"remarks"`
}

// seatRow is one row of the statement that makes their seats.
type seatRow struct {
	ID          uuid.UUID       `json:"id"`
	AppraisalID uuid.UUID       `json:"appraisal_id"`
	PersonID    uuid.UUID       `json:"person_id"`
	Duty        string          `json:"duty"`
	Lead        bool            `json:"lead"`
	FromOn      schooltime.Date `json:"from_on"`
	Why         string          `json:"why"`
}

// In the order of the posts, so that two who enrol at once wait for each other and never for ever.
const addAppraisalsSQL = `
insert into appraisals (trust_id, id, cycle_id, post_id, person_id, unit_id, staff_group, stage, starts_on, ends_on, remarks, created_at, updated_at)
select cast(@trust as uuid), r.id, cast(@cycle as uuid), r.post_id, r.person_id, r.unit_id, r.staff_group, r.stage, r.starts_on, r.ends_on, r.remarks,
  cast(@now as timestamptz), cast(@now as timestamptz)
from jsonb_to_recordset(cast(@rows as jsonb)) as r(id uuid, post_id uuid, person_id uuid, unit_id uuid, staff_group text, stage text, starts_on date, ends_on date, remarks jsonb)
order by r.post_id
on conflict (trust_id, cycle_id, post_id) do nothing
returning id`

const addSeatsSQL = `
insert into seats (trust_id, id, appraisal_id, person_id, duty, lead, from_on, why, created_at, updated_at)
select cast(@trust as uuid), r.id, r.appraisal_id, r.person_id, r.duty, r.lead, r.from_on, r.why, cast(@now as timestamptz), cast(@now as timestamptz)
from jsonb_to_recordset(cast(@seats as jsonb)) as r(id uuid, appraisal_id uuid, person_id uuid, duty text, lead boolean, from_on date, why text)
where r.appraisal_id in @made`

// AddAppraisals makes an appraisal for each enrolment and the seats that it gives, in one statement
// each, and returns those that were made: a post that has one by now is left alone.
func (d *DB) AddAppraisals(ctx context.Context, c *cycle.Cycle, plan []cycle.Enrolment) ([]cycle.Enrolment, error) {
	if len(plan) == 0 {
		return nil, nil
	}
	a := access.From(ctx)
	byID, rows, seats := map[uuid.UUID]cycle.Enrolment{}, make([]appraisalRow, len(plan)), []seatRow{}
	for i, e := range plan {
		rows[i] = appraisalRow{ID: d.ids(), PostID: e.PostID, PersonID: e.PersonID, UnitID: e.UnitID, StaffGroup: e.Group.Code, Stage: e.Begins(),
			StartsOn: e.StartsOn, EndsOn: e.EndsOn, Remarks: append([]cycle.Remark{}, e.Remarks...)}
		for _, p := range e.Seating.Places {
			seats = append(seats, seatRow{ID: d.ids(), AppraisalID: rows[i].ID, PersonID: p.PersonID, Duty: p.Duty, Lead: p.Lead, FromOn: schooltime.Max(a.Today, e.StartsOn), Why: p.Why})
		}
		e.AppraisalID = &rows[i].ID
		byID[rows[i].ID] = e
	}
	args := map[string]any{"trust": a.TrustID, "cycle": c.ID, "now": d.now()}
	for name, list := range map[string]any{"rows": rows, "seats": seats} {
		raw, err := json.Marshal(list)
		if err != nil {
			return nil, err
		}
		args[name] = string(raw)
	}
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

// Decide keeps a decision on whether a post is in, with its reason; a later one takes its place.
func (d *DB) Decide(ctx context.Context, c *cycle.Cycle, e cycle.Enrolment, included bool, reason string) error {
	a := access.From(ctx)
	err := d.conn(ctx).Exec(`insert into enrolment_overrides (trust_id, cycle_id, post_id, included, reason, decided_by, created_at, updated_at)
		values (@trust, @cycle, @post, @included, @reason, @by, @now, @now)
		on conflict (trust_id, cycle_id, post_id) do update set included = @included, reason = @reason, decided_by = @by, updated_at = @now`,
		map[string]any{"trust": a.TrustID, "cycle": c.ID, "post": e.PostID, "included": included, "reason": reason, "by": a.PersonID, "now": d.now()}).Error
	if err != nil {
		return translate(err)
	}
	verb := map[bool]string{true: "post_included", false: "post_excluded"}[included]
	return d.Record(ctx, audit.About("cycle", c.ID, c.Version, verb, map[string]any{"post_id": e.PostID.String()}).Of(e.PersonID, e.UnitID))
}

// LeaveOut ends the appraisal of a post that is left out.
func (d *DB) LeaveOut(ctx context.Context, c *cycle.Cycle, e cycle.Enrolment) error {
	return d.settleEnrolled(ctx, c, []cycle.Enrolment{e}, "ended", `status = 'ended', ended_reason = 'excluded'`, `status = 'open'`)
}

// Reinstate opens again the appraisals that ended because their posts were left out.
func (d *DB) Reinstate(ctx context.Context, c *cycle.Cycle, plan []cycle.Enrolment) error {
	return d.settleEnrolled(ctx, c, plan, "reinstated", `status = 'open', ended_reason = null`, `status = 'ended' and ended_reason = 'excluded'`)
}

// settleEnrolled changes appraisals of a plan that are as was says, with an event for each.
func (d *DB) settleEnrolled(ctx context.Context, c *cycle.Cycle, plan []cycle.Enrolment, verb, change, was string) error {
	if len(plan) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, len(plan))
	for i, e := range plan {
		ids[i] = *e.AppraisalID
	}
	var rows []struct {
		ID, PersonID, UnitID uuid.UUID
		Version              int
	}
	err := d.conn(ctx).Raw("update appraisals set "+change+", version = version + 1, updated_at = ? where trust_id = ? and id in ? and "+was+
		" returning id, person_id, unit_id, version", d.now(), access.From(ctx).TrustID, ids).Scan(&rows).Error
	if err != nil {
		return translate(err)
	}
	for _, r := range rows {
		event := audit.About("appraisal", r.ID, r.Version, verb, map[string]any{"cycle_id": c.ID.String(), "why": "excluded"}).Of(r.PersonID, r.UnitID).In(r.ID)
		if err := d.Record(ctx, event); err != nil {
			return err
		}
	}
	return nil
}
