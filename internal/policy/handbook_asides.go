package policy

// The sentences of what is part of the process and decided outside the product so far.

var joiningSentences = []sentence{
	{"population.school_joining", map[string]string{"own_policy": "A school that joins the trust closes its year before under its own policy.", "trust_policy": "A school that joins the trust closes its year before under this policy."}},
	{"population.absence_basis", map[string]string{"evidence_of_the_year": "A year with a long absence is assessed on what there is of it.", "evidence_then_prior_years": "A year with a long absence is assessed on what there is of it, and then on the years before."}},
}

var developmentSentences = []sentence{
	{"observation.types", map[string]string{"[]": "No kind of observation is named.", "*": "Kinds of observation: {value}."}},
	{"observation.observer_qts", map[string]string{"true": "Whoever observes a teacher has qualified teacher status.", "false": "An observer needs no qualified teacher status."}},
	{"observation.feedback", map[string]string{"not_stated": "When feedback follows is for the two to say.", "as_soon_as_practicable": "Feedback follows as soon as practicable."}},
	{"observation.use", map[string]string{"always": "An observation may be used in the {process}.", "agreed_with_reviewee": "An observation is used in the {process} where the {reviewee} agreed to it.", "developmental_only": "An observation is there to develop by, and is not used in the {process}."}},
	{"cpd.portable", map[string]string{"true": "A record of development goes with its person from school to school.", "false": "A record of development stays with the school."}},
	{"cpd.evaluation", map[string]string{"required": "Each activity is evaluated.", "optional": "An activity may be evaluated."}},
	{"cpd.invitations", map[string]string{"true": "Leaders invite staff to activities.", "false": "Nobody is invited to activities by their leaders."}},
}

var weighingSentences = []sentence{
	{"outcome.inputs", map[string]string{"[]": "What the judgement weighs is for whoever judges.", "*": "The judgement weighs: {value}."}},
	{"outcome.objective_judges", map[string]string{"both": "Each {objective} is judged by both together.", "reviewee_then_reviewer": "Each {objective} is judged by the {reviewee} first, and then by the {reviewer}.", "*": "Each {objective} is judged by {value}."}},
	{"outcome.statement_locked", map[string]string{"true": "What is said on a {objective} is final once it is complete.", "false": "What is said on a {objective} may change after it is complete."}},
	{"outcome.objective_percent", map[string]string{"none": "How far one was reached is not said in per cent.", "optional": "How far one was reached may be said in per cent.", "below_top": "How far one was reached is said in per cent wherever it is not judged the highest."}},
	{"outcome.objective_statement", map[string]string{"none": "The {reviewee} writes nothing on each one for it.", "optional": "The {reviewee} may say what each {objective} achieved.", "required": "The {reviewee} says what each {objective} achieved."}},
	{"outcome.derived", map[string]string{"[]": "No table leads from the {objectives} to a rating.", "*": "From the {objectives} to the rating, the first line that holds: {value}."}},
	{"outcome.deferral_by", map[string]string{"[]": "Nobody lets one wait.", "*": "One is let wait by: {value}."}},
	{"outcome.deferral_due", map[string]string{"*": "What waits is judged by: {value}."}},
	{"outcome.deferral", map[string]string{"none": "No outcome waits for anything.", "exam_results": "An outcome may wait for examination results."}},
}

var payAsides = []sentence{
	{"pay.no_progression_needs_capability", map[string]string{"true": "Only somebody in a capability process may be refused progression.", "false": "Progression may be refused without a capability process."}},
	{"pay.exception_by", map[string]string{"none": "Nobody grants more than the rule.", "*": "More than the rule is granted by: {value}."}},
}

var appealSentences = []sentence{
	{"appeals.pay", map[string]string{"[]": "There is no appeal against a decision on pay.", "*": "An appeal against a decision on pay is heard in these stages: {value}."}},
	{"appeals.statement", map[string]string{"[]": "There is no appeal against the statement on the year.", "*": "An appeal against the statement on the year is heard in these stages: {value}."}},
	{"appeals.grounds", map[string]string{"[]": "Its grounds are in the person's own words.", "*": "Its grounds: {value}."}},
	{"appeals.remedies", map[string]string{"[]": "In what an appeal against the statement ends is not settled.", "*": "An appeal against the statement may end so: {value}."}},
	{"appeals.late_by", map[string]string{"none": "A late appeal is not heard.", "*": "A late appeal is admitted, with a reason, by {value}."}},
}

var reportSentences = []sentence{
	{"report.sections", map[string]string{"[]": "The written report is whatever the steps hold.", "*": "The written report has these parts: {value}."}},
	{"report.governors", map[string]string{"[]": "Governors are given no report on all years together.", "*": "A {head}'s annual report to governors holds: {value}. It names nobody."}},
	{"report.small_number", map[string]string{"*": "Where fewer people are counted than {value}, a report withholds the count."}},
}

var concernSentences = []sentence{
	{"concern.raised_by", map[string]string{"[]": "Concerns are not kept here.", "*": "A concern is raised by: {value}."}},
	{"concern.informal", map[string]string{"true": "An informal stage comes before the formal record.", "false": "There is no informal stage."}},
	{"concern.companion", map[string]string{"true": "The person may bring a companion.", "false": "No companion is spoken of."}},
	{"concern.capability_by", map[string]string{"[]": "Nobody ends monitoring in the capability procedure.", "*": "The capability procedure is begun by: {value}."}},
	{"concern.record", map[string]string{"not_stated": "How a concern is recorded is for whoever raises it.", "written_after_meeting": "A concern is talked about in a {meeting}, and then put in writing."}},
	{"concern.must_cover", map[string]string{"[]": "What is put in writing is for whoever raises it.", "*": "It says: {value}."}},
	{"concern.extra_targets", map[string]string{"true": "Further targets may be set for it.", "false": "No further targets are set for it."}},
	{"concern.weeks_min", map[string]string{"*": "Working weeks of monitoring, normally at least: {value}."}},
	{"concern.weeks_max", map[string]string{"*": "Working weeks of monitoring, normally at most: {value}."}},
	{"concern.extension_weeks", map[string]string{"0": "Monitoring is not extended.", "*": "Working weeks by which it may be extended, normally at most: {value}."}},
	{"concern.extension_reasons", map[string]string{"[]": "No reason for an extension is named.", "*": "Reasons for an extension: {value}."}},
	{"concern.direct", map[string]string{"true": "A serious concern may go to the capability procedure at once.", "false": "Monitoring comes before the capability procedure."}},
	{"concern.capability", map[string]string{"not_stated": "What the capability procedure does to the {process} is not settled.", "suspends": "The capability procedure suspends the {process}.", "ends": "The capability procedure ends the {process}."}},
	{"concern.notice", map[string]string{"not_stated": "How the person is told is not settled.", "written": "The person is told in writing."}},
}

var privacySentences = []sentence{
	{"privacy.purposes", map[string]string{"[]": "Nobody but the two, the {head} and {hr} reads a record.", "*": "Others read a record only for: {value}."}},
	{"privacy.granted_by", map[string]string{"[]": "Nobody lets somebody else in.", "*": "Somebody else is let in by: {value}."}},
	{"privacy.grant_days", map[string]string{"*": "That holds for at most so many days: {value}."}},
	{"privacy.breach", map[string]string{"true": "Reading without such a purpose is a breach, and is recorded as one.", "false": "Reading without such a purpose is not recorded as a breach."}},
	{"privacy.retention", map[string]string{"[]": "Records are kept until somebody decides.", "*": "Records are kept: {value}."}},
}

// factPhrases say a fact that is yes or no of somebody: when it is so, and when it is not.
var factPhrases = map[string][2]string{
	"in_induction":    {"in statutory induction", "not in statutory induction"},
	"on_probation":    {"on probation", "not on probation"},
	"is_head":         {"heads a school or the trust", "heads no school"},
	"manages_people":  {"line-manages somebody", "line-manages nobody"},
	"qts":             {"has qualified teacher status", "has no qualified teacher status"},
	"at_top_of_range": {"at the top of their range", "below the top of their range"},
}

// factWords name facts as people do.
var factWords = map[string]string{"role_code": "role", "unit_kind": "place of work", "fte": "share of full time", "contract_months": "months of the contract", "tags": "qualities", "offices": "offices"}

// plainly says a comparison with a fact that is yes or no, and its negation.
func plainly(c Condition, negated bool) (string, bool) {
	phrases, known := factPhrases[c.Fact]
	yes, isBool := c.Value.(bool)
	if !known || !isBool || c.Op != "is" && c.Op != "is_not" {
		return "", false
	}
	if yes == (c.Op == "is") != negated {
		return phrases[0], true
	}
	return phrases[1], true
}
