package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/yearend"
)

var _ yearend.Store = (*DB)(nil)

// Step reads one step, stored or not.
func (d *DB) Step(ctx context.Context, appraisalID uuid.UUID, n yearend.Name) (*yearend.Aggregate, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	a, err := d.step(ctx, c, n)
	if err != nil {
		return nil, err
	}
	return a, d.disclose(ctx, c, "step", appraisalID)
}

func (d *DB) step(ctx context.Context, c *appraisal.Case, n yearend.Name) (*yearend.Aggregate, error) {
	rule, err := c.Step(n.Chain, n.Code)
	if err != nil {
		return nil, err
	}
	steps, err := d.storedSteps(ctx, c, n.Chain)
	if err != nil {
		return nil, err
	}
	a := stepOf(c, rule, steps)
	if a.Ratings, err = d.ratings(ctx, c); err != nil || !pay.ActsOn(rule.Rule) {
		return a, err
	}
	f, err := d.Pay(ctx, c)
	a.Pay = &f
	return a, err
}

// stepOf is a step of a chain with its rule, of which steps are those that are stored.
func stepOf(c *appraisal.Case, rule appraisal.ChainStep, steps []yearend.Step) *yearend.Aggregate {
	a := &yearend.Aggregate{Rule: rule, Case: c}
	a.Step = yearend.Step{AppraisalID: c.ID, Chain: rule.Chain, Code: rule.Rule.Code, N: rule.Rule.Order, Round: c.Round, Party: rule.Rule.Party, Result: yearend.Open,
		Answers: form.Answers{}, Weighed: []string{}, PolicyVersionID: c.Cycle.PolicyVersionID}
	for _, s := range steps {
		if s.Code == rule.Rule.Code {
			a.Step = s
		} else {
			a.Siblings = append(a.Siblings, s)
		}
	}
	return a
}

func (d *DB) storedSteps(ctx context.Context, c *appraisal.Case, chain string) ([]yearend.Step, error) {
	var out []yearend.Step
	err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ? and chain = ?", c.TrustID, c.ID, chain).Order("n, code").Find(&out).Error
	return out, err
}

func (d *DB) ratings(ctx context.Context, c *appraisal.Case) ([]yearend.Rating, error) {
	var out []yearend.Rating
	err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ? and current", c.TrustID, c.ID).Order("at, id").Find(&out).Error
	return out, err
}

// Steps reads the case and the stored steps of an appraisal.
func (d *DB) Steps(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []yearend.Step, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, nil, err
	}
	var out []yearend.Step
	err = d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Find(&out).Error
	return c, out, err
}

// ChangeStep locks the appraisal, holds the step's version, and stores what change made.
func (d *DB) ChangeStep(ctx context.Context, appraisalID uuid.UUID, n yearend.Name, version int, change func(*yearend.Aggregate) ([]audit.Event, error)) (*yearend.Aggregate, error) {
	c, err := d.lockCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	a, err := d.step(ctx, c, n)
	if err != nil {
		return nil, err
	}
	return a, d.changeStep(ctx, a, version, change)
}

// changeStep changes a step whose appraisal is locked: it holds the version and stores what change
// made, what it left pending on the case, and the events.
func (d *DB) changeStep(ctx context.Context, a *yearend.Aggregate, version int, change func(*yearend.Aggregate) ([]audit.Event, error)) error {
	c := a.Case
	if err := d.table.Check(access.Operation(ctx), c.Actor, c.Record()); err != nil {
		return err
	}
	if a.Version != version {
		return staleVersion(a.Version)
	}
	events, err := change(a)
	if err != nil {
		return err
	}
	if err := d.keepStep(ctx, a); err != nil {
		return err
	}
	if err := d.settle(ctx, c); err != nil {
		return err
	}
	for _, e := range events {
		id, kind, v := a.ID, "step", a.Version
		if e.Subject.Kind == "appraisal" {
			id, kind, v = c.ID, "appraisal", c.Version
		}
		if err := d.Record(ctx, d.about(c, e, kind, id, v)); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) keepStep(ctx context.Context, a *yearend.Aggregate) error {
	if err := d.putStep(ctx, &a.Step, a.Case.TrustID); err != nil {
		return err
	}
	for i := range a.Reopened {
		if err := d.putStep(ctx, &a.Reopened[i], a.Case.TrustID); err != nil {
			return err
		}
	}
	r := a.NewRating
	if r == nil {
		return nil
	}
	if err := d.keepRating(ctx, a.Case, r); err != nil {
		return err
	}
	a.Ratings = append(pick(a.Ratings, func(o yearend.Rating) bool { return o.Kind != r.Kind }), *r)
	return nil
}

// keepRating puts a rating in the place of the one of its kind before, which stays.
func (d *DB) keepRating(ctx context.Context, c *appraisal.Case, r *yearend.Rating) error {
	err := d.conn(ctx).Exec("update ratings set current = false where trust_id = ? and appraisal_id = ? and kind = ? and current", c.TrustID, c.ID, r.Kind).Error
	if err != nil {
		return err
	}
	r.TrustID, r.ID = c.TrustID, d.ids()
	return d.conn(ctx).Create(r).Error
}

// putStep inserts a step that was never saved, or saves it with a raised version.
func (d *DB) putStep(ctx context.Context, s *yearend.Step, trust uuid.UUID) error {
	s.Version++
	s.UpdatedAt = d.now()
	if s.Version == 1 {
		s.TrustID, s.ID, s.CreatedAt = trust, d.ids(), d.now()
		return d.conn(ctx).Create(s).Error
	}
	return d.conn(ctx).Select("*").Omit("trust_id", "id", "created_at").Where("trust_id = ? and id = ?", s.TrustID, s.ID).Updates(s).Error
}

// Outcome reads the case, its ratings and the stored steps of the outcome chain.
func (d *DB) Outcome(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []yearend.Rating, []yearend.Step, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := d.disclose(ctx, c, "outcome", appraisalID); err != nil {
		return nil, nil, nil, err
	}
	ratings, err := d.ratings(ctx, c)
	if err != nil {
		return nil, nil, nil, err
	}
	steps, err := d.storedSteps(ctx, c, appraisal.OutcomeChain)
	return c, ratings, steps, err
}

// SentCheckIns reads the answers of the appraisal's check-ins that were sent, oldest first.
func (d *DB) SentCheckIns(ctx context.Context, appraisalID uuid.UUID) ([]form.Sent, error) {
	var out []form.Sent
	err := d.conn(ctx).Table("check_ins").Select("windows.n, check_ins.sent_on, check_ins.answers").
		Joins("join windows on windows.trust_id = check_ins.trust_id and windows.id = check_ins.window_id").
		Where("check_ins.trust_id = ? and check_ins.appraisal_id = ? and check_ins.state <> 'draft'", access.From(ctx).TrustID, appraisalID).
		Order("windows.n").Find(&out).Error
	return out, err
}

// EndOutgoing ends the review seats of people who no longer line-manage the post: what they stayed
// for is done.
func (d *DB) EndOutgoing(ctx context.Context, c *appraisal.Case) error {
	var managers []uuid.UUID
	err := d.conn(ctx).Raw("select manager_id from line_managers where trust_id = ? and post_id = ? and from_on <= ? and (until_on is null or until_on > ?)",
		c.TrustID, c.PostID, c.Today, c.Today).Scan(&managers).Error
	if err != nil || len(managers) == 0 {
		return err
	}
	return d.conn(ctx).Exec(`update seats set until_on = ?, version = version + 1, updated_at = ? where trust_id = ? and appraisal_id = ? and why = 'line_manager'
		and person_id not in ? and (until_on is null or until_on > ?)`, c.Today, d.now(), c.TrustID, c.ID, managers, c.Today).Error
}
