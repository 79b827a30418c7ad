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

// CasesByOffice locks and reads the open appraisals whose seats follow from an office.
func (d *DB) CasesByOffice(ctx context.Context, code string) ([]*appraisal.Case, error) {
	ids, err := d.seatedByOffice(ctx, code)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return d.lockedAll(ctx, ids)
}

// Hold implements appraisal.Store. What a person's leaving or a list of posts changes is many
// appraisals, by one reason after another; whoever completes a step of many takes the same locks.
func (d *DB) Hold(ctx context.Context, people, posts []uuid.UUID) error {
	a := access.From(ctx)
	args := map[string]any{"trust": a.TrustID, "today": a.Today, "people": people, "posts": posts}
	var codes []string
	err := d.conn(ctx).Raw("select distinct code from offices where trust_id = @trust and person_id in @people and (until_on is null or until_on > @today) order by code", args).Scan(&codes).Error
	if err != nil {
		return err
	}
	byOffice := []uuid.UUID{}
	for _, code := range codes {
		ids, err := d.seatedByOffice(ctx, code)
		if err != nil {
			return err
		}
		byOffice = append(byOffice, ids...)
	}
	args["ids"] = byOffice
	return translate(d.conn(ctx).Exec(`select from appraisals a where a.trust_id = @trust and a.status in ('open', 'suspended') and (a.id in @ids or a.post_id in @posts
		or a.post_id in (select o.id from posts o where o.trust_id = @trust and o.person_id in @people)
		or a.post_id in (select m.post_id from line_managers m where m.trust_id = @trust and m.manager_id in @people and (m.until_on is null or m.until_on > @today))
		or a.id in (select s.appraisal_id from seats s where s.trust_id = @trust and s.person_id in @people and (s.until_on is null or s.until_on > @today)))
		order by a.id for no key update`, args).Error)
}

// seatedByOffice are the open appraisals whose seats follow from an office. It looks at appraisals only
// in years whose policy gives a seat to the office at all.
func (d *DB) seatedByOffice(ctx context.Context, code string) ([]uuid.UUID, error) {
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
	return ids, nil
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
	err := d.conn(ctx).Raw("select id, post_id from appraisals where trust_id = ? and cycle_id = ? and status in ('open', 'suspended') order by id", a.TrustID, cycle).Scan(&rows).Error
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
	err := d.conn(ctx).Raw("select * from appraisals where trust_id = ? and status in ('open', 'suspended') and id in ? order by id for no key update", access.From(ctx).TrustID, ids).Scan(&rows).Error
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
