package policy

import (
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Rules is one trust's policy as it holds for one unit and staff group: every leaf has a value,
// the trust's own or a default. Features read its fields and cite them; nothing else reads a policy.
//
// A field without a doc tag is a section; a field with one is a leaf, replaced whole by a layer
// above. scope says who may set it: T the trust, S a school, G a staff group, and C that it is
// frozen while a cycle runs. A leaf that is recorded is part of the trust's process, is shown in
// its handbook, and is acted on by nothing yet.
type Rules struct {
	Cycle          CycleRules           `json:"cycle"`
	Population     PopulationRules      `json:"population"`
	Reviewers      ReviewerRules        `json:"reviewers"`
	SelfAssessment SelfAssessmentRules  `json:"self_assessment"`
	Objectives     ObjectiveRules       `json:"objectives"`
	Evidence       EvidenceRules        `json:"evidence"`
	Observation    ObservationRules     `json:"observation"`
	CPD            CPDRules             `json:"cpd"`
	CheckIns       CheckInRules         `json:"check_ins"`
	Meetings       MeetingRules         `json:"meetings"`
	Outcome        OutcomeRules         `json:"outcome"`
	Pay            PayRules             `json:"pay"`
	Appeals        AppealRules          `json:"appeals"`
	Report         ReportRules          `json:"report"`
	Concern        ConcernRules         `json:"concern"`
	Privacy        PrivacyRules         `json:"privacy"`
	Modules        ModuleRules          `json:"modules"`
	Terms          TermRules            `json:"terms"`
	Review         ReviewRules          `json:"review"`
	Forms          map[string]form.Form `json:"forms" doc:"the forms that steps, check-ins and meetings name, by code" scope:"T,S,G,C"`
}

// CycleRules say when an appraisal period starts and how long it lasts.
type CycleRules struct {
	StartsOn     string          `json:"starts_on" doc:"first day of the appraisal period, MM-DD" scope:"T,S,G,C"`
	LengthMonths int             `json:"length_months" doc:"normal length in months" scope:"T,S,G,C" min:"1" max:"36"`
	Backstop     schooltime.Rule `json:"backstop" doc:"the day by which everything of the cycle is done" scope:"T,C"`
}

// PopulationRules say who belongs to which staff group, and who is in the year.
type PopulationRules struct {
	Groups          []Group     `json:"groups" doc:"staff groups; the first whose condition holds is a post's group" scope:"T,C"`
	Exclusions      []Exclusion `json:"exclusions" doc:"who is out, or in with a remark, and until when" scope:"T,G"`
	ContractPeriod  string      `json:"contract_period" doc:"whether a fixed-term contract shortens the period to its own days" scope:"T,G" enum:"shorten,whole"`
	ShortestMonths  int         `json:"shortest_months" doc:"a period of fewer whole months is not opened" scope:"T,G" min:"0" max:"36"`
	SeveralPosts    string      `json:"several_posts" doc:"whether somebody with several posts has a year in each, or in the one with the greatest share of full time, which covers the others" scope:"T" enum:"each,main"`
	PriorYearReview string      `json:"prior_year_review" doc:"whether somebody who joined from outside closes a year before" scope:"T" enum:"required,not_required"`
	SchoolJoining   string      `json:"school_joining" doc:"under which policy a school that joins the trust closes its year before" scope:"T" enum:"own_policy,trust_policy" recorded:"yes"`
	AbsenceBasis    string      `json:"absence_basis" doc:"on what a year with a long absence is assessed" scope:"T" enum:"evidence_of_the_year,evidence_then_prior_years"`
}

// Group is a staff group: who belongs to it is a condition on facts of the post.
type Group struct {
	Code  string    `json:"code" doc:"stable name"`
	Label string    `json:"label" doc:"as shown"`
	When  Condition `json:"when" doc:"who belongs to it; empty holds for everybody"`
}

// Exclusion is a rule on who is out of the year, or in with a remark. A post leaves the rule on
// the day named by the fact Until.
type Exclusion struct {
	Code       string    `json:"code" doc:"stable name"`
	Label      string    `json:"label" doc:"why, as shown to the person"`
	When       Condition `json:"when" doc:"whom it concerns"`
	Effect     string    `json:"effect" doc:"out of the year, or in with this remark" enum:"exclude,include_with_remark"`
	Until      string    `json:"until" doc:"the fact of the post, a date, on which the rule ends for the person" enum:"induction_ends_on,first_induction_year_ends_on,probation_ends_on,contract_ends_on"`
	MayInclude []Party   `json:"may_include,omitempty" doc:"who may include somebody whom the rule excludes; absent: nobody" enum:"head,hr"`
}

// Party is somebody who acts on an appraisal by what they are to it.
type Party string

// The parties. Office parties are written "office:" and the office's code, as in office:ceo.
const (
	Reviewee          Party = "reviewee"
	Reviewer          Party = "reviewer"
	ReviewersReviewer Party = "reviewers_reviewer"
	Head              Party = "head"
	HR                Party = "hr"
	Both              Party = "both" // reviewee and reviewer, each for themselves
	Nobody            Party = "none" // only where a rule may name nobody
)

// NoteTaker records a meeting in the reviewer's place; only a plan of meetings may name it.
const NoteTaker Party = "note_taker"

// LineManager is a party only where reviewers are appointed: whoever line-manages the post.
const LineManager Party = "line_manager"

// ReviewerRules say who reviews, and what happens when the reviewer changes.
type ReviewerRules struct {
	Default      string        `json:"default" doc:"who reviews somebody for whom nobody was appointed" scope:"T,S,G" enum:"line_manager,appointed"`
	Appointments []Appointment `json:"appointments" doc:"reviewers who follow from an office, such as those of headteachers; the first whose condition holds" scope:"T"`
	AppointedBy  []Party       `json:"appointed_by" doc:"who may name another reviewer" scope:"T,S,G" enum:"head,hr"`
	MayReview    Condition     `json:"may_review" doc:"facts of a reviewer's own post without which nobody is seated; empty: anybody" scope:"T,S,G"`
	PanelSigns   string        `json:"panel_signs" doc:"of several reviewers, whether the lead alone agrees to an objective or every one" scope:"T" enum:"lead,all"`
	OnChange     string        `json:"on_change" doc:"who closes last year's review after a change of reviewer" scope:"T" enum:"outgoing_closes_last_year,incoming_takes_over"`
}

// Appointment gives the review of some posts to the holders of offices. Several make a panel, whose
// lead is the first.
type Appointment struct {
	Code         string    `json:"code" doc:"stable name"`
	Label        string    `json:"label" doc:"as shown"`
	When         Condition `json:"when" doc:"whose year it is"`
	Seats        []Party   `json:"seats" doc:"line_manager, head, or office: and a code; the first leads"`
	ObjectivesBy Party     `json:"objectives_by,omitempty" doc:"who acts on the objectives in the reviewers' place, such as office:ceo; absent: they do"`
}
