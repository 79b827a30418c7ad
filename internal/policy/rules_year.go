package policy

import "github.com/perennial-api/perennial/internal/schooltime"

// SelfAssessmentRules say how people assess themselves against standards.
type SelfAssessmentRules struct {
	Requirement        string          `json:"requirement" doc:"whether it comes before the objectives, is offered, or is off" scope:"T,G" enum:"required_before_objectives,optional,off"`
	Frameworks         []FrameworkRule `json:"frameworks" doc:"who is assessed against what; every rule whose condition holds" scope:"T,S,G"`
	Required           int             `json:"required" doc:"how many self-assessments come before the objectives" scope:"T,G" min:"0" max:"10"`
	Scale              []ScaleValue    `json:"scale" doc:"how a statement is rated, lowest first" scope:"T"`
	AllTopFlag         bool            `json:"all_top_flag" doc:"whether the reviewer is told when every statement has the top rating" scope:"T"`
	Visibility         []string        `json:"visibility" doc:"who may be let in, as the person chooses; a new one is private" scope:"T" enum:"private,organisation,organisation_and_reviewer"`
	RequiredVisibility string          `json:"required_visibility" doc:"what a self-assessment must be before it counts as one that comes before the objectives" scope:"T" enum:"any,organisation,organisation_and_reviewer"`
	Overview           string          `json:"overview" doc:"the comment that closes it" scope:"T" enum:"required,optional,none"`
	CPDMin             int             `json:"cpd_min" doc:"the fewest development activities proposed with it" scope:"T" min:"0" max:"10"`
	CPDMax             int             `json:"cpd_max" doc:"the most development activities proposed with it" scope:"T" min:"0" max:"10"`
	ReviewerParallel   bool            `json:"reviewer_parallel" doc:"whether the reviewer rates the same statements, and the differences are shown" scope:"T"`
	Preparation        string          `json:"preparation" doc:"the code of a form with questions to prepare by, which its author alone sees; empty: none" scope:"T,G"`
}

// FrameworkRule says who is assessed against which frameworks.
type FrameworkRule struct {
	Code       string    `json:"code" doc:"stable name"`
	When       Condition `json:"when" doc:"whom it concerns; empty holds for everybody"`
	Frameworks []string  `json:"frameworks" doc:"codes of frameworks; the newest published version of each is used"`
}

// ScaleValue is one rating of a statement.
type ScaleValue struct {
	Code             string `json:"code" doc:"stable name"`
	Label            string `json:"label" doc:"as shown"`
	ExpectsObjective bool   `json:"expects_objective,omitempty" doc:"whether an objective is expected for a statement so rated"`
}

// EvidenceRules say what evidence is and how much of it is asked for.
type EvidenceRules struct {
	Kinds       []EvidenceKind `json:"kinds" doc:"the kinds of evidence; empty: none is kept" scope:"T"`
	Expectation string         `json:"expectation" doc:"required: an objective is completed only with evidence; expected, optional and discouraged are said, and refuse nothing" scope:"T,G" enum:"required,expected,optional,discouraged"`
	MaxMB       int            `json:"max_mb" doc:"the largest document, in megabytes" scope:"T,S" min:"1" max:"50"`
	MaxItems    int            `json:"max_items" doc:"the most pieces of evidence on one record" scope:"T" min:"1" max:"200"`
}

// EvidenceKind is a kind of evidence, in the trust's own words.
type EvidenceKind struct {
	Code  string `json:"code" doc:"stable name"`
	Label string `json:"label" doc:"as shown"`
	Form  string `json:"form" doc:"what is kept: an uploaded document, an address, or a text" enum:"document,link,note"`
}

// ObservationRules say what observations there are.
type ObservationRules struct {
	Types       []ObservationType `json:"types" doc:"the kinds of observation" scope:"T,S" recorded:"yes"`
	ObserverQTS bool              `json:"observer_qts" doc:"whether whoever observes a teacher has qualified teacher status" scope:"T" recorded:"yes"`
	Feedback    string            `json:"feedback" doc:"when feedback is given" scope:"T" enum:"not_stated,as_soon_as_practicable" recorded:"yes"`
	Use         string            `json:"use" doc:"whether an observation may be used in the appraisal" scope:"T,S" enum:"always,agreed_with_reviewee,developmental_only" recorded:"yes"`
}

// ObservationType is a kind of observation.
type ObservationType struct {
	Code   string `json:"code" doc:"stable name"`
	Label  string `json:"label" doc:"as shown"`
	Graded bool   `json:"graded" doc:"whether it ends in a grade"`
}

// CPDRules say how professional development is recorded.
type CPDRules struct {
	Portable    bool   `json:"portable" doc:"whether the record goes with the person between schools" scope:"T" recorded:"yes"`
	Evaluation  string `json:"evaluation" doc:"whether each activity is evaluated" scope:"T" enum:"required,optional" recorded:"yes"`
	Invitations bool   `json:"invitations" doc:"whether leaders invite staff to activities" scope:"T" recorded:"yes"`
}

// CheckInRules say how check-ins go. Their windows are dates of the cycle.
type CheckInRules struct {
	Form                 string       `json:"form" doc:"the code of the check-in form; empty: no check-ins" scope:"T,G"`
	Windows              Limit        `json:"windows" doc:"how many windows a cycle must have when it opens, or none for any number" scope:"T,C"`
	Sections             string       `json:"sections" doc:"whether every required section is answered each time, or one group of them" scope:"T" enum:"all,alternate"`
	ReviewerAcknowledges bool         `json:"reviewer_acknowledges" doc:"whether the reviewer acknowledges each check-in" scope:"T"`
	ReviewerComments     int          `json:"reviewer_comments" doc:"the fewest comments by the reviewer on each check-in" scope:"T" min:"0" max:"20"`
	FeedYearEnd          bool         `json:"feed_year_end" doc:"whether check-ins are quoted into the year-end forms" scope:"T"`
	Engagement           []Engagement `json:"engagement" doc:"share of check-ins sent in their windows that suggests each engagement, highest first" scope:"T"`
}

// Engagement is one row of the scale by which engagement is suggested.
type Engagement struct {
	Code    string  `json:"code" doc:"a value of the grid's engagement axis"`
	Label   string  `json:"label" doc:"as shown"`
	AtLeast float64 `json:"at_least" doc:"the least share, 0 to 1" min:"0" max:"1"`
}

// MeetingRules are the plan of the year's meetings.
type MeetingRules struct {
	Plan         []MeetingPlan `json:"plan" doc:"the meetings of the year" scope:"T,G,C"`
	FormalMin    int           `json:"formal_min" doc:"how many formal interim reviews are held before the year-end step that states" scope:"T,G" min:"0" max:"20"`
	DraftVisible bool          `json:"draft_visible" doc:"whether the reviewee reads the record while it is drafted" scope:"T,C"`
	Final        bool          `json:"final" doc:"whether a shared record is final; otherwise whoever wrote it may open it again" scope:"T,C"`
	TimeRule     string        `json:"time_rule" doc:"when meetings are held, said as guidance" scope:"T,G" enum:"none,directed_time,directed_time_not_ppa"`
}

// MeetingPlan is one planned meeting. Its record is drafted by one party, seen by nobody else
// until it is shared unless the policy shows drafts, answered by the reviewee, and then frozen.
type MeetingPlan struct {
	Code            string          `json:"code" doc:"stable name"`
	Label           string          `json:"label" doc:"as shown"`
	Kind            string          `json:"kind,omitempty" doc:"what it is for" enum:"setting,monitoring,interim,year_end"`
	Length          string          `json:"length,omitempty" doc:"how long it is" enum:"short,longer"`
	MaxMinutes      int             `json:"max_minutes,omitempty" doc:"the most minutes that it takes; absent: any" min:"0" max:"600"`
	Title           string          `json:"title,omitempty" doc:"how its record is titled: a text in which {meeting}, {cycle} and {group} stand for their labels; absent: the meeting's label"`
	Form            string          `json:"form" doc:"the code of the form of its record"`
	RecordedBy      Party           `json:"recorded_by" doc:"who drafts the record; note_taker: the reviewer, or somebody whom they name for it" enum:"reviewer,reviewee,note_taker"`
	Required        bool            `json:"required" doc:"whether it must take place"`
	Formal          bool            `json:"formal" doc:"whether it counts as a formal interim review"`
	MayAmend        bool            `json:"may_amend" doc:"whether it may start a change of objectives"`
	Indicative      bool            `json:"indicative,omitempty" doc:"whether its record holds an indicative outcome, a value of the outcome's scale"`
	RevieweeAnswers bool            `json:"reviewee_answers" doc:"whether the reviewee may answer the record"`
	Due             schooltime.Rule `json:"due" doc:"the day by which it is held; whoever joins later holds one of the kind setting by objectives.due_joiner"`
}
