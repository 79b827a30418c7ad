package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/moderation"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/privacy"
	"github.com/perennial-api/perennial/internal/yearend"
)

var _ moderation.Store = (*DB)(nil)

// ModeratedYears implements moderation.Store.
func (d *DB) ModeratedYears(ctx context.Context, f moderation.Filter, after *uuid.UUID, limit int) ([]moderation.Loaded, error) {
	reach, args := d.reachSQL(access.Operation(ctx), access.From(ctx), "a.person_id", "a.unit_id", "false")
	sql := narrowed(`select a.* from appraisals a where a.trust_id = @trust and a.status in ('open', 'suspended', 'closed')
		and (a.status <> 'closed' or a.stage = 'released') and `+reach, args,
		condition{f.CycleID != nil, "a.cycle_id = @cycle", "cycle", f.CycleID},
		condition{f.UnitID != nil, withinUnitsSQL("a.unit_id"), "roots", []*uuid.UUID{f.UnitID}},
		condition{f.ReviewerID != nil, `exists (select from seats s where s.trust_id = a.trust_id and s.appraisal_id = a.id and s.duty = 'review' and s.person_id = @reviewer
			and s.from_on <= @today and (s.until_on is null or s.until_on > @today))`, "reviewer", f.ReviewerID},
		condition{f.StaffGroup != "", "a.staff_group = @group", "group", f.StaffGroup},
		condition{!f.Total && f.State != "", "(a.stage = 'released') = @released", "released", f.State == moderation.Released},
		condition{after != nil, "a.id > @after", "after", after})
	sql += " order by a.id"
	if limit > 0 {
		sql, args["limit"] = sql+" limit @limit", limit
	}
	var rows []appraisal.Appraisal
	if err := d.conn(ctx).Raw(sql, args).Scan(&rows).Error; err != nil {
		return nil, err
	}
	cases, err := d.cases(ctx, rows)
	if err != nil {
		return nil, err
	}
	made, err := d.madeSoFar(ctx, cases)
	if err != nil {
		return nil, err
	}
	out := make([]moderation.Loaded, len(cases))
	for i, c := range cases {
		out[i].Case = c
		for _, rule := range c.Chain(appraisal.OutcomeChain) {
			out[i].Chain = append(out[i].Chain, made.step(c, rule))
		}
	}
	return out, nil
}

// chainsMade are the stored steps of the outcome chains, and the current ratings, of many appraisals.
type chainsMade struct {
	steps   map[uuid.UUID][]yearend.Step
	ratings map[uuid.UUID][]yearend.Rating
}

func (d *DB) madeSoFar(ctx context.Context, cases []*appraisal.Case) (chainsMade, error) {
	out := chainsMade{map[uuid.UUID][]yearend.Step{}, map[uuid.UUID][]yearend.Rating{}}
	if len(cases) == 0 {
		return out, nil
	}
	ids := make([]uuid.UUID, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	var steps []yearend.Step
	trust := access.From(ctx).TrustID
	err := d.conn(ctx).Where("trust_id = ? and appraisal_id in ? and chain = ?", trust, ids, appraisal.OutcomeChain).Order("n, code").Find(&steps).Error
	if err != nil {
		return out, err
	}
	for _, s := range steps {
		out.steps[s.AppraisalID] = append(out.steps[s.AppraisalID], s)
	}
	var ratings []yearend.Rating
	err = d.conn(ctx).Where("trust_id = ? and appraisal_id in ? and current", trust, ids).Order("at, id").Find(&ratings).Error
	for _, r := range ratings {
		out.ratings[r.AppraisalID] = append(out.ratings[r.AppraisalID], r)
	}
	return out, err
}

func (m chainsMade) step(c *appraisal.Case, rule appraisal.ChainStep) *yearend.Aggregate {
	a := stepOf(c, rule, m.steps[c.ID])
	a.Ratings = m.ratings[c.ID]
	if pay.ActsOn(rule.Rule) && c.Stage != appraisal.Released {
		a.Pay = &pay.Facts{} // what refuses a recommendation on pay does not look at the table
	}
	return a
}

// DiscloseYears implements moderation.Store: as Disclose, with two statements for all of them.
func (d *DB) DiscloseYears(ctx context.Context, cases []*appraisal.Case) error {
	me, now := access.From(ctx), d.now()
	var rows []privacy.Disclosure
	var ids []uuid.UUID
	for _, c := range cases {
		if party, _ := c.Reading(); !party {
			ids = append(ids, c.ID)
			rows = append(rows, privacy.Disclosure{TrustID: c.TrustID, ID: d.ids(), PersonID: c.PersonID, AppraisalID: &c.ID, ReaderID: me.PersonID, Purpose: "moderation",
				Operation: access.Operation(ctx), SubjectKind: "moderation", SubjectID: c.ID, At: now, SchoolOn: me.Today})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	var written []uuid.UUID
	err := d.conn(ctx).Raw(`select subject_id from disclosures where trust_id = ? and reader_id = ? and subject_kind = 'moderation' and purpose = 'moderation'
		and school_on = ? and subject_id in ?`, me.TrustID, me.PersonID, me.Today, ids).Scan(&written).Error
	if err != nil {
		return err
	}
	if rows = pick(rows, func(r privacy.Disclosure) bool { return !slices.Contains(written, r.SubjectID) }); len(rows) == 0 {
		return nil
	}
	return d.conn(ctx).Create(&rows).Error
}

// LockSteps implements moderation.Store.
func (d *DB) LockSteps(ctx context.Context, n yearend.Name, appraisals []uuid.UUID) (map[uuid.UUID]*yearend.Aggregate, error) {
	var locked []uuid.UUID
	err := d.conn(ctx).Raw("select id from appraisals where trust_id = ? and id in ? order by id for no key update", access.From(ctx).TrustID, appraisals).Scan(&locked).Error
	if err != nil {
		return nil, translate(err)
	}
	rows, err := d.readable(ctx, "a.id in @ids", map[string]any{"ids": appraisals}, "GetAppraisal")
	if err != nil {
		return nil, err
	}
	cases, err := d.cases(ctx, rows)
	if err != nil {
		return nil, err
	}
	made, err := d.madeSoFar(ctx, cases)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]*yearend.Aggregate{}
	for _, c := range cases {
		if rule, err := c.Step(n.Chain, n.Code); err == nil { // a chain without the step is answered as not there
			out[c.ID] = made.step(c, rule)
		}
	}
	return out, nil
}

// TryStep implements moderation.Store.
func (d *DB) TryStep(ctx context.Context, a *yearend.Aggregate, version int, change func(context.Context) ([]audit.Event, error)) error {
	return d.Savepoint(ctx, func(ctx context.Context) error {
		return d.changeStep(ctx, a, version, func(*yearend.Aggregate) ([]audit.Event, error) { return change(ctx) })
	})
}

// RatedPeople implements moderation.Store.
func (d *DB) RatedPeople(ctx context.Context, cycle *uuid.UUID, kind yearend.RatingKind) (moderation.Rated, error) {
	var out moderation.Rated
	var cycles []struct{ ID, PolicyVersionID uuid.UUID }
	q := d.conn(ctx).Table("cycles").Where("trust_id = ?", access.From(ctx).TrustID)
	if cycle != nil {
		q = q.Where("id = ?", *cycle)
	} else {
		q = q.Where("status <> 'draft'")
	}
	err := q.Order("starts_on desc, id desc").Limit(1).Find(&cycles).Error
	switch {
	case err != nil || len(cycles) == 0 && cycle == nil:
		return out, err
	case len(cycles) == 0:
		return out, fault.Gone()
	}
	reach, args := d.reachSQL(access.Operation(ctx), access.From(ctx), "a.person_id", "a.unit_id", "false")
	args["cycle"], args["kind"] = cycles[0].ID, kind
	err = d.conn(ctx).Raw(`select a.unit_id, a.staff_group, r.code as rating, (select s.person_id from seats s where s.trust_id = a.trust_id and s.appraisal_id = a.id and s.duty = 'review'
			and s.from_on <= @today and (s.until_on is null or s.until_on > @today) order by s.lead desc, s.from_on, s.id limit 1) as reviewer_id
		from appraisals a join ratings r on r.trust_id = a.trust_id and r.appraisal_id = a.id and r.kind = @kind and r.current
		where a.trust_id = @trust and a.cycle_id = @cycle and `+reach+` order by a.id`, args).Scan(&out.People).Error
	if err != nil {
		return out, err
	}
	document, err := d.PolicyVersion(ctx, cycles[0].PolicyVersionID)
	if err != nil {
		return out, err
	}
	org, err := d.org(ctx)
	if err != nil {
		return out, err
	}
	out.CycleID, out.Rules = &cycles[0].ID, &document.Resolve("", "").Rules
	out.Scale = slices.Clone(out.Rules.Outcome.Scale)
	for _, p := range out.People {
		out.Scale = widened(out.Scale, append(slices.Clone(document.Resolve(org.Layer(p.UnitID).String(), p.StaffGroup).Rules.Outcome.Scale), policy.Rating{Code: p.Rating, Label: p.Rating}))
	}
	return out, nil
}

// widened is a scale with the ratings of another that it lacks, after its own.
func widened(scale, other []policy.Rating) []policy.Rating {
	for _, v := range other {
		if !slices.ContainsFunc(scale, func(have policy.Rating) bool { return have.Code == v.Code }) {
			scale = append(scale, v)
		}
	}
	return scale
}

// Recommendations implements moderation.Store.
func (d *DB) Recommendations(ctx context.Context, cycle *uuid.UUID, p page.Request) (page.Page[moderation.Recommendation], error) {
	p.Filter = cycle
	var none page.Page[moderation.Recommendation]
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	reach, args := d.reachSQL(access.Operation(ctx), access.From(ctx), "a.person_id", "a.unit_id", seatTeam("a.id"))
	sql := narrowed(`select a.* from appraisals a join ratings r on r.trust_id = a.trust_id and r.appraisal_id = a.id and r.kind = 'recommended' and r.current and r.by_id = @me
		where a.trust_id = @trust and a.stage = 'released' and `+reach, args,
		condition{cycle != nil, "a.cycle_id = @cycle", "cycle", cycle},
		condition{after != nil, "a.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []appraisal.Appraisal
	if err := d.conn(ctx).Raw(sql+" order by a.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(a appraisal.Appraisal) []string { return []string{a.ID.String()} })
	cases, err := d.cases(ctx, cut.Items)
	if err != nil {
		return none, err
	}
	made, err := d.madeSoFar(ctx, cases)
	out := page.Page[moderation.Recommendation]{Next: cut.Next}
	for _, c := range cases {
		a := yearend.Aggregate{Ratings: made.ratings[c.ID]}
		out.Items = append(out.Items, moderation.Recommendation{Case: c, Recommended: *a.RatingOf(yearend.Recommended), Decided: a.RatingOf(yearend.Decided)})
	}
	return out, err
}
