package policy

import (
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// ObjectiveRules say which objectives there are and how they come about.
type ObjectiveRules struct {
	Slots          []Slot          `json:"slots" doc:"the places for objectives; further ones use the slot extra" scope:"T,G"`
	Max            Limit           `json:"max" doc:"the most objectives, or none for no limit" scope:"T,G"`
	Counted        Limit           `json:"counted" doc:"how many count for the outcome, or none for all" scope:"T,G"`
	Drafter        Party           `json:"drafter" doc:"who writes the first draft; hr drafts centrally, for many at once" scope:"T,G" enum:"reviewee,reviewer,both,hr"`
	Approver       Party           `json:"approver" doc:"whose approval makes an objective live" scope:"T,G" enum:"reviewee,reviewer,both,reviewers_reviewer,head"`
	Amender        Party           `json:"amender" doc:"who may start a change to a live objective" scope:"T" enum:"reviewee,reviewer,both,creator"`
	Amendments     string          `json:"amendments" doc:"when a live objective may change: at any time, with a reason that circumstances changed, or after a meeting that allows it" scope:"T" enum:"any_time,with_reason,at_meetings"`
	Reapprove      bool            `json:"reapprove" doc:"whether a change to a live objective is approved again; it stays live until then" scope:"T"`
	OnDisagreement Party           `json:"on_disagreement" doc:"who determines the final version when the two do not agree; none where an approver alone settles it" scope:"T" enum:"reviewer,reviewers_reviewer,head,hr,none"`
	Axes           []string        `json:"axes" doc:"the independent statuses that are kept beside approval" scope:"T,C" enum:"completion,validation"`
	Completer      Party           `json:"completer" doc:"who marks an objective as complete" scope:"T" enum:"reviewee,reviewer,both"`
	Validator      Party           `json:"validator" doc:"who validates a completed objective at year end" scope:"T" enum:"reviewer,head"`
	Fields         []string        `json:"fields" doc:"what an objective must have before it is proposed" scope:"T,G" enum:"success_criteria,actions,target_on,priority,cpd_support,supporting_evidence,milestones,assessment_method"`
	ActionsMin     int             `json:"actions_min" doc:"the fewest actions" scope:"T" min:"0" max:"20"`
	ActionsShort   string          `json:"actions_short" doc:"what fewer actions than that do" scope:"T" enum:"block,warn"`
	CriteriaMin    int             `json:"criteria_min" doc:"the fewest success criteria" scope:"T" min:"0" max:"20"`
	SMART          []form.Option   `json:"smart" doc:"the points that are ticked in slots with the SMART check, each with its prompt" scope:"T"`
	ChecklistNo    string          `json:"checklist_no" doc:"what an answer no on the checklist does" scope:"T" enum:"block,warn"`
	Moderation     string          `json:"moderation" doc:"whether the head looks at objectives for their quality: none, a sample, or all of them" scope:"T,S" enum:"none,sample,all"`
	Bank           bool            `json:"bank" doc:"whether the objective bank is offered" scope:"T,S"`
	Mandated       []Mandate       `json:"mandated" doc:"objectives that some people must have" scope:"T,S"`
	TargetAfterEnd bool            `json:"target_after_end" doc:"whether a target date may lie after the period's end" scope:"T"`
	CarryForward   bool            `json:"carry_forward" doc:"whether an unfinished objective may be carried into the next year" scope:"T"`
	LinkDiscloses  []string        `json:"link_discloses" doc:"levels of priority whose link lets leaders there read the objective, which is confirmed before it is saved" scope:"T,C" enum:"trust,unit,partnership"`
	WhatNext       bool            `json:"what_next" doc:"whether completing an objective early asks what comes next" scope:"T"`
	Due            schooltime.Rule `json:"due" doc:"the day by which objectives are set" scope:"T,G,C"`
	DueJoiner      schooltime.Rule `json:"due_joiner" doc:"the same for somebody who joins after the first day of the period" scope:"T,G,C"`
	AmendableUntil string          `json:"amendable_until" doc:"the step of the outcome chain that ends amendments; empty: its first" scope:"T"`
}

// Slot is a place for an objective. Checklist items and questions are shown while it is written.
type Slot struct {
	Code           string        `json:"code" doc:"stable name"`
	Label          string        `json:"label" doc:"as shown"`
	Required       bool          `json:"required" doc:"whether it must be filled"`
	Link           string        `json:"link,omitempty" doc:"what an objective in it must be linked to: any priority, one of a level, or a statement of a framework" enum:"priority,trust_priority,unit_priority,partnership_priority,statement"`
	SelfAssessment bool          `json:"self_assessment,omitempty" doc:"whether it is drafted only after the required self-assessments"`
	SMART          bool          `json:"smart,omitempty" doc:"whether each point of the SMART check is ticked before it is proposed"`
	Checklist      []form.Option `json:"checklist,omitempty" doc:"statements answered yes or no"`
	Questions      []string      `json:"questions,omitempty" doc:"questions to consider"`
}

// Mandate is an objective that some people must have, in this year or within some.
type Mandate struct {
	Code         string    `json:"code" doc:"stable name"`
	Label        string    `json:"label" doc:"its title, as proposed"`
	Text         string    `json:"text" doc:"what it says, as proposed"`
	When         Condition `json:"when" doc:"whom it concerns"`
	Slot         string    `json:"slot" doc:"the slot that it is drafted in; extra for one beyond the policy's"`
	WithinCycles int       `json:"within_cycles" doc:"in how many cycles it is done at the latest, counted from the one in which it first concerns somebody" min:"1" max:"10"`
}
