package postgres

import (
	"context"
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
select p.id as post_id, p.person_id, p.unit_id, p.from_on, p.until_on, p.contract_ends_on, m.manager_id, main.id as main_post_id,
  (select min(f.from_on) from posts f where f.trust_id = p.trust_id and f.person_id = p.person_id) as first_on,
  exists (select from appraisals b join cycles bc on bc.trust_id = b.trust_id and bc.id = b.cycle_id and bc.starts_on < @starts
    where b.trust_id = p.trust_id and b.person_id = p.person_id) as appraised_before,
  exists (select from appraisals b where b.trust_id = p.trust_id and b.post_id = p.id and b.cycle_id <> @cycle and b.status <> 'ended'
    and b.starts_on <= @ends and b.ends_on >= @starts) as in_other,
  a.id as appraisal_id, a.stage, coalesce(a.status = 'ended' and a.ended_reason = 'excluded', false) as left_out,
  a.staff_group as enrolled_as, s.people[1] as seat_id, to_jsonb(s.people) as panel, o.included as override`

// fromCandidates are the posts held in the period, each with its line manager on the first day of
// the appraisal, or today when that has passed, and with the main one of the posts that its person
// holds then: the one that has an appraisal already, else the one with most time, then the oldest.
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
  select q.id from posts q
  left join appraisals qa on qa.trust_id = q.trust_id and qa.cycle_id = @cycle and qa.post_id = q.id and qa.status <> 'ended'
  where q.trust_id = p.trust_id and q.person_id = p.person_id ` + inScopeSQL + `
    and q.from_on <= greatest(cast(@day as date), p.from_on) and (q.until_on is null or q.until_on > greatest(cast(@day as date), p.from_on))
  order by (qa.id is null), q.fte_thousandths desc, q.from_on, q.id limit 1) main on true
left join lateral (
  select array_agg(r.person_id order by r.lead desc, r.from_on, r.id) as people from seats r
  where r.trust_id = p.trust_id and r.appraisal_id = a.id and r.duty = 'review'
    and r.from_on <= greatest(cast(@day as date), a.starts_on) and (r.until_on is null or r.until_on > greatest(cast(@day as date), a.starts_on))) s on true
where p.trust_id = @trust and p.from_on <= @ends
  and (p.until_on is null or (p.until_on > @day and p.until_on > p.from_on))
  and exists (select from posts q where q.trust_id = p.trust_id and q.id = p.id ` + inScopeSQL + `)`

// inScopeSQL holds when the post q is in one of the cycle's units, or below one.
const inScopeSQL = `and (@everywhere or q.unit_id in (
  with recursive below as (
    select id from units where trust_id = @trust and id in @scope
    union
    select u.id from units u join below b on u.parent_id = b.id where u.trust_id = @trust
  ) select id from below))`

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
	if q.PostID != nil {
		where, args["post"] = where+" and p.id = @post", *q.PostID
	}
	return d.candidates(ctx, c, passed, where, args)
}

// Unenrolled lists the posts held in a cycle's period that have no appraisal in it.
func (d *DB) Unenrolled(ctx context.Context, c *cycle.Cycle) ([]cycle.Candidate, error) {
	return d.candidates(ctx, c, "false", " and (a.id is null or a.status = 'ended')", nil)
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
	args := map[string]any{"trust": a.TrustID, "cycle": c.ID, "day": schooltime.Max(a.Today, c.StartsOn), "starts": c.StartsOn, "ends": c.EndsOn,
		"everywhere": len(c.ScopeUnits) == 0, "scope": append([]uuid.UUID{uuid.Nil}, c.ScopeUnits...)}
	maps.Copy(args, more)
	var rows []cycle.Candidate
	err := d.conn(ctx).Raw(candidatesSQL+", "+passed+" as passed"+fromCandidates+where+" order by "+byHolder, args).Scan(&rows).Error
	return rows, err
}
