package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/policy"
)

// CasesByOffice locks and reads the open appraisals whose seats follow from an office. It looks at
// appraisals only in years whose policy gives a seat to the office at all.
func (d *DB) CasesByOffice(ctx context.Context, code string) ([]*appraisal.Case, error) {
	cycles, err := d.OpenCycles(ctx)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, c := range cycles {
		document, err := d.PolicyVersion(ctx, c.PolicyVersionID)
		if err != nil {
			return nil, err
		}
		rules := &document.Resolve("", "").Rules.Reviewers
		if !slices.ContainsFunc(rules.Appointments, func(a policy.Appointment) bool { return seats(a, code) }) {
			continue
		}
		found, err := d.appointed(ctx, c.ID, rules, code)
		if err != nil {
			return nil, err
		}
		ids = append(ids, found...)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return d.lockedAll(ctx, ids)
}

// seats says whether the appointment gives a seat to whoever holds the office.
func seats(a policy.Appointment, code string) bool {
	return slices.ContainsFunc(append(slices.Clone(a.Seats), a.ObjectivesBy), func(p policy.Party) bool {
		return p == policy.Party("office:"+code) || p == policy.Head && (code == directory.Head || code == directory.CEO)
	})
}

// appointed are the open appraisals of a cycle whose post's appointment gives a seat to the office.
func (d *DB) appointed(ctx context.Context, cycle uuid.UUID, rules *policy.ReviewerRules, code string) ([]uuid.UUID, error) {
	a := access.From(ctx)
	var rows []struct{ ID, PostID uuid.UUID }
	err := d.conn(ctx).Raw("select id, post_id from appraisals where trust_id = ? and cycle_id = ? and status = 'open' order by id", a.TrustID, cycle).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	posts := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		posts[i] = r.PostID
	}
	facts, err := d.PostFacts(ctx, posts, a.Today)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, r := range rows {
		if by := rules.AppointmentFor(facts[r.PostID]); by != nil && seats(*by, code) {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

// lockedAll locks and reads open appraisals by id, in that order.
func (d *DB) lockedAll(ctx context.Context, ids []uuid.UUID) ([]*appraisal.Case, error) {
	var rows []appraisal.Appraisal
	err := d.conn(ctx).Raw("select * from appraisals where trust_id = ? and status = 'open' and id in ? order by id for update", access.From(ctx).TrustID, ids).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	return d.cases(ctx, rows)
}

// Moved counts the open appraisals that the caller reaches whose posts are in another unit by now.
func (d *DB) Moved(ctx context.Context, operation string) (int, error) {
	reach, args := d.reachSQL(operation, access.From(ctx), "a.person_id", "a.unit_id", "false")
	var n int
	err := d.conn(ctx).Raw(`select count(*) from appraisals a join posts p on p.trust_id = a.trust_id and p.id = a.post_id and p.unit_id <> a.unit_id
		where a.trust_id = @trust and a.status = 'open' and a.stage <> 'released' and `+reach, args).Scan(&n).Error
	return n, err
}
