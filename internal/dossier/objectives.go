package dossier

import (
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// objectives are those to draft, to propose, to agree, to determine and to validate. Each is asked of
// the act itself, so that nobody is told of what they may not do.
func (w *waiter) objectives() {
	due, objectives := w.c.Cycle.Due("objectives"), appraisal.Sentence(w.c.Terms().Objective.Many)
	if w.c.Stage == appraisal.Running { // what is drafted or proposed now is beside, or after, what was due then
		due = schooltime.Date{}
	}
	if w.c.Stage == appraisal.Setting || w.c.Stage == appraisal.Running {
		w.drafts(objectives, due)
		w.add("propose_objectives", "ProposeObjective", objectives+" to be proposed.", w.asked(objective.MayWrite), due)
	}
	w.add("approve_objectives", "ApproveObjective", objectives+" to be agreed.", w.asked(objective.MayApprove), due)
	w.add("determine_objectives", "DetermineObjective", objectives+" to be determined.", w.asked(objective.MayDetermine), due)
	w.add("validate_objectives", "ValidateObjective", objectives+" that are complete, to be validated.", w.asked(objective.MayValidate), schooltime.Date{})
}

// drafts are the places that nothing is drafted for, for whoever may draft.
func (w *waiter) drafts(objectives string, due schooltime.Date) {
	if !objective.MayDraft(w.c) {
		return
	}
	slots, mandated := objective.Undrafted(w.c)
	w.add("draft_objectives", "CreateObjective", objectives+" to be drafted.", slots, due)
	w.add("draft_mandated_objectives", "CreateObjective", objectives+" that this year must have, to be drafted.", mandated, due)
}

// asked counts the objectives that an act on them waits with.
func (w *waiter) asked(may func(*appraisal.Case, appraisal.ObjectiveFact) bool) (n int) {
	for _, o := range w.c.Objectives {
		if may(w.c, o) {
			n++
		}
	}
	return n
}
