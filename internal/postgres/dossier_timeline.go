package postgres

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/dossier"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/pay"
)

// Timeline implements dossier.YearStore.
func (d *DB) Timeline(ctx context.Context, appraisalID uuid.UUID, types []string, p page.Request) (*appraisal.Case, page.Page[dossier.Happening], error) {
	p.Filter = appraisalID
	none := page.Page[dossier.Happening]{}
	after, err := p.After(page.Long, page.Int)
	if err != nil {
		return nil, none, err
	}
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, none, err
	}
	where, args, err := d.knownSQL(ctx, c)
	if err != nil {
		return nil, none, err
	}
	args["appraisal"], args["types"], args["limit"] = c.ID, types, p.Size()+1
	if after != nil {
		where += " and (ev.block_n, ev.i) < (cast(@block as bigint), cast(@i as int))"
		args["block"], args["i"] = after[0], after[1]
	}
	rows, err := d.happenings(ctx, "ev.appraisal_id = @appraisal and ev.type in @types and "+where+" order by ev.block_n desc, ev.i desc limit @limit", args)
	if err != nil {
		return nil, none, err
	}
	cut := page.Cut(p, rows, func(h happening) []string { return []string{strconv.FormatInt(h.block, 10), strconv.Itoa(h.i)} })
	out := page.Page[dossier.Happening]{Next: cut.Next}
	for _, h := range cut.Items {
		out.Items = append(out.Items, h.Happening)
	}
	return c, out, d.disclose(ctx, c, "timeline", appraisalID)
}

// knownSQL holds for the events ev of a case that the caller may know of: those about a part by the
// condition of reading that part, those about pay by who reads what pay came to and from when on, and
// all others as the appraisal is read. What was deleted since is told of to nobody.
func (d *DB) knownSQL(ctx context.Context, c *appraisal.Case) (string, map[string]any, error) {
	checkIns, args := d.checkInsSQL(ctx, "GetCheckIn")
	meetings, more := d.meetingsSQL(ctx, "GetMeeting")
	assessed, rest := d.selfAssessmentsSQL(ctx, "GetSelfAssessment")
	evidence, own := d.evidenceSQL(c)
	for _, m := range []map[string]any{more, rest, own} {
		maps.Copy(args, m)
	}
	args["pay"] = c.Bounds.Covers("GetPayOutcome", c.Actor, c.Record()) && len(pay.Reading(c)) == 0
	untold, err := d.untold(ctx, c)
	if err != nil {
		return "", nil, err
	}
	args["untold"] = untold
	of := func(sql, alias string) string { return "exists (" + sql + " and " + alias + ".id = ev.subject_id)" }
	conditions := map[string]string{
		"check_in": of(checkIns, "k"), "meeting": of(meetings, "m"), "self_assessment": of(assessed, "s"), "evidence": of(evidence, "e"), "pay_decision": "@pay and ev.subject_id not in @untold",
		"objective": "exists (select from objectives o where o.trust_id = ev.trust_id and o.id = ev.subject_id)",
	}
	sql := "(case ev.subject_kind"
	for _, kind := range slices.Sorted(maps.Keys(conditions)) {
		sql += " when '" + kind + "' then " + conditions[kind]
	}
	return sql + " else true end)", args, nil
}

// untold are the decisions on pay that were not released to the caller; never empty, for SQL has no
// empty list.
func (d *DB) untold(ctx context.Context, c *appraisal.Case) ([]uuid.UUID, error) {
	out := []uuid.UUID{uuid.Nil}
	if len(c.Rules().Pay.Chain) == 0 || pay.DecidesOn(c) {
		return out, nil
	}
	var history []pay.Decision
	if err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Order("n").Find(&history).Error; err != nil {
		return nil, err
	}
	if err := d.tell(ctx, c, history); err != nil {
		return nil, err
	}
	for _, h := range history {
		if h.ToldOn.IsZero() {
			out = append(out, h.ID)
		}
	}
	return out, nil
}
