// Package dossier puts a year together from its parts: how far it is, what comes next, everything
// that waits for somebody, what was said and shown, and what happened. It only reads; the parts hold
// the rules.
package dossier

import (
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/concern"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Progress is a year in numbers.
type Progress struct {
	ObjectivesRequired, ObjectivesAgreed, ObjectivesProposed int
	CheckInsDue, CheckInsSent, CheckInsLate                  int
	StepsDone, StepsTotal                                    int
}

// ProgressOf counts a case's parts as of its day. A check-in is due once its window has opened.
func ProgressOf(c *appraisal.Case) Progress {
	var p Progress
	p.ObjectivesRequired, p.ObjectivesAgreed = objective.Required(c)
	for _, o := range c.Objectives {
		if !o.Live && o.Approval == string(objective.Proposed) {
			p.ObjectivesProposed++
		}
	}
	for _, w := range c.Windows {
		if !c.Today.Before(w.OpensOn) && !w.OpensOn.Before(c.StartsOn) && !w.ClosesOn.After(c.EndsOn) {
			p.CheckInsDue++
		}
	}
	for _, k := range c.CheckIns {
		if k.State != "draft" {
			p.CheckInsSent++
			if k.Late {
				p.CheckInsLate++
			}
		}
	}
	for _, s := range c.Chain(appraisal.OutcomeChain) {
		p.StepsTotal++
		if s.Settled() {
			p.StepsDone++
		}
	}
	return p
}

// Next is what comes next in a year, whose turn it is, and by when.
type Next struct {
	Action string
	Party  policy.Party
	DueOn  schooltime.Date
	Late   bool
}

// NextOf returns what comes next, or nil when the year is over.
func NextOf(c *appraisal.Case) *Next {
	if c.Status != appraisal.Open {
		return nil
	}
	if c.Stage == appraisal.Setting && unsettled(c) {
		due, late := objective.Late(c)
		action, party := settingTurn(c)
		return &Next{Action: action, Party: party, DueOn: due, Late: late}
	}
	for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
		for _, s := range c.Chain(chain) {
			if s.Rule.Required && !s.Settled() {
				return &Next{Action: s.Name(), Party: s.Rule.Party, DueOn: s.DueOn, Late: s.Late(c.Today)}
			}
		}
	}
	if c.Stage != appraisal.Released { // no step ends this year: closing the cycle does
		due := c.Cycle.Due("backstop")
		return &Next{Action: "close_cycle", Party: policy.HR, DueOn: due, Late: !due.IsZero() && c.Today.After(due)}
	}
	return nil
}

// unsettled says whether objectives that the year needs are still to be agreed. A mandated one may
// be no longer due, after which nothing is.
func unsettled(c *appraisal.Case) bool {
	required, agreed := objective.Required(c)
	return agreed < required
}

// settingTurn says who moves next while objectives are being agreed.
func settingTurn(c *appraisal.Case) (string, policy.Party) {
	rules := c.Rules().Objectives
	has := func(a objective.Approval) bool {
		return slices.ContainsFunc(c.Objectives, func(o appraisal.ObjectiveFact) bool { return o.Approval == string(a) })
	}
	switch {
	case has(objective.Escalated):
		return "determine_objectives", rules.OnDisagreement
	case has(objective.Proposed):
		return "approve_objectives", rules.Approver
	case has(objective.Draft):
		return "propose_objectives", rules.Drafter
	}
	if action, party, waits := assessmentTurn(c); waits {
		return action, party
	}
	return "propose_objectives", rules.Drafter
}

// Actions are what may be done on the appraisal as a whole, from every part.
func Actions(c *appraisal.Case) []fault.Permission {
	return appraisal.Allowed(c, c, []appraisal.Act[*appraisal.Case]{objective.Creating, objective.Carrying, objective.Prioritising,
		checkin.Starting, meeting.Scheduling, concern.RaisingInformally, concern.Raising, appraisal.HandingOver, appraisal.Moving, appraisal.Granting, appraisal.Ending, appraisal.Resuming})
}
