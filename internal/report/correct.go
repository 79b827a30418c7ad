package report

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Correction is what somebody holds to be wrong in a released outcome, and what was decided on it.
// It stands beside the outcome, which never changes.
type Correction struct {
	record.Row
	AppraisalID    uuid.UUID
	Part           string // a step such as outcome.state, rating, objective or pay
	Section        *string
	ObjectiveID    *uuid.UUID
	Status         Status
	Text           string // what should stand there
	Reason         string
	RequestedBy    uuid.UUID
	RequestedOn    schooltime.Date
	Corrected      *string // what stands beside the outcome
	DecisionReason *string
	DecidedBy      *uuid.UUID
	DecidedOn      schooltime.Date
	Disagreement   *string
	DisagreedOn    schooltime.Date
}

// TableName names the table.
func (Correction) TableName() string { return "corrections" }

// Status is how far a correction is.
type Status string

// The statuses of a correction.
const (
	Requested Status = "requested"
	Accepted  Status = "accepted"
	Refused   Status = "refused"
	Disputed  Status = "disputed" // the person has put their disagreement beside the refusal
)

// Event is what moves a correction.
type Event string

// The events of a correction.
const (
	Accept   Event = "accept"
	Refuse   Event = "refuse"
	Disagree Event = "disagree"
)

// Lifecycle is how a correction moves. What was decided on it stays decided.
var Lifecycle = lifecycle.Table[Status, Event]{
	Requested: {Accept: Accepted, Refuse: Refused},
	Refused:   {Disagree: Disputed},
}

// Matter is a correction with the case that it is about.
type Matter struct {
	Correction
	Case *appraisal.Case
}

type act = appraisal.Act[*Matter]

// Acts are what may be done with a correction.
var Acts = []act{accepting, refusing, disagreeing}

// Requesting is the act of asking for a correction, on the case itself: by the person, who has a
// right to it, by who wrote what is wrong, or by HR. It outlives the year.
var Requesting = appraisal.Act[*appraisal.Case]{Name: "request_correction", Operation: "RequestCorrection",
	By: func(*appraisal.Case, *appraisal.Case) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewee, policy.Reviewer, policy.Head, policy.HR}}
	},
	From: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal {
		if c.Stage == appraisal.Released {
			return nil
		}
		return []fault.Refusal{{Code: "outcome_not_released", Detail: "What is not released yet is changed, not corrected.", Unblock: "The outcome chain is completed."}}
	}}

func byHR(*appraisal.Case, *Matter) appraisal.Right {
	return appraisal.Right{Parties: []policy.Party{policy.HR}}
}

func inStatus(e Event) func(*appraisal.Case, *Matter) []fault.Refusal {
	var from []string
	for s, moves := range Lifecycle {
		if _, ok := moves[e]; ok {
			from = append(from, string(s))
		}
	}
	return func(_ *appraisal.Case, m *Matter) []fault.Refusal {
		return appraisal.InStatus(string(m.Status), from, "")
	}
}

var (
	accepting   = act{Name: "accept", Operation: "DecideCorrection", By: byHR, From: inStatus(Accept)}
	refusing    = act{Name: "refuse", Operation: "DecideCorrection", By: byHR, From: inStatus(Refuse)}
	disagreeing = act{Name: "disagree", Operation: "DisagreeWithRefusal", By: func(*appraisal.Case, *Matter) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewee}}
	}, From: inStatus(Disagree)}
)

// Request is what somebody asks to be put right.
type Request struct {
	Part         string
	Section      string
	ObjectiveID  *uuid.UUID
	Text, Reason string
}

// CorrectionStore keeps corrections. Whatever the caller may not read is fault.Gone.
type CorrectionStore interface {
	// Corrections lists those of an appraisal, oldest first.
	Corrections(ctx context.Context, appraisalID uuid.UUID, r page.Request) (*appraisal.Case, page.Page[*Matter], error)
	// DecidedCorrections are those that stand beside the outcome of a case, oldest first.
	DecidedCorrections(ctx context.Context, c *appraisal.Case) ([]*Matter, error)
	// Correction reads one.
	Correction(ctx context.Context, id uuid.UUID) (*Matter, error)
	// PayTold says whether the person was told of a decision on the pay of a case.
	PayTold(ctx context.Context, c *appraisal.Case) (bool, error)
	// AddCorrection locks the appraisal and stores what add makes of its case.
	AddCorrection(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*Matter, audit.Event, error)) (*Matter, error)
	// ChangeCorrection locks the appraisal, holds the version, and stores what change made.
	ChangeCorrection(ctx context.Context, id uuid.UUID, version int, change func(*Matter) (audit.Event, error)) (*Matter, error)
}

// Corrections is the use cases of putting right what was released.
type Corrections struct{ store CorrectionStore }

// NewCorrections returns the use cases over a store.
func NewCorrections(store CorrectionStore) *Corrections { return &Corrections{store} }

// List lists the corrections of an appraisal, oldest first.
func (s *Corrections) List(ctx context.Context, appraisalID uuid.UUID, r page.Request) (*appraisal.Case, page.Page[*Matter], error) {
	return s.store.Corrections(ctx, appraisalID, r)
}

// Beside are the corrections that stand beside the outcome of a case.
func (s *Corrections) Beside(ctx context.Context, c *appraisal.Case) ([]*Matter, error) {
	return s.store.DecidedCorrections(ctx, c)
}

// Get reads one.
func (s *Corrections) Get(ctx context.Context, id uuid.UUID) (*Matter, error) {
	return s.store.Correction(ctx, id)
}

// Request asks that something be put right.
func (s *Corrections) Request(ctx context.Context, appraisalID uuid.UUID, r Request) (*Matter, error) {
	return s.store.AddCorrection(ctx, appraisalID, func(c *appraisal.Case) (*Matter, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(c, c, Requesting)); err != nil {
			return nil, audit.Event{}, err
		}
		if err := r.check(c); err != nil {
			return nil, audit.Event{}, err
		}
		if err := s.payReleased(ctx, c, r.Part); err != nil {
			return nil, audit.Event{}, err
		}
		m := &Matter{Case: c, Correction: Correction{AppraisalID: c.ID, Part: r.Part, ObjectiveID: r.ObjectiveID, Status: Requested,
			Text: r.Text, Reason: r.Reason, RequestedBy: c.Actor.PersonID, RequestedOn: c.Today}}
		if r.Section != "" {
			m.Section = &r.Section
		}
		return m, audit.Event{Type: "correction.requested", Data: map[string]any{"part": r.Part}}, nil
	})
}

// payReleased refuses a correction of pay that nobody was told of yet, and to whoever may not read it
// any: the answer would say how far it is.
func (s *Corrections) payReleased(ctx context.Context, c *appraisal.Case, part string) error {
	if first, _, _ := strings.Cut(part, "."); first != appraisal.PayChain {
		return nil
	}
	if err := fault.Check(pay.Reading(c)); err != nil {
		return err
	}
	told := pay.Released(c)
	if part == appraisal.PayChain {
		var err error
		if told, err = s.store.PayTold(ctx, c); err != nil {
			return err
		}
	}
	if told {
		return nil
	}
	return fault.Check([]fault.Refusal{{Code: "pay_not_released", Detail: "What is not released yet is changed, not corrected.",
		Policy: c.Policy.Cite(&c.Rules().Pay.Chain), Unblock: "The pay chain is completed."}})
}

// check says whether there is such a part in the outcome.
func (r Request) check(c *appraisal.Case) error {
	if r.Part != "objective" && r.ObjectiveID != nil {
		return fault.Body("/objective_id", "no_objective_here", "Only a correction of an objective names one.")
	}
	chain, code, isStep := strings.Cut(r.Part, ".")
	if !isStep && r.Section != "" {
		return fault.Body("/section", "no_section_here", "Only a step has sections.")
	}
	switch {
	case r.Part == "rating", r.Part == "pay":
		return nil
	case r.Part == "objective":
		if r.ObjectiveID == nil || !slices.ContainsFunc(c.Objectives, func(o appraisal.ObjectiveFact) bool { return o.ID == *r.ObjectiveID && o.Live }) {
			return fault.Body("/objective_id", "unknown_objective", "Name an objective of this year that was agreed.")
		}
		return nil
	}
	step, err := c.Step(chain, code)
	if !isStep || err != nil || !step.Settled() {
		return fault.Body("/part", "unknown_part", "Name a step of this year that is done, rating, objective or pay.")
	}
	return sectionOf(c, step.Rule, r.Section)
}

func sectionOf(c *appraisal.Case, step *policy.StepRule, section string) error {
	if section == "" {
		return nil
	}
	for _, s := range c.Rules().Forms[step.Form].Sections {
		if s.Code == section {
			return nil
		}
	}
	return fault.Body("/section", "unknown_section", "The form of this step has no such section.")
}

// Decide accepts or refuses a correction. text is what stands beside the outcome, where it differs
// from what was asked for.
func (s *Corrections) Decide(ctx context.Context, id uuid.UUID, version int, accept bool, text, reason string) (*Matter, error) {
	return s.store.ChangeCorrection(ctx, id, version, func(m *Matter) (audit.Event, error) {
		event, doing := Refuse, refusing
		if accept {
			event, doing = Accept, accepting
		}
		if err := m.move(event, doing); err != nil {
			return audit.Event{}, err
		}
		switch {
		case !accept && reason == "":
			return audit.Event{}, fault.Body("/reason", "reason_required", "Say why it is refused.")
		case !accept && text != "":
			return audit.Event{}, fault.Body("/text", "no_text_here", "What is refused puts nothing beside the outcome.")
		case accept && text == "":
			text = m.Text
		}
		if accept {
			m.Corrected = &text
		}
		if reason != "" {
			m.DecisionReason = &reason
		}
		me := m.Case.Actor.PersonID
		m.DecidedBy, m.DecidedOn = &me, m.Case.Today
		return m.event(), nil
	})
}

// Disagree puts the person's statement beside a refusal.
func (s *Corrections) Disagree(ctx context.Context, id uuid.UUID, version int, text string) (*Matter, error) {
	return s.store.ChangeCorrection(ctx, id, version, func(m *Matter) (audit.Event, error) {
		if err := m.move(Disagree, disagreeing); err != nil {
			return audit.Event{}, err
		}
		m.Disagreement, m.DisagreedOn = &text, m.Case.Today
		return m.event(), nil
	})
}

func (m *Matter) move(e Event, doing act) error {
	if err := fault.Check(appraisal.Decide(m.Case, m, doing)); err != nil {
		return err
	}
	next, err := Lifecycle.Next(m.Status, e)
	m.Status = next
	return err
}

func (m *Matter) event() audit.Event {
	return audit.Event{Type: "correction." + string(m.Status), Data: map[string]any{"part": m.Part}}
}
