package postgres

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/retention"
)

// Erase implements retention.Store. The years are locked before their records are listed again, so
// that nothing changes between the check and the erasing.
func (d *DB) Erase(ctx context.Context, r *retention.Run, check func(now retention.Preview, expected string) error) (*retention.Run, []string, error) {
	if err := d.holding(ctx); err != nil {
		return nil, nil, err
	}
	rules, err := d.retentionRules(ctx)
	if err != nil {
		return nil, nil, err
	}
	args, err := dueArgs(ctx, r.AsOf, rules)
	if err != nil {
		return nil, nil, err
	}
	var locked []uuid.UUID
	err = d.conn(ctx).Raw(dueSQL+"select a.id from appraisals a where a.trust_id = @trust and a.id in (select appraisal_id from due where not held) order by a.id for "+forChange+" of a", args).Scan(&locked).Error
	if err != nil {
		return nil, nil, err
	}
	if r.Counts, err = d.countDue(ctx, r.AsOf, rules); err != nil {
		return nil, nil, err
	}
	if err := check(retention.Preview{AsOf: r.AsOf, Counts: r.Counts}, r.Token); err != nil {
		return nil, nil, err
	}
	var rows []dueRow
	if err := d.conn(ctx).Raw(dueSQL+"select * from due where not held order by class, id", args).Scan(&rows).Error; err != nil {
		return nil, nil, err
	}
	err = create(ctx, d, r, func(r *retention.Run) audit.Event {
		data := map[string]any{"as_of": r.AsOf.String()}
		for _, c := range r.Counts {
			data[c.Class] = c.Erased
		}
		return audit.About("retention_run", r.ID, 1, "done", data)
	})
	if err != nil {
		return nil, nil, err
	}
	keys, err := d.eraseDue(ctx, rows)
	if err != nil {
		return nil, nil, err
	}
	for _, i := range dueItems(rows, rules) {
		if err := d.Record(ctx, r.Event(i)); err != nil {
			return nil, nil, err
		}
	}
	return r, keys, nil
}

// eraseDue erases the records of each class, and the answers that are kept for repeated requests: what
// a record said may stand in any of them. It returns where the documents were.
func (d *DB) eraseDue(ctx context.Context, rows []dueRow) (keys []string, err error) {
	ids := map[string][]string{}
	for _, r := range rows {
		ids[r.Class] = append(ids[r.Class], r.ID.String())
	}
	a := access.From(ctx)
	args := map[string]any{"trust": a.TrustID, "today": a.Today, "now": d.now(), "ids": "{" + strings.Join(ids["evidence"], ",") + "}"}
	err = d.conn(ctx).Raw("select blob_key from evidence where trust_id = @trust and id = any(cast(@ids as uuid[])) and blob_key is not null order by id", args).Scan(&keys).Error
	if err != nil {
		return nil, err
	}
	for _, e := range erasures {
		if len(ids[e.class]) == 0 {
			continue
		}
		args["ids"] = "{" + strings.Join(ids[e.class], ",") + "}"
		where := strings.ReplaceAll(e.where, "@ids", "any(cast(@ids as uuid[]))")
		if err := d.conn(ctx).Exec("update "+e.table+" set "+e.set+" where trust_id = @trust and "+where, args).Error; err != nil {
			return nil, err
		}
	}
	if len(rows) == 0 {
		return keys, nil
	}
	return keys, d.conn(ctx).Exec("delete from idempotency where trust_id = ?", a.TrustID).Error
}

// erasure empties some columns of the rows that belong to the records of a class. @ids are the
// records: appraisals for the classes appraisal and pay, else what the class is called after.
type erasure struct{ class, table, where, set string }

// Where the rows of an appraisal are, and of what hangs on one.
const (
	ofYear      = "appraisal_id = @ids"
	ofObjective = "objective_id in (select o.id from objectives o where o.trust_id = @trust and o.appraisal_id = @ids)"
	ofMeeting   = "meeting_id in (select m.id from meetings m where m.trust_id = @trust and m.appraisal_id = @ids)"
	ofAppeal    = "appeal_id in (select p.id from appeals p where p.trust_id = @trust and p.appraisal_id = @ids and p.against = "
	said        = "answers = '{}', "
)

// erasures are every place where what people wrote is kept. retentionColumns says of each column of
// the database whether it is among them, and a test holds the two together.
var erasures = []erasure{
	{"appraisal", "appraisals", "id = @ids", "ended_reason = null, erased_on = @today, version = version + 1, updated_at = @now"},
	{"appraisal", "enrolment_overrides", "(cycle_id, post_id) in (select a.cycle_id, a.post_id from appraisals a where a.trust_id = @trust and a.id = @ids)", "reason = ''"},
	{"appraisal", "objectives", ofYear, "what_next = null"},
	{"appraisal", "objective_revisions", ofObjective, "title = '', text = '', criteria = '[]', actions = '[]', checklist = '{}', remark = null, cpd_support = '', supporting_evidence = '', assessment_method = '', milestones = '[]', smart = '{}'"},
	{"appraisal", "objective_sample_items", ofObjective, "remark = null"},
	{"appraisal", "objective_outcomes", ofYear, "text = null, reason = null"},
	{"appraisal", "deferrals", ofYear, "reason = null, beyond_reason = null"},
	{"appraisal", "notes", ofYear, "text = ''"},
	{"appraisal", "check_ins", ofYear, "answers = '{}'"},
	{"appraisal", "meetings", ofYear, said + "place = null, answer = null"},
	{"appraisal", "meeting_versions", ofMeeting, said + "answer = null"},
	{"appraisal", "preparations", ofYear, "answers = '{}'"},
	{"appraisal", "steps", ofYear + " and chain = 'outcome'", said + "draft_rating = null, reason = null, returned_reason = null"},
	{"appraisal", "earlier_steps", ofYear + " and chain = 'outcome'", "kept = '{}'"},
	{"appraisal", "ratings", ofYear, "reason = null"},
	{"appraisal", "corrections", ofYear, "text = '', reason = '', corrected = null, decision_reason = null, disagreement = null"},
	{"appraisal", "appeal_stages", ofAppeal + "'statement')", "text = '', late_reason = null, admission_reason = null, reason = null"},
	{"appraisal", "appeal_amendments", ofAppeal + "'statement')", "text = '', reason = '', answer_reason = null"},
	{"appraisal", "access_grants", ofYear, "note = null"},
	{"appraisal", "breaches", ofYear + " and status = 'closed'", "what_happened = '', assessment = null, measures = null"},
	{"pay", "appraisals", "id = @ids", "pay_erased_on = @today, version = version + 1, updated_at = @now"},
	{"pay", "pay_decisions", ofYear, "awards = '[]', working = '[]', reason = null"},
	{"pay", "pay_recommendations", ofYear, "awards = '[]', reason = null"},
	{"pay", "steps", ofYear, "draft_pay = null"},
	{"pay", "steps", ofYear + " and chain = 'pay'", said + "draft_rating = null, reason = null, returned_reason = null"},
	{"pay", "earlier_steps", ofYear + " and chain = 'pay'", "kept = '{}'"},
	{"pay", "appeal_stages", ofAppeal + "'pay')", "text = '', late_reason = null, admission_reason = null, reason = null"},
	{"pay", "appeal_amendments", ofAppeal + "'pay')", "text = '', reason = '', answer_reason = null"},
	{"self_assessment", "self_assessments", "id = @ids", "ratings = '[]', overview = null, cpd = '[]', reviewer_ratings = '[]', erased_on = @today, version = version + 1, updated_at = @now"},
	{"evidence", "evidence", "id = @ids", "title = '', url = null, text = null, file_name = null, media_type = null, bytes = null, sha256 = null, blob_key = null, removed_at = coalesce(removed_at, @now), erased_on = @today, version = version + 1, updated_at = @now"},
	{"concern", "concerns", "id = @ids", "contents = '{}', weeks_reason = null, extension_reason = null, targets = '[]', support = null, closing = null, capability_reason = null, notice = null, erased_on = @today, version = version + 1, updated_at = @now"},
	{"concern", "concern_entries", "concern_id = @ids", "text = ''"},
}
