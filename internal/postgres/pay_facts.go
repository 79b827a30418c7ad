package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/pay"
)

// payRows are the rows of a batch of cases from which pay follows.
type payRows struct {
	posts   []payPost
	ratings []struct {
		AppraisalID uuid.UUID
		Kind, Code  string
	}
	table       []payTableRow
	recommended []pay.Recommendation
	decisions   []pay.Decision
}

type payPost struct {
	ID             uuid.UUID
	AtTopOfRange   *bool
	PayRange       *string
	PayPoint       *string
	FteThousandths int
}

type payTableRow struct {
	CycleID    uuid.UUID
	StaffGroup string
	Rating     string
	Awards     []pay.Award `gorm:"serializer:json"`
	TopAwards  []pay.Award `gorm:"serializer:json"`
}

// payFacts reads what the pay calculation needs of a batch of cases, with one query for each kind of
// row. A rating that is recommended stands in where none is decided.
func (d *DB) payFacts(ctx context.Context, cases []*appraisal.Case) (map[uuid.UUID]pay.Payee, error) {
	r, err := d.payRows(ctx, cases)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]pay.Payee{}
	for _, c := range cases {
		p := pay.Payee{Case: c}
		for _, post := range pick(r.posts, func(v payPost) bool { return v.ID == c.PostID }) {
			p.Facts.TopOfRange, p.Range, p.Point, p.FTE = post.AtTopOfRange, textOf(post.PayRange), textOf(post.PayPoint), post.FteThousandths
		}
		out[c.ID] = p
	}
	for _, v := range r.ratings {
		p := out[v.AppraisalID]
		if p.Facts.Likely = v.Code; v.Kind == "decided" {
			p.Facts.Rating = v.Code
		}
		out[v.AppraisalID] = p
	}
	for i, v := range r.recommended {
		p := out[v.AppraisalID]
		p.Facts.Recommended = &r.recommended[i]
		out[v.AppraisalID] = p
	}
	for i, v := range r.decisions {
		p := out[v.AppraisalID]
		if p.Facts.History = append(p.Facts.History, v); v.Current {
			p.Facts.Decision = &r.decisions[i]
		}
		out[v.AppraisalID] = p
	}
	for _, c := range cases {
		p := out[c.ID]
		for _, v := range r.table {
			if v.CycleID == c.CycleID {
				p.Facts.Table = append(p.Facts.Table, pay.Row{Group: v.StaffGroup, Rating: v.Rating, Awards: v.Awards, Top: v.TopAwards})
			}
		}
		out[c.ID] = p
	}
	return out, nil
}

// payRows reads the rows of a batch of cases. Ratings that were decided come last.
func (d *DB) payRows(ctx context.Context, cases []*appraisal.Case) (r payRows, err error) {
	trust := access.From(ctx).TrustID
	var ids, posts, cycles []uuid.UUID
	for _, c := range cases {
		ids, posts, cycles = append(ids, c.ID), append(posts, c.PostID), append(cycles, c.CycleID)
	}
	if err = d.conn(ctx).Raw("select id, at_top_of_range, pay_range, pay_point, fte_thousandths from posts where trust_id = ? and id in ?", trust, posts).Scan(&r.posts).Error; err != nil {
		return r, err
	}
	err = d.conn(ctx).Raw(`select appraisal_id, kind, code from ratings where trust_id = ? and appraisal_id in ? and current and kind in ('recommended', 'decided')
		order by kind = 'decided'`, trust, ids).Scan(&r.ratings).Error
	if err != nil {
		return r, err
	}
	if err = d.conn(ctx).Table("pay_rows").Where("trust_id = ? and cycle_id in ?", trust, cycles).Find(&r.table).Error; err != nil {
		return r, err
	}
	if err = d.conn(ctx).Where("trust_id = ? and appraisal_id in ? and current", trust, ids).Find(&r.recommended).Error; err != nil {
		return r, err
	}
	return r, d.conn(ctx).Where("trust_id = ? and appraisal_id in ?", trust, ids).Order("appraisal_id, n").Find(&r.decisions).Error
}

// toldPay reads the facts of the pay of a case, and when the person was told of each decision.
func (d *DB) toldPay(ctx context.Context, c *appraisal.Case) (pay.Facts, error) {
	f, err := d.Pay(ctx, c)
	if err != nil {
		return f, err
	}
	if err := d.tell(ctx, c, f.History); err != nil {
		return f, err
	}
	for i := range f.History {
		if f.History[i].Current {
			f.Decision = &f.History[i]
		}
	}
	return f, nil
}

// tell notes when the person was told of each decision on the pay of a case. Of an earlier round whose
// steps were erased nothing is left but when it ended.
func (d *DB) tell(ctx context.Context, c *appraisal.Case, history []pay.Decision) error {
	var done []pay.Settled
	if len(history) > 0 && len(c.Rules().Pay.Chain) > 0 {
		err := d.conn(ctx).Raw(`select round, code, done_at, done_on from steps
				where trust_id = @trust and appraisal_id = @id and chain = 'pay' and result <> 'open'
			union all select round, code, coalesce((kept->>'done_at')::timestamptz, created_at), (kept->>'done_on')::date from earlier_steps
				where trust_id = @trust and appraisal_id = @id and chain = 'pay' and done_by is not null`, map[string]any{"trust": c.TrustID, "id": c.ID}).Scan(&done).Error
		if err != nil {
			return err
		}
	}
	pay.Tell(c, history, done)
	return nil
}

// textOf is a text that may be absent.
func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
