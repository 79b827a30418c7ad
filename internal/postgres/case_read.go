package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
)

// readableTeam holds when the actor has a seat on the appraisal, or holds the review seat of the
// year after on the same post once the outcome is released: this year starts from last year's report;
// or was let in to read it.
func readableTeam() string {
	return letInTeam("a.id") + ` or (a.stage = 'released' and exists (select from appraisals na join seats ns on ns.trust_id = na.trust_id and ns.appraisal_id = na.id
		and ns.duty = 'review' and ns.person_id = @me and ns.from_on <= @today and (ns.until_on is null or ns.until_on > @today)
		where na.trust_id = a.trust_id and na.post_id = a.post_id and na.starts_on > a.starts_on))`
}

// startingReads are the operations by which whoever reviews the year after reads a released year: its
// report with what was put right beside it, and the objectives that may go on. What lies behind the
// report is not there for them.
var startingReads = []string{"GetAppraisal", "GetAppraisalReport", "GetStartingPoint", "ListCorrections", "GetCorrection", "GetObjective", "CarryForwardObjective"}

// readCase loads the case of one appraisal that the actor may read.
func (d *DB) readCase(ctx context.Context, id uuid.UUID) (*appraisal.Case, error) {
	team := letInTeam("a.id")
	if slices.Contains(startingReads, access.Operation(ctx)) {
		team = readableTeam()
	}
	rows, err := d.readableBy(ctx, "a.id = @id", map[string]any{"id": id}, "GetAppraisal", team)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.Gone()
	}
	cases, err := d.cases(ctx, rows)
	if err != nil {
		return nil, err
	}
	return cases[0], nil
}

// readable reads the appraisals with the ids that the actor reaches by the read operation.
func (d *DB) readable(ctx context.Context, where string, args map[string]any, op string) ([]appraisal.Appraisal, error) {
	return d.readableBy(ctx, where, args, op, readableTeam())
}

// readableBy is readable where team says which appraisals are of the actor's team.
func (d *DB) readableBy(ctx context.Context, where string, args map[string]any, op, team string) ([]appraisal.Appraisal, error) {
	reach, values := d.reachSQL(op, access.From(ctx), "a.person_id", "a.unit_id", team)
	for k, v := range args {
		values[k] = v
	}
	var rows []appraisal.Appraisal
	err := d.conn(ctx).Raw("select a.* from appraisals a where a.trust_id = @trust and "+where+" and "+reach, values).Scan(&rows).Error
	return rows, err
}
