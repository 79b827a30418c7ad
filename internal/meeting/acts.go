package meeting

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

type act = appraisal.Act[*Aggregate]

// Acts are what may be done with a meeting, in the order in which they are shown.
var Acts = []act{rescheduling, naming, saving, completing, responding, reopening, cancelling}

var theTwo = appraisal.Right{Parties: appraisal.Each(policy.Both)}

// Scheduling is the act of scheduling a planned meeting, on the case itself, whichever it is.
var Scheduling = appraisal.Act[*appraisal.Case]{Name: "schedule_meeting", Operation: "ScheduleMeeting",
	By:    func(*appraisal.Case, *appraisal.Case) appraisal.Right { return theTwo },
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal { return append(schedulable(c), left(c)...) }}

// left refuses new meetings where the plan has none, or all of it is there.
func left(c *appraisal.Case) []fault.Refusal {
	plan := &c.Rules().Meetings.Plan
	if len(*plan) == 0 {
		return []fault.Refusal{{Never: true, Code: "no_meeting_planned", Detail: "In this trust no " + c.Terms().Meeting.Many + " are planned.", Policy: c.Policy.Cite(plan)}}
	}
	for _, p := range *plan {
		if len(free(c, p.Code)) == 0 {
			return nil
		}
	}
	return []fault.Refusal{{Code: "meeting_exists", Detail: "Every one of the planned " + c.Terms().Meeting.Many + " is there already.", Policy: c.Policy.Cite(plan),
		Unblock: "Go on with those, or cancel one before its record is shared."}}
}

// schedulable refuses new meetings where meetings are not in use.
func schedulable(c *appraisal.Case) []fault.Refusal {
	return append(c.UnderWay(), c.ModuleOn(policy.ModuleMeetings)...)
}

func underWay(c *appraisal.Case, _ *Aggregate) []fault.Refusal { return c.UnderWay() }

func inState(e Event, unblock string) func(*appraisal.Case, *Aggregate) []fault.Refusal {
	return func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		return appraisal.InStatus(string(a.State), from(e), unblock)
	}
}

// recorder is who answers for the record, by the policy: the reviewer, where somebody else may take
// notes for them.
func recorder(_ *appraisal.Case, a *Aggregate) appraisal.Right {
	return appraisal.Right{Parties: appraisal.Each(recordedBy(a.Plan)), Leaf: &a.Plan.RecordedBy}
}

// writer is the recorder, or whoever was named to take notes.
func writer(c *appraisal.Case, a *Aggregate) appraisal.Right {
	right := recorder(c, a)
	if me := c.Actor.PersonID; a.TakesNotes(me) {
		right.People = []uuid.UUID{me}
	}
	return right
}

// arranger is either of the two, until one of them has begun the record: nobody else then moves or
// drops what they wrote.
func arranger(c *appraisal.Case, a *Aggregate) appraisal.Right {
	if a.State == Drafted {
		return recorder(c, a)
	}
	return theTwo
}

var rescheduling = act{Name: "reschedule", Operation: "SaveMeeting", By: arranger, From: inState(Reschedule, ""), Needs: underWay}

var saving = act{Name: "save", Operation: "SaveMeeting", By: writer, From: inState(Record, ""), Needs: underWay}

var cancelling = act{Name: "cancel", Operation: "CancelMeeting", By: arranger, From: inState(Cancel, ""), Needs: underWay}

var completing = act{Name: "complete", Operation: "CompleteMeeting", By: recorder, From: inState(Share, "Its record is saved first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := c.UnderWay()
		if a.State != Drafted {
			return out
		}
		if !a.drafts() { // and whether it is complete is the drafter's to know
			return append(out, fault.Refusal{Code: "not_your_draft", Detail: "Somebody else has drafted the record.", Unblock: "Save a record of your own."})
		}
		return append(out, unfinished(c, a)...)
	}}

// unfinished lists what keeps a draft from being shared.
func unfinished(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	var out []fault.Refusal
	if a.HeldOn.IsZero() {
		out = append(out, fault.Refusal{Code: "meeting_not_held", Detail: "It is not said when the meeting was held.", Unblock: "Save the day on which it was held."})
	}
	if most := &a.Plan.MaxMinutes; *most > 0 && a.Minutes != nil && *a.Minutes > *most {
		out = append(out, fault.Refusal{Code: "meeting_too_long", Detail: fmt.Sprintf("In this trust this meeting takes at most %d minutes.", *most),
			Policy: c.Policy.Cite(most), Unblock: "Save how long it was, if the minutes are wrong; split what was more."})
	}
	if leaf := &a.Plan.Indicative; *leaf && a.IndicativeRating == nil {
		out = append(out, fault.Refusal{Code: "indication_missing", Detail: "The record of this meeting indicates the outcome of the year.",
			Policy: c.Policy.Cite(leaf), Unblock: "Save an indicative_rating of the trust's scale."})
	}
	if len(a.Missing()) > 0 {
		out = append(out, fault.Refusal{Code: "record_incomplete", Detail: "Not everything is answered that the form asks for.",
			Policy: c.Policy.Cite(&a.Plan.Form), Unblock: "Answer it and save."})
	}
	return out
}

var responding = act{Name: "respond", Operation: "RespondToMeeting",
	By: func(_ *appraisal.Case, a *Aggregate) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewee}, Leaf: &a.Plan.RevieweeAnswers}
	},
	From: inState(Respond, "Its record is shared first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := c.UnderWay()
		if leaf := &a.Plan.RevieweeAnswers; !*leaf {
			out = append(out, fault.Refusal{Never: true, Code: "no_answer_here", Detail: "In this trust the record of this meeting is not answered.", Policy: c.Policy.Cite(leaf)})
		}
		return out
	}}
