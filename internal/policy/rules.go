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
// frozen while a cycle runs.
type Rules struct {
	Cycle      CycleRules           `json:"cycle"`
	Population PopulationRules      `json:"population"`
	Reviewers  ReviewerRules        `json:"reviewers"`
	Objectives ObjectiveRules       `json:"objectives"`
	CheckIns   CheckInRules         `json:"check_ins"`
	Meetings   MeetingRules         `json:"meetings"`
	Outcome    OutcomeRules         `json:"outcome"`
	Pay        PayRules             `json:"pay"`
	Forms      map[string]form.Form `json:"forms" doc:"the forms that steps, check-ins and meetings name, by code" scope:"T,S,G,C"`
}

// CycleRules say when an appraisal period starts and how long it lasts.
type CycleRules struct {
	StartsOn     string          `json:"starts_on" doc:"first day of the appraisal period, MM-DD" scope:"T,C"`
	LengthMonths int             `json:"length_months" doc:"normal length in months" scope:"T,C" min:"1" max:"36"`
	Backstop     schooltime.Rule `json:"backstop" doc:"the day by which everything of the cycle is done" scope:"T,C"`
}

// PopulationRules say who belongs to which staff group, and who is in the year.
type PopulationRules struct {
	Groups          []Group     `json:"groups" doc:"staff groups; the first whose condition holds is a post's group" scope:"T,C"`
	Exclusions      []Exclusion `json:"exclusions" doc:"who is out, or in with a remark, and until when" scope:"T,G"`
	PriorYearReview string      `json:"prior_year_review" doc:"whether somebody who joined from outside closes a year before" scope:"T" enum:"required,not_required"`
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
	Code   string    `json:"code" doc:"stable name"`
	Label  string    `json:"label" doc:"why, as shown to the person"`
	When   Condition `json:"when" doc:"whom it concerns"`
	Effect string    `json:"effect" doc:"out of the year, or in with this remark" enum:"exclude,include_with_remark"`
	Until  string    `json:"until" doc:"the fact of the post, a date, on which the rule ends for the person" enum:"induction_ends_on,probation_ends_on,contract_ends_on"`
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

// ReviewerRules say who reviews, and what happens when the reviewer changes.
type ReviewerRules struct {
	Default  string `json:"default" doc:"who reviews somebody for whom nobody was appointed" scope:"T,S,G" enum:"line_manager,appointed"`
	OnChange string `json:"on_change" doc:"who closes last year's review after a change of reviewer" scope:"T" enum:"outgoing_closes_last_year,incoming_takes_over"`
}

// ObjectiveRules say which objectives there are and how they come about.
type ObjectiveRules struct {
	Slots          []Slot          `json:"slots" doc:"the places for objectives; further ones use the slot extra" scope:"T,G"`
	Max            Limit           `json:"max" doc:"the most objectives, or none" scope:"T,G"`
	Counted        Limit           `json:"counted" doc:"how many count for the outcome, or none for all" scope:"T,G"`
	Drafter        Party           `json:"drafter" doc:"who writes the first draft" scope:"T,G" enum:"reviewee,reviewer,both"`
	Approver       Party           `json:"approver" doc:"whose approval makes an objective live" scope:"T,G" enum:"reviewee,reviewer,both"`
	Amender        Party           `json:"amender" doc:"who may start a change to a live objective; it stays live until the change is approved" scope:"T" enum:"reviewee,reviewer,both"`
	OnDisagreement Party           `json:"on_disagreement" doc:"who determines the final version when the two do not agree; none where an approver alone settles it" scope:"T" enum:"reviewer,reviewers_reviewer,head,hr,none"`
	Fields         []string        `json:"fields" doc:"what an objective must have before it is proposed" scope:"T,G" enum:"success_criteria,actions,target_on,priority"`
	ActionsMin     int             `json:"actions_min" doc:"the fewest actions" scope:"T" min:"0" max:"20"`
	CriteriaMin    int             `json:"criteria_min" doc:"the fewest success criteria" scope:"T" min:"0" max:"20"`
	ChecklistNo    string          `json:"checklist_no" doc:"what an answer no on the checklist does" scope:"T" enum:"block,warn"`
	Bank           bool            `json:"bank" doc:"whether the objective bank is offered" scope:"T,S"`
	TargetAfterEnd bool            `json:"target_after_end" doc:"whether a target date may lie after the period's end" scope:"T"`
	Completer      Party           `json:"completer" doc:"who marks an objective as complete" scope:"T" enum:"reviewee,reviewer,both"`
	WhatNext       bool            `json:"what_next" doc:"whether completing an objective early asks what comes next" scope:"T"`
	Due            schooltime.Rule `json:"due" doc:"the day by which objectives are set" scope:"T,G,C"`
	AmendableUntil string          `json:"amendable_until" doc:"the step of the outcome chain that ends amendments" scope:"T"`
}

// Slot is a place for an objective. Checklist items and questions are shown while it is written.
type Slot struct {
	Code      string        `json:"code" doc:"stable name"`
	Label     string        `json:"label" doc:"as shown"`
	Required  bool          `json:"required" doc:"whether it must be filled"`
	Link      string        `json:"link,omitempty" doc:"what an objective in it must be linked to" enum:"priority"`
	Checklist []form.Option `json:"checklist,omitempty" doc:"statements answered yes or no"`
	Questions []string      `json:"questions,omitempty" doc:"questions to consider"`
}

// CheckInRules say how check-ins go. Their windows are dates of the cycle.
type CheckInRules struct {
	Form                 string       `json:"form" doc:"the code of the check-in form; empty: no check-ins" scope:"T,G"`
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
	Plan []MeetingPlan `json:"plan" doc:"the meetings of the year" scope:"T,G,C"`
}

// MeetingPlan is one planned meeting. Its record is drafted by one party, seen by nobody else
// until it is shared, answered by the reviewee, and then frozen.
type MeetingPlan struct {
	Code            string          `json:"code" doc:"stable name"`
	Label           string          `json:"label" doc:"as shown"`
	Form            string          `json:"form" doc:"the code of the form of its record"`
	RecordedBy      Party           `json:"recorded_by" doc:"who drafts the record" enum:"reviewer,reviewee"`
	Required        bool            `json:"required" doc:"whether it must take place"`
	Formal          bool            `json:"formal" doc:"whether it counts as a formal interim review"`
	MayAmend        bool            `json:"may_amend" doc:"whether it may start a change of objectives"`
	RevieweeAnswers bool            `json:"reviewee_answers" doc:"whether the reviewee may answer the record"`
	Due             schooltime.Rule `json:"due" doc:"the day by which it is held"`
}

// OutcomeRules say how the year is judged and who decides.
type OutcomeRules struct {
	Scale      []Rating   `json:"scale" doc:"overall ratings, lowest first; empty: no rating" scope:"T,G,C"`
	Method     string     `json:"method" doc:"how the overall rating comes about" scope:"T,G,C" enum:"none,judgement,grid"`
	Grid       Grid       `json:"grid" doc:"the grid of the method grid" scope:"T,C"`
	SelfRating bool       `json:"self_rating" doc:"whether the reviewee proposes a rating" scope:"T,C"`
	MayChange  bool       `json:"decider_may_change" doc:"whether the decider may change the recommended rating, with a reason" scope:"T"`
	Chain      []StepRule `json:"chain" doc:"the steps from reflection to release, in order" scope:"T,G,C"`
	Visible    string     `json:"outcome_visible" doc:"when the reviewee sees statement and rating" scope:"T" enum:"released,stated"`
}

// Rating is one value of a scale.
type Rating struct {
	Code  string `json:"code" doc:"stable name"`
	Label string `json:"label" doc:"as shown"`
}

// Grid turns two judgements into a rating. A cell without a rating is unset: rating through it is
// refused until the trust fills it. Boxes stand beside the grid.
type Grid struct {
	Rows    Axis   `json:"rows" doc:"the first axis"`
	Columns Axis   `json:"columns" doc:"the second axis"`
	Cells   []Cell `json:"cells" doc:"the cells; one that is missing or has no rating is unset"`
	Boxes   []Box  `json:"boxes,omitempty" doc:"ratings beside the grid, such as one for exceptional work"`
}

// Axis is one judgement of a grid.
type Axis struct {
	Code   string   `json:"code" doc:"stable name, such as engagement or impact"`
	Label  string   `json:"label" doc:"as shown"`
	Values []Rating `json:"values" doc:"its values, lowest first"`
}

// Cell is one cell of a grid.
type Cell struct {
	Row    string `json:"row" doc:"a value of the first axis"`
	Column string `json:"column" doc:"a value of the second axis"`
	Number int    `json:"number,omitempty" doc:"the number shown in the cell"`
	Rating string `json:"rating,omitempty" doc:"the rating that follows; absent is unset"`
	Remark string `json:"remark,omitempty" doc:"what is said in the cell beside the rating"`
}

// Box is a rating beside the grid.
type Box struct {
	Code   string `json:"code" doc:"stable name"`
	Label  string `json:"label" doc:"as shown"`
	Number int    `json:"number,omitempty" doc:"the number shown in the box"`
	Rating string `json:"rating,omitempty" doc:"the rating that follows; absent is unset"`
}

// StepRule is one step of a chain: one party, one form, one or several acts. Steps of equal order
// are open together; a step opens when every required step of a lower order is done or skipped.
type StepRule struct {
	Code      string          `json:"code" doc:"stable name, unique in the chain"`
	Label     string          `json:"label" doc:"as shown"`
	Order     int             `json:"order" doc:"place in the chain, from 1; equal ones are open together"`
	Party     Party           `json:"party" doc:"who does it"`
	Acts      []string        `json:"acts" doc:"what doing it means" enum:"reflect,self_rate,state,recommend,decide,approve,comment,sign,recommend_pay,decide_pay"`
	Form      string          `json:"form,omitempty" doc:"the code of the form that it fills"`
	Required  bool            `json:"required" doc:"whether the chain waits for it"`
	NotSameAs []string        `json:"not_same_as,omitempty" doc:"earlier steps whose doer may not do this one"`
	Opens     schooltime.Rule `json:"opens,omitzero" doc:"the first day on which it may be done; absent: as soon as its turn comes"`
	Due       schooltime.Rule `json:"due,omitzero" doc:"its deadline; late is marked, never refused"`
}

// PayRules say how pay follows from the outcome. The pay table is data of the cycle.
type PayRules struct {
	Link       string     `json:"link" doc:"how pay follows from the outcome" scope:"T,G,C" enum:"none,matrix"`
	TopOfRange string     `json:"top_of_range" doc:"what a pay table must say for people at the top of their range" scope:"T" enum:"own_column,none"`
	Chain      []StepRule `json:"chain" doc:"the steps of the pay decision" scope:"T,G,C"`
}
