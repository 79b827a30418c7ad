package policy

// handbookPlan is the handbook in the order in which it is read. Sections of the rules that appear
// here tell what no sentence tells as a list.
var handbookPlan = []handbookPart{
	{code: "who", title: "Who this is for", rules: []string{"population"}, first: (*handbookWriter).population, sentences: append(populationSentences, joiningSentences...)},
	{code: "year", title: "The year at a glance", rules: []string{"cycle"}, first: (*handbookWriter).year},
	{code: "reviewers", title: "Who reviews", rules: []string{"reviewers"}, first: (*handbookWriter).appointments, sentences: reviewerSentences},
	{code: "self_assessment", title: "{Self_assessment}", rules: []string{"self_assessment"}, first: (*handbookWriter).selfAssessment, sentences: selfAssessmentSentences},
	{code: "objectives", title: "{Objectives}", rules: []string{"objectives"}, first: (*handbookWriter).slots, sentences: objectiveSentences},
	{code: "check_ins", title: "{Check_ins}", rules: []string{"check_ins"}, first: (*handbookWriter).engagement, sentences: checkInSentences,
		only: func(r *Rules) bool { return r.CheckIns.Form == "" }},
	{code: "meetings", title: "{Meetings}", rules: []string{"meetings"}, first: (*handbookWriter).meetings, sentences: meetingSentences},
	{code: "evidence", title: "{Evidences}", rules: []string{"evidence"}, sentences: evidenceSentences},
	{code: "development", title: "Observation and development", rules: []string{"observation", "cpd"}, sentences: developmentSentences},
	{code: "outcome", title: "The end of the year", first: (*handbookWriter).outcomeChain, sentences: outcomeSentences},
	{code: "rating", title: "The rating", rules: []string{"outcome"}, first: (*handbookWriter).rating, sentences: append(ratingSentences, weighingSentences...)},
	{code: "pay", title: "Pay", rules: []string{"pay"}, first: (*handbookWriter).payChain, sentences: append(paySentences, payAsides...)},
	{code: "appeals", title: "Appeals", rules: []string{"appeals"}, first: (*handbookWriter).appeals},
	{code: "report", title: "The written report", rules: []string{"report"}, sentences: reportSentences},
	{code: "concern", title: "When there is a concern", rules: []string{"concern"}, sentences: concernSentences},
	{code: "privacy", title: "Who may read what, and for how long it is kept", rules: []string{"privacy"}, sentences: privacySentences},
	{code: "forms", title: "What is asked", first: (*handbookWriter).forms},
	{code: "words", title: "Words, and how this is kept up to date", rules: []string{"terms", "modules", "review"}, first: (*handbookWriter).glossary, sentences: keepingSentences},
}

var populationSentences = []sentence{
	{"population.contract_period", map[string]string{"shorten": "A fixed-term contract shortens the year to its own days.", "whole": "A fixed-term contract has the whole year's period."}},
	{"population.shortest_months", map[string]string{"0": "However short the time in the year is, there is a {process}.", "*": "Whoever is there for fewer than {value} whole months has no {process} this year."}},
	{"population.several_posts", map[string]string{"each": "Somebody with several posts has a {process} in each.", "main": "Somebody with several posts has one {process}, in the post with the greatest share of time; it covers the others."}},
	{"population.prior_year_review", map[string]string{"required": "Whoever joins from outside first closes the year before with a review.", "not_required": "Whoever joins from outside starts without a review of the year before."}},
}

var reviewerSentences = []sentence{
	{"reviewers.default", map[string]string{"line_manager": "Otherwise whoever line-manages somebody reviews them.", "appointed": "Otherwise a {reviewer} is named for each person."}},
	{"reviewers.appointed_by", map[string]string{"*": "Another {reviewer} is named by: {value}."}},
	{"reviewers.may_review", map[string]string{"{}": "Anybody may review.", "*": "Only somebody may review of whose own post this is true: {value}."}},
	{"reviewers.panel_signs", map[string]string{"lead": "Of several {reviewers} the first one agrees to {objectives} for all.", "all": "Of several {reviewers} each one agrees to every {objective}."}},
	{"reviewers.on_change", map[string]string{"outgoing_closes_last_year": "When the {reviewer} changes, the outgoing one closes last year's review.", "incoming_takes_over": "When the {reviewer} changes, the incoming one takes over last year's review too."}},
}

var selfAssessmentSentences = []sentence{
	{"self_assessment.requirement", map[string]string{"required_before_objectives": "A {self_assessment} comes before the {objectives}.", "optional": "A {self_assessment} is offered to everybody and asked of nobody.", "off": "There is no {self_assessment}."}},
	{"self_assessment.required", map[string]string{"0": "No number of {self_assessments} is asked for.", "*": "Completed {self_assessments} before the {objectives}: {value}."}},
	{"self_assessment.required_visibility", map[string]string{"any": "It counts whoever may see it.", "organisation": "It counts once the organisation may see it.", "organisation_and_reviewer": "It counts once the {reviewer} may see it."}},
	{"self_assessment.visibility", map[string]string{"*": "A new one is private. Its author may choose: {value}."}},
	{"self_assessment.overview", map[string]string{"required": "A comment on the whole closes it.", "optional": "A comment on the whole may close it.", "none": "No comment on the whole is asked for."}},
	{"self_assessment.all_top_flag", map[string]string{"true": "The {reviewer} is told when every statement has the top rating.", "false": "Nobody is told when every statement has the top rating."}},
	{"self_assessment.reviewer_parallel", map[string]string{"true": "The {reviewer} rates the same statements, and both look at the differences.", "false": "The {reviewer} does not rate the statements."}},
	{"self_assessment.cpd_min", map[string]string{"0": "Development activities need not be proposed with it.", "*": "The fewest development activities proposed with it: {value}."}},
	{"self_assessment.cpd_max", map[string]string{"*": "The most development activities proposed with it: {value}."}},
	{"self_assessment.preparation", map[string]string{"": "There are no questions to prepare by.", "*": "There are questions to prepare by, which their author alone sees ({value})."}},
}

var objectiveSentences = []sentence{
	{"objectives.max", map[string]string{"none": "There may be any number of {objectives}.", "*": "There are at most {value} {objectives}."}},
	{"objectives.counted", map[string]string{"none": "All of them count for the outcome.", "*": "{value} of them count for the outcome."}},
	{"objectives.drafter", map[string]string{"both": "Either of the two writes a first draft.", "hr": "{Hr} drafts {objectives} centrally, for many at once.", "*": "A first draft is written by {value}."}},
	{"objectives.approver", map[string]string{"both": "A {objective} stands when both have agreed to it.", "*": "A {objective} stands when it is approved by {value}."}},
	{"objectives.on_disagreement", map[string]string{"none": "Who approves settles a disagreement alone.", "*": "If the two cannot agree, the final version is determined by {value}."}},
	{"objectives.amender", map[string]string{"creator": "A change is started by whoever wrote the {objective}.", "both": "A change may be started by either of the two.", "*": "A change is started by {value}."}},
	{"objectives.amendments", map[string]string{"any_time": "A {objective} may change at any time in the year.", "with_reason": "A {objective} changes only when circumstances did, with the reason.", "at_meetings": "A {objective} changes only after a {meeting} that allows it."}},
	{"objectives.reapprove", map[string]string{"true": "A change is approved again; until then the {objective} stands as it was.", "false": "A change holds as soon as it is proposed."}},
	{"objectives.amendable_until", map[string]string{"": "Changes end with the first step at the end of the year.", "*": "Changes end with the step “{value}” at the end of the year."}},
	{"objectives.fields", map[string]string{"[]": "It needs no more than its words.", "*": "Before it is proposed it needs: {value}."}},
	{"objectives.criteria_min", map[string]string{"0": "Success criteria may be left out.", "*": "The fewest success criteria: {value}."}},
	{"objectives.actions_min", map[string]string{"0": "Actions may be left out.", "*": "The fewest actions: {value}."}},
	{"objectives.actions_short", map[string]string{"block": "With fewer actions it cannot be proposed.", "warn": "With fewer actions there is a warning."}},
	{"objectives.checklist_no", map[string]string{"block": "With a “no” on its checklist it cannot be proposed.", "warn": "A “no” on its checklist gives a warning."}},
	{"objectives.moderation", map[string]string{"none": "Nobody looks over the {objectives} of a school together.", "sample": "The {head} looks over a sample of {objectives}.", "all": "The {head} looks over all {objectives}."}},
	{"objectives.bank", map[string]string{"true": "There is a bank of {objectives} to start from.", "false": "There is no bank of {objectives}."}},
	{"objectives.axes", map[string]string{"[]": "It is not marked as complete.", "*": "Beside its approval these are kept: {value}."}},
	{"objectives.completer", map[string]string{"*": "It is marked as complete by {value}."}},
	{"objectives.validator", map[string]string{"*": "What is complete is validated at the end of the year by {value}."}},
	{"objectives.target_after_end", map[string]string{"true": "A target date may lie after the year.", "false": "A target date lies within the year."}},
	{"objectives.carry_forward", map[string]string{"true": "What is unfinished may be carried into the next year.", "false": "What is unfinished is not carried into the next year."}},
	{"objectives.what_next", map[string]string{"true": "Whoever completes one early is asked what comes next.", "false": "Completing one early asks for nothing more."}},
	{"objectives.link_discloses", map[string]string{"[]": "A link to a priority lets nobody else read the {objective}.", "*": "A link to a priority of one of these levels lets leaders there read the {objective}: {value}."}},
}

var checkInSentences = []sentence{
	{"check_ins.form", map[string]string{"": "There are no {check_ins}.", "*": "A {check_in} is a short note by the {reviewee} ({value})."}},
	{"check_ins.windows", map[string]string{"none": "Its windows are dates of each year.", "*": "A year has {value} windows for it."}},
	{"check_ins.sections", map[string]string{"all": "Every required part is answered each time.", "alternate": "One group of its parts is answered each time."}},
	{"check_ins.reviewer_acknowledges", map[string]string{"true": "The {reviewer} acknowledges each one.", "false": "The {reviewer} need not acknowledge it."}},
	{"check_ins.reviewer_comments", map[string]string{"0": "The {reviewer} need not comment.", "*": "The fewest comments by the {reviewer} on each one: {value}."}},
	{"check_ins.feed_year_end", map[string]string{"true": "What was said is quoted into the forms at the end of the year.", "false": "What was said is not quoted at the end of the year."}},
}

var meetingSentences = []sentence{
	{"meetings.formal_min", map[string]string{"0": "No number of formal interim reviews is asked for.", "*": "Formal interim reviews before the year can be stated: {value}."}},
	{"meetings.draft_visible", map[string]string{"true": "The {reviewee} reads the record while it is drafted.", "false": "The {reviewee} reads the record once it is shared."}},
	{"meetings.final", map[string]string{"true": "A shared record is final.", "false": "Whoever wrote a shared record may open it again."}},
	{"meetings.time_rule", map[string]string{"none": "When a {meeting} is held is for the two to say.", "directed_time": "A {meeting} is held in directed time.", "directed_time_not_ppa": "A {meeting} is held in directed time, outside planning and preparation time."}},
}

var evidenceSentences = []sentence{
	{"evidence.expectation", map[string]string{"required": "A {objective} is complete only with {evidences}.", "expected": "The work is expected to be shown by {evidences}.", "optional": "The work may be shown by {evidences}.", "discouraged": "Collecting {evidences} is discouraged."}},
	{"evidence.max_mb", map[string]string{"*": "A document has at most {value} megabytes."}},
	{"evidence.max_items", map[string]string{"*": "One record takes at most {value} pieces."}},
}

var outcomeSentences = []sentence{
	{"outcome.decider_may_change", map[string]string{"true": "Whoever decides may change the recommended rating, with a reason.", "false": "Whoever decides does not change the recommended rating."}},
	{"outcome.outcome_visible", map[string]string{"released": "The {reviewee} sees statement and rating when the whole chain is done.", "stated": "The {reviewee} sees statement and rating as soon as they are stated."}},
}

var ratingSentences = []sentence{
	{"outcome.method", map[string]string{"none": "The year ends without an overall rating.", "judgement": "The overall rating is a judgement.", "grid": "The overall rating follows from two judgements by a grid.", "derived": "The overall rating follows from how the {objectives} were judged.", "*": "How the overall rating comes about: {value}."}},
}

var paySentences = []sentence{
	{"pay.link", map[string]string{"none": "Pay does not follow from the outcome.", "matrix": "Pay follows from the outcome by the year's pay table.", "recommendation": "Pay follows from a recommendation.", "automatic": "Everybody progresses unless a step says otherwise.", "*": "How pay follows from the outcome: {value}."}},
	{"pay.top_of_range", map[string]string{"own_column": "People at the top of their range have a column of their own in it.", "none": "The table says nothing of people at the top of their range."}},
}

var keepingSentences = []sentence{
	{"modules.on", map[string]string{"[]": "Beside {objectives} and the end of the year no part is in use.", "*": "In use beside {objectives} and the end of the year: {value}."}},
	{"review.months", map[string]string{"0": "No day is set for looking at this process again.", "*": "This process is looked at again {value} months after it was published."}},
}
