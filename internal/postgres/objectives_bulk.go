package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/objective"
)

// PopulationCases locks and loads the open appraisals of a population that the caller reaches, in
// order of id. A cycle, unit or person that is not there is refused by its name.
func (d *DB) PopulationCases(ctx context.Context, p objective.Population, limit int) ([]*appraisal.Case, error) {
	if err := d.named(ctx, "cycles", "/cycle_id", p.CycleID); err != nil {
		return nil, err
	}
	if err := d.named(ctx, "units", "/unit_ids", p.UnitIDs...); err != nil {
		return nil, err
	}
	if err := d.named(ctx, "people", "/person_ids", p.PersonIDs...); err != nil {
		return nil, err
	}
	reach, args := d.reachSQL(access.Operation(ctx), access.From(ctx), "a.person_id", "a.unit_id", seatTeam("a.id"))
	args["cycle"], args["limit"] = p.CycleID, limit
	sql := narrowed("select a.* from appraisals a where a.trust_id = @trust and a.cycle_id = @cycle and a.status = 'open' and "+reach, args,
		condition{len(p.UnitIDs) > 0, withinUnitsSQL("a.unit_id"), "roots", p.UnitIDs},
		condition{len(p.StaffGroups) > 0, "a.staff_group in @groups", "groups", p.StaffGroups},
		condition{len(p.PersonIDs) > 0, "a.person_id in @people", "people", p.PersonIDs})
	var rows []appraisal.Appraisal
	if err := d.conn(ctx).Raw(sql+" order by a.id for no key update", args).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	if p.When == nil {
		return d.cases(ctx, rows[:min(len(rows), limit)])
	}
	posts := make([]uuid.UUID, len(rows))
	for i, a := range rows {
		posts[i] = a.PostID
	}
	facts, err := d.PostFacts(ctx, posts, access.From(ctx).Today)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(a appraisal.Appraisal) bool { return !p.When.Holds(facts[a.PostID]) })
	return d.cases(ctx, rows[:min(len(rows), limit)])
}

// withinUnitsSQL holds when the column's unit is one of @roots or below one.
func withinUnitsSQL(column string) string {
	return column + ` in (with recursive below as (select id from units where trust_id = @trust and id in @roots
		union select u.id from units u join below b on u.parent_id = b.id where u.trust_id = @trust) select id from below)`
}

// named refuses ids that a body names in a table of the trust and that are not there.
func (d *DB) named(ctx context.Context, table, pointer string, ids ...uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	var found int
	err := d.conn(ctx).Raw("select count(distinct id) from "+table+" where trust_id = ? and id in ?", access.From(ctx).TrustID, ids).Scan(&found).Error
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	if err == nil && found < len(slices.Compact(ids)) {
		return fault.Body(pointer, "unknown_record", "There is no such record in the trust.")
	}
	return err
}
