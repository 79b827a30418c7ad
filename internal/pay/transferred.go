package pay

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// An appraisal that ended without an outcome has no chain that would decide pay: HR does, once.
var transferring = appraisal.Act[*Subject]{Name: "decide_transferred", Operation: "DecidePayOfTransferred",
	By: func(*appraisal.Case, *Subject) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.HR}}
	},
	From: func(c *appraisal.Case, _ *Subject) []fault.Refusal {
		return appraisal.InStatus(string(c.Status), []string{string(appraisal.Transferred)}, "")
	},
	Needs: func(_ *appraisal.Case, s *Subject) []fault.Refusal {
		if s.Facts.Decision == nil {
			return nil
		}
		return []fault.Refusal{{Code: "pay_decided", Detail: "Pay is decided already."}}
	}}

// Transferable says whether the actor is to decide on the pay of a case on which nobody has.
func Transferable(c *appraisal.Case) bool {
	return len(appraisal.Decide(c, &Subject{Case: c}, transferring)) == 0
}

// DecideTransferred records what is decided on the pay of somebody whose appraisal ended without an
// outcome. What progression brings is given by hand, for nobody was rated.
func (s *Service) DecideTransferred(ctx context.Context, appraisalID uuid.UUID, choice Choice) (*Subject, error) {
	return s.store.ChangePay(ctx, appraisalID, func(p *Subject) (Outcome, error) {
		if err := fault.Check(appraisal.Decide(p.Case, p, transferring)); err != nil {
			return Outcome{}, err
		}
		if choice.Reason == "" {
			return Outcome{}, fault.Body("/reason", "reason_required", "Say why it is decided so.")
		}
		return transferred(p.Case, choice), choice.Check()
	})
}

func transferred(c *appraisal.Case, choice Choice) Outcome {
	o := Outcome{Link: c.Rules().Pay.Link, Progression: choice.Progression, Reason: choice.Reason}
	o.say("transferred", "The year ended without an outcome.", string(c.Status))
	o.say("progression", "What is decided on progression.", choice.Progression)
	if len(choice.Awards) == 0 && choice.Progression == Progress {
		o.say("award", "Nobody was rated: what progression brings is settled outside.", []Award{})
		o.Covered, o.Awards, o.Result = true, []Award{}, Progressed
		return o
	}
	return o.brings("What was given by hand.", choice.Awards)
}
