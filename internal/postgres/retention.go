package postgres

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/retention"
	"github.com/perennial-api/perennial/internal/schooltime"
)

var _ retention.Store = (*DB)(nil)

// dueSQL are the records whose time is over by @as_of, by @rules. A class without a rule is kept, as
// is a year whose cycle is not closed or whose appeal is under way, and a concern that is under way.
// The next statement is that of the person's next year which has one.
const dueSQL = `with ends as (
  select a.id, a.person_id, c.starts_on, c.ends_on as cycle_end, c.status = 'closed' as over, a.erased_on, a.pay_erased_on,
    case when a.stage = 'released' then coalesce((select max(s.done_on) from steps s where s.trust_id = a.trust_id and s.appraisal_id = a.id and s.chain = 'outcome'), c.ends_on) end as released_on
  from appraisals a join cycles c on c.trust_id = a.trust_id and c.id = a.cycle_id where a.trust_id = @trust
), years as (
  select e.*, min(e.released_on) over (partition by e.person_id order by e.starts_on groups between 1 following and unbounded following) as next_on,
    e.over and not exists (select from appeals p where p.trust_id = @trust and p.appraisal_id = e.id and p.status in ('awaiting_admission', 'lodged', 'awaiting_consent')) as settled
  from ends e
), leavers as (
  select o.person_id, max(o.until_on) as left_on from posts o where o.trust_id = @trust
  group by o.person_id having bool_and(o.until_on is not null) and max(o.until_on) <= @as_of
), records as (
  select 'appraisal' as class, 'appraisal' as kind, y.id, y.id as appraisal_id, y.person_id, y.cycle_end, y.released_on, y.next_on from years y where y.settled and y.erased_on is null
  union all
  select 'pay', 'appraisal', y.id, y.id, y.person_id, y.cycle_end, y.released_on, y.next_on from years y where y.settled and y.pay_erased_on is null
    and (exists (select from pay_decisions d where d.trust_id = @trust and d.appraisal_id = y.id)
      or exists (select from steps s where s.trust_id = @trust and s.appraisal_id = y.id and (s.chain = 'pay' or s.draft_pay is not null)))
  union all
  select 'self_assessment', 'self_assessment', s.id, y.id, s.person_id, y.cycle_end, y.released_on, y.next_on
  from self_assessments s join years y on y.id = s.appraisal_id where s.trust_id = @trust and y.settled and s.erased_on is null
  union all
  select 'evidence', 'evidence', e.id, y.id, y.person_id, y.cycle_end, y.released_on, y.next_on
  from evidence e join years y on y.id = e.appraisal_id where e.trust_id = @trust and y.settled and e.erased_on is null
  union all
  select 'concern', 'concern', k.id, y.id, k.person_id, y.cycle_end, coalesce(k.closed_on, k.capability_on, k.raised_on), y.next_on
  from concerns k join years y on y.id = k.appraisal_id where k.trust_id = @trust and k.status in ('closed', 'withdrawn', 'capability') and k.erased_on is null
), timed as (
  select r.class, r.kind, r.id, r.appraisal_id, r.person_id, (coalesce(
    case u."from" when 'cycle_end' then r.cycle_end when 'release' then r.released_on when 'leaving' then l.left_on else r.next_on end + make_interval(months => u.months),
    r.cycle_end + make_interval(months => u.else_months)))::date as due_on
  from records r join jsonb_to_recordset(cast(@rules as jsonb)) as u(class text, months int, "from" text, else_months int) on u.class = r.class
  left join leavers l on l.person_id = r.person_id
), due as (
  select t.*, exists (select from legal_holds h where h.trust_id = @trust and h.person_id = t.person_id and h.held) as held
  from timed t where t.due_on <= @as_of
) `

// dueRow is a row of dueSQL.
type dueRow struct {
	Class, Kind  string
	ID, PersonID uuid.UUID
	DueOn        schooltime.Date
	Held         bool
}

// retentionRules are the rules of the trust's policy in the latest year that has begun.
func (d *DB) retentionRules(ctx context.Context) ([]policy.Retention, error) {
	p, err := d.policyOfBreach(ctx, uuid.Nil, nil)
	if err != nil || p == nil {
		return nil, err
	}
	return p.Rules.Privacy.Retention, nil
}

func dueArgs(ctx context.Context, asOf schooltime.Date, rules []policy.Retention) (map[string]any, error) {
	if rules == nil {
		rules = []policy.Retention{}
	}
	raw, err := json.Marshal(rules)
	return map[string]any{"trust": access.From(ctx).TrustID, "as_of": asOf, "rules": string(raw)}, err
}

// Preview implements retention.Store.
func (d *DB) Preview(ctx context.Context, asOf schooltime.Date, class string, r page.Request) (retention.Preview, error) {
	out := retention.Preview{AsOf: asOf}
	rules, err := d.retentionRules(ctx)
	if err != nil {
		return out, err
	}
	if out.Counts, err = d.countDue(ctx, asOf, rules); err != nil {
		return out, err
	}
	after, err := r.After(page.Day, page.ID, page.Text)
	if err != nil {
		return out, err
	}
	args, err := dueArgs(ctx, asOf, rules)
	if err != nil {
		return out, err
	}
	sql := narrowed(dueSQL+"select * from due where true", args, condition{class != "", "class = @class", "class", class})
	if after != nil {
		sql += " and (due_on, id, class) > (cast(@day as date), cast(@id as uuid), @last)"
		args["day"], args["id"], args["last"] = after[0], after[1], after[2]
	}
	args["limit"] = r.Size() + 1
	var rows []dueRow
	if err := d.conn(ctx).Raw(sql+" order by due_on, id, class limit @limit", args).Scan(&rows).Error; err != nil {
		return out, err
	}
	out.Page = page.Cut(r, dueItems(rows, rules), func(i retention.Item) []string { return []string{i.DueOn.String(), i.ID.String(), i.Class} })
	return out, nil
}

// countDue counts what is due of each class that has a rule.
func (d *DB) countDue(ctx context.Context, asOf schooltime.Date, rules []policy.Retention) ([]retention.Count, error) {
	args, err := dueArgs(ctx, asOf, rules)
	if err != nil {
		return nil, err
	}
	var rows []retention.Count
	err = d.conn(ctx).Raw(dueSQL+`select class, count(*) filter (where not held) as erased, count(*) filter (where held) as held,
		encode(sha256(convert_to(coalesce(string_agg(id::text, ',' order by id) filter (where not held), ''), 'UTF8')), 'hex') as sum
		from due group by class`, args).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	var out []retention.Count
	for _, class := range retention.Classes {
		rule := ruleOf(rules, class)
		if rule == nil {
			continue
		}
		n := retention.Count{Class: class}
		if at := slices.IndexFunc(rows, func(c retention.Count) bool { return c.Class == class }); at >= 0 {
			n = rows[at]
		}
		n.Rule = *rule
		out = append(out, n)
	}
	return out, nil
}

func ruleOf(rules []policy.Retention, class string) *policy.Retention {
	if at := slices.IndexFunc(rules, func(r policy.Retention) bool { return r.Class == class }); at >= 0 {
		return &rules[at]
	}
	return nil
}

func dueItems(rows []dueRow, rules []policy.Retention) []retention.Item {
	out := make([]retention.Item, len(rows))
	for i, r := range rows {
		out[i] = retention.Item{Class: r.Class, Kind: r.Kind, ID: r.ID, PersonID: r.PersonID, DueOn: r.DueOn, Held: r.Held, Rule: *ruleOf(rules, r.Class)}
	}
	return out
}

// reached refuses a person whom the caller may not read, as if they were not there, and one whom the
// operation does not reach.
func (d *DB) reached(ctx context.Context, person uuid.UUID) error {
	if _, err := d.Directory().Person(ctx, "GetPerson", person); err != nil {
		return err
	}
	return d.table.Check(access.Operation(ctx), access.From(ctx), access.Record{PersonID: person})
}

// holding keeps legal holds and runs apart from each other until the transaction ends.
func (d *DB) holding(ctx context.Context) error {
	return d.conn(ctx).Exec("select pg_advisory_xact_lock(hashtextextended(?, 16))", access.From(ctx).TrustID.String()).Error
}

// Holds implements retention.Store.
func (d *DB) Holds(ctx context.Context, p page.Request) (page.Page[*retention.Hold], error) {
	none := page.Page[*retention.Hold]{}
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	reach, args := d.reachSQL("ListLegalHolds", access.From(ctx), "h.person_id", "null", "false")
	sql := narrowed("select h.* from legal_holds h where h.trust_id = @trust and h.held and "+reach, args, condition{after != nil, "h.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []*retention.Hold
	if err := d.conn(ctx).Raw(sql+" order by h.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	return page.Cut(p, rows, func(h *retention.Hold) []string { return []string{h.ID.String()} }), nil
}
