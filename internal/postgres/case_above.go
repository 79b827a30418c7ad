package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
)

type aboveRows struct{ reviewers, managers []aboveRow }

type aboveRow struct {
	PersonID uuid.UUID // the reviewer
	CycleID  uuid.UUID
	AboveID  uuid.UUID
}

// above reads who reviews and who line-manages the reviewers of a batch.
func (d *DB) above(ctx context.Context, seats []appraisal.Seat, cycles []uuid.UUID) (r aboveRows, err error) {
	a := access.From(ctx)
	var reviewers []uuid.UUID
	for _, s := range seats {
		if s.Duty == appraisal.Review && s.Holds(a.Today) && !slices.Contains(reviewers, s.PersonID) {
			reviewers = append(reviewers, s.PersonID)
		}
	}
	if len(reviewers) == 0 {
		return r, nil
	}
	args := map[string]any{"trust": a.TrustID, "people": reviewers, "cycles": cycles, "today": a.Today}
	err = d.conn(ctx).Raw(`select ap.person_id, ap.cycle_id, s.person_id as above_id from appraisals ap
		join seats s on s.trust_id = ap.trust_id and s.appraisal_id = ap.id and s.duty = 'review' and s.from_on <= @today and (s.until_on is null or s.until_on > @today)
		where ap.trust_id = @trust and ap.person_id in @people and ap.cycle_id in @cycles order by s.from_on, s.id`, args).Scan(&r.reviewers).Error
	if err != nil {
		return r, err
	}
	err = d.conn(ctx).Raw(`select p.person_id, m.manager_id as above_id from posts p
		join line_managers m on m.trust_id = p.trust_id and m.post_id = p.id and m.from_on <= @today and (m.until_on is null or m.until_on > @today)
		where p.trust_id = @trust and p.person_id in @people and (p.until_on is null or p.until_on > @today) order by m.from_on, m.id`, args).Scan(&r.managers).Error
	return r, err
}

func pick[T any](all []T, keep func(T) bool) []T {
	var out []T
	for _, v := range all {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}
