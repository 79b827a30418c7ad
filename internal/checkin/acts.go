package checkin

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

type act = appraisal.Act[*Aggregate]

// Acts are what may be done with a check-in, in the order in which they are shown.
var Acts = []act{saving, submitting, responding}

// Starting is the act of starting a check-in, on the case itself: there is a window for it.
var Starting = startingIn(func(c *appraisal.Case) []appraisal.WindowFact { return c.Windows })

// startingIn is the act for some windows of the case.
func startingIn(windows func(*appraisal.Case) []appraisal.WindowFact) appraisal.Act[*appraisal.Case] {
	return appraisal.Act[*appraisal.Case]{Name: "start_check_in", Operation: "StartCheckIn",
		By:    func(*appraisal.Case, *appraisal.Case) appraisal.Right { return theReviewee },
		Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal { return startable(c, windows(c)) }}
}

// startable refuses where none of the windows can be used now. It tells why of the first that has no
// check-in yet, for that is the next one.
func startable(c *appraisal.Case, windows []appraisal.WindowFact) []fault.Refusal {
	out := sendable(c)
	if leaf := &c.Rules().CheckIns.Form; *leaf == "" {
		out = append(out, fault.Refusal{Code: "no_check_ins", Detail: "This trust has no check-ins.", Policy: c.Policy.Cite(leaf)})
	}
	out = append(out, c.ModuleOn(policy.ModuleCheckIns)...)
	var why []fault.Refusal
	for _, w := range windows {
		taken, early := free(c, w.ID), opened(c, w)
		if len(taken)+len(early) == 0 {
			return out
		}
		if why == nil || len(taken) == 0 && why[0].Code == checkInExists {
			why = append(early, taken...)
		}
	}
	return append(out, why...)
}

var theReviewee = appraisal.Right{Parties: []policy.Party{policy.Reviewee}}

// byReviewee is not the policy's to change: a check-in is in the person's own words.
func byReviewee(*appraisal.Case, *Aggregate) appraisal.Right { return theReviewee }

func inState(e Event, unblock string) func(*appraisal.Case, *Aggregate) []fault.Refusal {
	return func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		return appraisal.InStatus(string(a.State), from(e), unblock)
	}
}

// sendable refuses once the year's end has begun. A window that has closed makes a check-in late
// and never too late.
func sendable(c *appraisal.Case) []fault.Refusal {
	out := c.UnderWay()
	if c.Begun() {
		out = append(out, fault.Refusal{Code: "year_end_begun", Detail: "The first step of the year's end is done, so no check-in is sent any more.", Unblock: "The step is returned."})
	}
	return out
}

// opened refuses a window that has not opened yet.
func opened(c *appraisal.Case, w appraisal.WindowFact) []fault.Refusal {
	if !c.Today.Before(w.OpensOn) {
		return nil
	}
	return []fault.Refusal{{Code: "window_not_open", Detail: "The window of this check-in has not opened yet.", Unblock: "It opens on " + w.OpensOn.String() + "."}}
}

const checkInExists = "check_in_exists"

// free refuses a window for which there is a check-in already.
func free(c *appraisal.Case, window uuid.UUID) []fault.Refusal {
	for _, k := range c.CheckIns {
		if k.WindowID == window {
			return []fault.Refusal{{Code: checkInExists, Detail: "There is a check-in for this window already.", Unblock: "Go on with that one, or start the next window's."}}
		}
	}
	return nil
}

var saving = act{Name: "save", Operation: "SaveCheckIn", By: byReviewee, From: inState(Save, ""),
	Needs: func(c *appraisal.Case, _ *Aggregate) []fault.Refusal { return sendable(c) }}

var submitting = act{Name: "submit", Operation: "SubmitCheckIn", By: byReviewee, From: inState(Submit, ""),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := append(sendable(c), opened(c, a.Window)...)
		if len(a.Missing()) > 0 && a.State == Draft {
			out = append(out, fault.Refusal{Code: "check_in_incomplete", Detail: "Not everything is answered that this trust asks for.",
				Policy: c.Policy.Cite(&c.Rules().CheckIns.Sections), Unblock: "Answer it and save."})
		}
		return out
	}}

// The reviewer may acknowledge and comment until the appraisal is over, also after the year's end
// has begun.
var responding = act{Name: "respond", Operation: "RespondToCheckIn",
	By: func(*appraisal.Case, *Aggregate) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewer}}
	},
	From:  inState(Respond, "The reviewee sends it first."),
	Needs: func(c *appraisal.Case, _ *Aggregate) []fault.Refusal { return c.UnderWay() }}
