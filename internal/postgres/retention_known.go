package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/yearend"
)

// knownTo are the ids of what others said at the end of a person's years that the person may read
// today, by the rules that show it wherever it is read; never empty, for SQL has no empty list. Whoever
// asked, it is what the person would be shown.
func (d *DB) knownTo(ctx context.Context, person uuid.UUID) ([]uuid.UUID, error) {
	me := access.From(ctx)
	ctx = access.With(ctx, &access.Actor{TrustID: me.TrustID, PersonID: person, Active: true, Now: me.Now, Today: me.Today})
	var rows []appraisal.Appraisal
	if err := d.conn(ctx).Where("trust_id = ? and person_id = ?", me.TrustID, person).Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	cases, err := d.cases(ctx, rows)
	known := []uuid.UUID{uuid.Nil}
	for _, c := range cases {
		for _, of := range []func(context.Context, *appraisal.Case) ([]uuid.UUID, error){d.knownSteps, d.knownJudgements, d.knownPay} {
			ids, err := of(ctx, c)
			if err != nil {
				return nil, err
			}
			known = append(known, ids...)
		}
	}
	if err != nil {
		return nil, err
	}
	var stood []uuid.UUID
	err = d.conn(ctx).Raw(stoodSQL, map[string]any{"trust": me.TrustID, "person": person, "known": known}).Scan(&stood).Error
	return append(known, stood...), err
}

// knownSteps are the steps of a case that its reader sees, of this round and of earlier ones, and the
// ratings that count.
func (d *DB) knownSteps(ctx context.Context, c *appraisal.Case) (ids []uuid.UUID, err error) {
	ratings, err := d.ratings(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, r := range yearend.VisibleRatings(c, ratings) {
		ids = append(ids, r.ID)
	}
	for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
		steps, err := d.storedSteps(ctx, c, chain)
		if err != nil {
			return nil, err
		}
		for _, rule := range c.Chain(chain) {
			if a := stepOf(c, rule, steps); a.ID != uuid.Nil && a.Visible() {
				ids = append(ids, a.ID)
			}
		}
	}
	y := &appeal.Earlier{Case: c}
	if err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Order("id").Find(&y.Steps).Error; err != nil {
		return nil, err
	}
	for _, e := range y.Steps {
		if y.Shown(e) {
			ids = append(ids, e.ID)
		}
	}
	return ids, nil
}

// knownJudgements are the judgements of a case that count and that its reader sees.
func (d *DB) knownJudgements(ctx context.Context, c *appraisal.Case) (ids []uuid.UUID, err error) {
	judged, err := d.judged(ctx, c)
	for _, j := range judged {
		for _, v := range j.Judgements {
			if j.Visible(v) {
				ids = append(ids, v.ID)
			}
		}
	}
	return ids, err
}

// knownPay is what was decided and recommended on the pay of a case, as far as its reader was told.
func (d *DB) knownPay(ctx context.Context, c *appraisal.Case) (ids []uuid.UUID, err error) {
	f, err := d.toldPay(ctx, c)
	if err != nil {
		return nil, err
	}
	f = f.As(c)
	for _, h := range f.History {
		ids = append(ids, h.ID)
	}
	if r := f.Recommended; r != nil && (yearend.OutcomeVisible(c) == nil || r.ByID == c.Actor.PersonID) {
		ids = append(ids, r.ID)
	}
	return ids, nil
}

// stoodSQL finds what counts no more and yet was told: it stood when the outcome was released, or was
// made while it was. Whatever was replaced before that was never more than a draft. What was
// recommended in the pay chain was told with a decision on it.
var stoodSQL = `select t.id from ratings t where ` + ofTheirs + ` and ` + stood("t.at", "ratings", "o.kind = t.kind and o.at", "o.at") + `
	union all select t.id from objective_outcomes t where ` + ofTheirs + ` and ` + stood("t.created_at", "objective_outcomes", "o.objective_id = t.objective_id and o.party = t.party and o.created_at", "o.created_at") + `
	union all select t.id from pay_recommendations t where ` + ofTheirs + ` and t.step like 'outcome.%' and ` + stood("t.at", "pay_recommendations", "o.at", "o.at") + `
	union all select t.id from pay_recommendations t where ` + ofTheirs + ` and exists (select from pay_decisions p where p.trust_id = t.trust_id and p.appraisal_id = t.appraisal_id
		and p.id in @known and p.kind = 'decision' and p.decided_at >= t.at and not exists (select from pay_recommendations o
			where o.trust_id = t.trust_id and o.appraisal_id = t.appraisal_id and o.at > t.at and o.at <= p.decided_at))`

const ofTheirs = "t.trust_id = @trust and " + ofPerson

// stood holds for a row t, made at a time, that stood at a release or was made after one that still
// held. A later row of the table takes its place.
func stood(at, table, later, laterAt string) string {
	return `(` + whileReleased(at) + ` or exists (select from events r where r.trust_id = t.trust_id and r.appraisal_id = t.appraisal_id and r.type = 'appraisal.released' and r.at >= ` + at + `
		and not exists (select from ` + table + ` o where o.trust_id = t.trust_id and o.appraisal_id = t.appraisal_id and ` + later + ` > ` + at + ` and ` + laterAt + ` <= r.at)))`
}

// whileReleased holds for what was made at a time at which the outcome was released.
func whileReleased(at string) string {
	return `exists (select from events r where r.trust_id = t.trust_id and r.appraisal_id = t.appraisal_id and r.type = 'appraisal.released' and r.at < ` + at + `
		and not exists (select from events b where b.trust_id = t.trust_id and b.appraisal_id = t.appraisal_id and b.type = 'appraisal.round_begun' and b.at > r.at and b.at <= ` + at + `))`
}
