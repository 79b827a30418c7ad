package policy

// ConcernRules say what happens when somebody's work gives concern.
type ConcernRules struct {
	RaisedBy         []Party  `json:"raised_by" doc:"who may raise a concern; empty: it is not done here" scope:"T" enum:"reviewer,head,hr"`
	Informal         bool     `json:"informal" doc:"whether an informal stage comes before the formal record" scope:"T"`
	Record           string   `json:"record" doc:"how a meeting about a concern is recorded" scope:"T" enum:"not_stated,written_after_meeting"`
	MustCover        []string `json:"must_cover" doc:"what the record says" scope:"T" enum:"nature,previous_support,right_to_comment,support,review_how_when,consequences"`
	WeeksMin         int      `json:"weeks_min" doc:"the fewest working weeks of monitoring" scope:"T,G" min:"0" max:"52"`
	WeeksMax         int      `json:"weeks_max" doc:"the most working weeks of monitoring, normally" scope:"T,G" min:"0" max:"52"`
	ExtensionWeeks   int      `json:"extension_weeks" doc:"the most working weeks by which it is extended, normally" scope:"T" min:"0" max:"52"`
	ExtensionReasons []string `json:"extension_reasons" doc:"the reasons for an extension" scope:"T" enum:"significant_improvement,significant_absence"`
	ExtraTargets     bool     `json:"extra_targets" doc:"whether targets are set beside the objectives" scope:"T"`
	Direct           bool     `json:"direct" doc:"whether a serious concern goes to capability at once" scope:"T"`
	CapabilityBy     []Party  `json:"capability_by" doc:"who may end monitoring in a capability process" scope:"T" enum:"reviewer,head,hr"`
	Companion        bool     `json:"companion" doc:"whether the person may bring a companion to meetings about it" scope:"T"`
	Capability       string   `json:"capability" doc:"what a capability process does to the appraisal" scope:"T" enum:"not_stated,suspends,ends"`
	Notice           string   `json:"notice" doc:"how the person is told of it" scope:"T" enum:"not_stated,written"`
}

// PrivacyRules say for what others may read a record, and how long it is kept.
type PrivacyRules struct {
	Purposes  []string    `json:"purposes" doc:"for what somebody who is no party may read a record" scope:"T" enum:"quality_assurance,threshold_assessment,poor_performance,pay_decision,partnership_link,trust_reporting"`
	GrantedBy []Party     `json:"granted_by" doc:"who may let somebody who is no party read a record for a purpose" scope:"T" enum:"head,hr"`
	GrantDays int         `json:"grant_days" doc:"the most days for which that may hold" scope:"T" min:"1" max:"366"`
	Breach    bool        `json:"breach" doc:"whether reading without a purpose is a breach that is recorded" scope:"T"`
	Retention []Retention `json:"retention" doc:"how long each class of record is kept; a class without a row is kept until somebody decides" scope:"T"`
}

// Retention is how long a class of records is kept.
type Retention struct {
	Class  string `json:"class" doc:"what is kept" enum:"appraisal,self_assessment,evidence,concern,pay"`
	Months int    `json:"months" doc:"for how many months" min:"1" max:"1200"`
	From   string `json:"from" doc:"from when they count; next_statement is the release of the person's next outcome" enum:"cycle_end,release,leaving,next_statement"`
	Else   int    `json:"else_months,omitempty" doc:"months after the cycle, where that day never comes; absent: it is kept until it does" min:"1" max:"1200"`
}

// The modules that a school may switch on.
const (
	ModuleSelfAssessment = "self_assessment"
	ModuleCheckIns       = "check_ins"
	ModuleMeetings       = "meetings"
	ModuleEvidence       = "evidence"
)

// ModuleRules say which parts are in use, so that a trust may begin with some schools.
type ModuleRules struct {
	On []string `json:"on" doc:"the parts in use, beside objectives and the year end" scope:"T,S" enum:"self_assessment,check_ins,meetings,evidence"`
}

// TermRules are the trust's own words. They come back wherever the API returns a label.
type TermRules struct {
	Process        Term `json:"process" doc:"what the appraisal year is called" scope:"T"`
	Reviewee       Term `json:"reviewee" doc:"whose year it is" scope:"T"`
	Reviewer       Term `json:"reviewer" doc:"who reviews" scope:"T"`
	Head           Term `json:"head" doc:"who leads a school" scope:"T"`
	HR             Term `json:"hr" doc:"who keeps the record" scope:"T"`
	Objective      Term `json:"objective" doc:"what is agreed for the year" scope:"T"`
	SelfAssessment Term `json:"self_assessment" doc:"assessing oneself against standards" scope:"T"`
	CheckIn        Term `json:"check_in" doc:"the short note between meetings" scope:"T"`
	Meeting        Term `json:"meeting" doc:"a meeting of the two" scope:"T"`
	Evidence       Term `json:"evidence" doc:"what shows the work" scope:"T"`
}

// Term is a word in singular and plural, in lower case where the language has it so.
type Term struct {
	One  string `json:"one" doc:"singular"`
	Many string `json:"many" doc:"plural"`
}

// ReviewRules say when the policy itself is looked at again.
type ReviewRules struct {
	Months int `json:"months" doc:"months after its publication at which a version is reviewed; 0: not said" scope:"T" min:"0" max:"120"`
}
