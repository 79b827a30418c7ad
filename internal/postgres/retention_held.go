package postgres

import "strings"

// heldKind is one kind of record that is held about @person: the rows t of a table, with what others
// wrote in confidence withheld.
type heldKind struct {
	name, from, why string
	table, where    string
	shown           string // where it does not hold, the columns are withheld; "" holds always
	columns         string
	unsaid, drafts  string // where unsaid holds, the columns drafts are withheld of a row that is shown
}

// withheld stands in the place of what somebody else wrote in confidence.
const withheld = `jsonb_build_object('withheld', true, 'why', 'confidential input of another person')`

// sql reads the rows as JSON.
func (k heldKind) sql() string {
	row := "to_jsonb(t) - 'trust_id'"
	whole := row
	if k.unsaid != "" {
		row = "case when " + k.unsaid + " then (" + whole + ") || " + withholding(k.drafts) + " else " + whole + " end"
	}
	if k.shown != "" {
		row = "case when " + k.shown + " then " + row + " else (" + whole + ") || " + withholding(k.columns) + " end"
	}
	return "select cast(" + row + " as text) from " + k.table + " t where t.trust_id = @trust and " + k.where + " order by 1"
}

// withholding is an object that takes the place of the columns.
func withholding(columns string) string {
	pairs := []string{}
	for _, c := range strings.Fields(columns) {
		pairs = append(pairs, "'"+c+"', "+withheld)
	}
	return "jsonb_build_object(" + strings.Join(pairs, ", ") + ")"
}

// Which rows are the person's, and which of them the person may see.
const (
	ofPerson      = "t.appraisal_id in (select a.id from appraisals a where a.trust_id = @trust and a.person_id = @person)"
	ofTheirPost   = "t.post_id in (select o.id from posts o where o.trust_id = @trust and o.person_id = @person)"
	their         = "t.person_id = @person"
	toldOf        = "(t.by_id = @person or t.id in @known)"
	evidenceShown = "(t.added_by = @person or t.subject_kind <> 'meeting' or exists (select from meetings m where m.trust_id = @trust and m.id = t.subject_id and m.shared_at is not null))"
	nobody        = "false"
)

// eventTold holds for the events t whose codes the person was told: of a judgement, a rating and pay with
// what they are about, of what had waited with the outcome.
var eventTold = `(t.actor_id = @person or case
	when t.type in ('pay.decided', 'pay.recommended') then t.subject_id in @known
	when t.type = 'objective.judged' then exists (select from objective_outcomes x where x.trust_id = t.trust_id and x.objective_id = t.subject_id and x.n = t.subject_version and (x.by_id = @person or x.id in @known))
	when t.type = 'step.done' and cast(t.body as jsonb) #>> '{data,rating}' is not null then exists (select from ratings x where x.trust_id = t.trust_id and x.appraisal_id = t.appraisal_id and x.id in @known
		and x.kind = cast(t.body as jsonb) #>> '{data,kind}' and x.at <= t.at and not exists (select from ratings o where o.trust_id = x.trust_id and o.appraisal_id = x.appraisal_id and o.kind = x.kind and o.at > x.at and o.at <= t.at))
	when t.type = 'deferral.resolved' then ` + whileReleased("t.at") + ` or exists (select from events r where r.trust_id = t.trust_id and r.appraisal_id = t.appraisal_id and r.type = 'appraisal.released' and r.at >= t.at)
	else true end)`

// within finds the rows whose column names a row of another table that belongs to the person.
func within(column, table string) string {
	return "t." + column + " in (select x.id from " + table + " x join appraisals a on a.trust_id = x.trust_id and a.id = x.appraisal_id where x.trust_id = @trust and a.person_id = @person)"
}

const (
	directoryWhy = "to run the trust: who works where, and for whom"
	yearWhy      = "the appraisal year that the trust's policy sets out"
	trailWhy     = "to show who did and who read what"
	fromStaff    = "HR, or staff lists that HR took in"
)

// heldKinds is everything that is held about a person. A test holds it against the database: every
// table that names a person or an appraisal is here.
var heldKinds = []heldKind{
	{name: "profile", from: fromStaff, why: directoryWhy, table: "people", where: "t.id = @person"},
	{name: "outside_ids", from: fromStaff, why: directoryWhy, table: "external_ids", where: "(" + their + " or " + ofTheirPost + ")"},
	{name: "posts", from: fromStaff, why: directoryWhy, table: "posts", where: their},
	{name: "line_managers", from: fromStaff, why: directoryWhy, table: "line_managers", where: "(t.manager_id = @person or " + ofTheirPost + ")"},
	{name: "offices", from: fromStaff, why: directoryWhy, table: "offices", where: their},
	{name: "absences", from: fromStaff, why: "to leave days of absence out of sums; never a reason", table: "absences", where: their},
	{name: "staff_list_changes", from: "staff lists", why: directoryWhy, table: "import_rows", where: their},
	{name: "sessions", from: "sign-in", why: "to keep them signed in, and to end that", table: "sessions", where: their},
	{name: "enrolment", from: "HR", why: yearWhy, table: "enrolment_overrides", where: ofTheirPost},
	{name: "appraisals", from: "enrolment in a cycle", why: yearWhy, table: "appraisals", where: their},
	{name: "suspensions", from: "a capability process", why: yearWhy, table: "suspensions", where: ofPerson},
	{name: "seats", from: "line management, HR, heads", why: "who may read and act", table: "seats", where: "(" + their + " or " + ofPerson + ")"},
	{name: "objectives", from: "the person and their reviewers", why: yearWhy, table: "objectives", where: ofPerson},
	{name: "objective_versions", from: "whoever wrote them", why: yearWhy, table: "objective_revisions", where: within("objective_id", "objectives")},
	{name: "objective_judgements", from: "the person and their reviewers", why: yearWhy, table: "objective_outcomes", where: ofPerson,
		shown: toldOf, columns: "code percent text agrees reason"},
	{name: "objective_samples", from: "heads and HR", why: "to see that objectives are set well", table: "objective_sample_items", where: within("objective_id", "objectives"), shown: nobody, columns: "meets remark"},
	{name: "signatures", from: "the person", why: yearWhy, table: "signatures", where: their},
	{name: "check_ins", from: "the person", why: yearWhy, table: "check_ins", where: ofPerson},
	{name: "praise", from: "the person's readers", why: yearWhy, table: "praises", where: "(" + their + " or t.by_id = @person)"},
	{name: "notes", from: "the person and those who take part in the year", why: yearWhy, table: "notes", where: ofPerson},
	{name: "meetings", from: "whoever records them", why: yearWhy, table: "meetings", where: ofPerson, shown: "(t.shared_at is not null or t.recorder_id = @person)", columns: "answers indicative_rating"},
	{name: "meeting_versions", from: "whoever recorded them", why: yearWhy, table: "meeting_versions", where: within("meeting_id", "meetings")},
	{name: "preparations", from: "the person", why: "their own notes, which nobody else reads", table: "preparations", where: their},
	{name: "self_assessments", from: "the person", why: yearWhy, table: "self_assessments", where: their, shown: "(t.reviewer_ratings = '[]' or t.reviewer_completed_at is not null)", columns: "reviewer_ratings"},
	{name: "evidence", from: "the person and their reviewers", why: yearWhy, table: "evidence", where: ofPerson, shown: evidenceShown, columns: "title url text file_name"},
	{name: "steps", from: "whoever did them", why: yearWhy, table: "steps", where: ofPerson,
		shown:   "t.id in @known",
		columns: "answers draft_rating draft_pay reason weighed returned_reason",
		unsaid:  "t.result in ('declined', 'skipped') and t.drafted_by is distinct from @person", drafts: "answers draft_rating draft_pay weighed"},
	{name: "earlier_steps", from: "whoever did them", why: "what stood before an appeal had the year judged anew", table: "earlier_steps", where: ofPerson, shown: "t.id in @known", columns: "rating kept"},
	{name: "ratings", from: "the person, their reviewers and heads", why: yearWhy, table: "ratings", where: ofPerson,
		shown: toldOf, columns: "code row_value column_value box suggested_row reason derived"},
	{name: "deferrals", from: "heads and HR", why: yearWhy, table: "deferrals", where: ofPerson},
	{name: "corrections", from: "the person, and whoever decided", why: "to put right what is wrong", table: "corrections", where: ofPerson},
	{name: "pay_decisions", from: "whoever decides on pay", why: "what the outcome means for pay", table: "pay_decisions", where: ofPerson,
		shown: "t.id in @known", columns: "result progression awards working reason"},
	{name: "pay_recommendations", from: "whoever recommends on pay", why: "what the outcome means for pay", table: "pay_recommendations", where: ofPerson,
		shown: toldOf, columns: "progression awards reason"},
	{name: "appeals", from: "the person", why: "to hear them", table: "appeals", where: ofPerson},
	{name: "appeal_stages", from: "the person, and whoever heard them", why: "to hear them", table: "appeal_stages", where: within("appeal_id", "appeals")},
	{name: "appeal_amendments", from: "whoever heard the appeal", why: "to hear them", table: "appeal_amendments", where: within("appeal_id", "appeals")},
	{name: "concerns", from: "whoever holds them", why: "to support somebody whose work is a concern", table: "concerns", where: their, shown: "t.shared_at is not null",
		columns: "contents weeks_reason extension_reason targets support closing capability_reason notice"},
	{name: "concern_entries", from: "whoever holds the concern, and the person", why: "to support somebody whose work is a concern", table: "concern_entries", where: within("concern_id", "concerns"),
		shown: "(t.by_id = @person or exists (select from concerns k where k.trust_id = @trust and k.id = t.concern_id and k.shared_at is not null))", columns: "text progress"},
	{name: "disclosures", from: "reading by others", why: trailWhy, table: "disclosures", where: their},
	{name: "access_grants", from: "heads and HR", why: trailWhy, table: "access_grants", where: "(t.reader_id = @person or " + ofPerson + ")"},
	{name: "breaches", from: "whoever reported them", why: "to follow up what was read wrongly", table: "breaches", where: their},
	{name: "legal_holds", from: "HR", why: "to keep what a claim needs", table: "legal_holds", where: their},
	{name: "requests", from: "the person or HR", why: "to answer who asks what is held about them", table: "subject_access_exports", where: their},
	{name: "audit_events", from: "everything that was done to the person's record", why: trailWhy, table: "events", where: their,
		shown: eventTold, columns: "data body"},
}
