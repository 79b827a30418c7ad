package yearend

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
)

// Judgement is how one party judges an objective. A change appends: only the current one of a party
// counts, and those before it stay.
type Judgement struct {
	record.Row
	AppraisalID uuid.UUID
	ObjectiveID uuid.UUID
	DeferralID  *uuid.UUID // it was made when what the objective waited for had come
	Party       policy.Party
	N           int
	Code        *string
	Percent     *int
	Text        *string
	Agrees      *bool
	Reason      *string
	ByID        uuid.UUID
	Current     bool
}

// TableName names the table.
func (Judgement) TableName() string { return "objective_outcomes" }

// JudgementInput is a judgement as it is sent.
type JudgementInput struct {
	Code, Text, Reason string
	Percent            *int
	Agrees             *bool
}

// JudgedObjective is an objective with its current judgements and how often it was judged.
type JudgedObjective struct {
	Case       *appraisal.Case
	Objective  appraisal.ObjectiveFact
	Judgements []Judgement
	Version    int
}

// By is the party's current judgement, or nil.
func (j *JudgedObjective) By(p policy.Party) *Judgement {
	for i := range j.Judgements {
		if j.Judgements[i].Party == p {
			return &j.Judgements[i]
		}
	}
	return nil
}

// party is what the actor judges as.
func (j *JudgedObjective) party() policy.Party {
	if j.Case.Actor.PersonID == j.Case.PersonID {
		return policy.Reviewee
	}
	return policy.Reviewer
}

// JudgingStore keeps the judgements of objectives and what waits. What the caller may not read is
// fault.Gone.
type JudgingStore interface {
	// JudgedObjectives reads the objectives of an appraisal that count, with their judgements.
	JudgedObjectives(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []*JudgedObjective, error)
	// Judge locks the appraisal, holds how often the objective was judged, and appends what judge answers.
	Judge(ctx context.Context, objectiveID uuid.UUID, version int, judge func(*JudgedObjective) (*Judgement, audit.Event, error)) (*JudgedObjective, error)
	// Deferrals reads what waits or waited, in the order in which it began to.
	Deferrals(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []*Waiting, error)
	// Defer locks the appraisal and stores what begin answers.
	Defer(ctx context.Context, appraisalID uuid.UUID, begin func(*appraisal.Case) (*Deferral, audit.Event, error)) (*Waiting, error)
	// Resolve locks the appraisal, holds the deferral's version, and stores what end made of it.
	Resolve(ctx context.Context, appraisalID, id uuid.UUID, version int, end func(*Waiting) (audit.Event, error)) (*Waiting, error)
}

// JudgingActs are what may be done with an objective at the year's end.
var JudgingActs = []appraisal.Act[*JudgedObjective]{judging, deferringObjective}

// says lists the parties that have anything to say on an objective: those of whom a judgement is
// asked, and the reviewee where the policy has them say what it achieved.
func says(c *appraisal.Case) []policy.Party {
	out := c.Judges()
	if c.Rules().Outcome.ObjectiveStatement != "none" && !slices.Contains(out, policy.Reviewee) {
		out = append(slices.Clone(out), policy.Reviewee)
	}
	return out
}

// stating is the right of whoever states on the year, without those whom an earlier step bars.
func stating(c *appraisal.Case, leaf any) appraisal.Right {
	step, ok := c.JudgingStep(policy.Reviewer)
	if !ok {
		return appraisal.Right{Leaf: leaf}
	}
	return appraisal.Right{Parties: []policy.Party{step.Rule.Party}, Barred: c.Barred(step), Leaf: leaf}
}

var judging = appraisal.Act[*JudgedObjective]{Name: "judge", Operation: "JudgeObjective",
	By: func(c *appraisal.Case, _ *JudgedObjective) appraisal.Right {
		right, all := appraisal.Right{Leaf: &c.Rules().Outcome.ObjectiveJudges}, says(c)
		if slices.Contains(all, policy.Reviewer) {
			right = stating(c, right.Leaf)
		}
		if slices.Contains(all, policy.Reviewee) {
			right.Parties = append(right.Parties, policy.Reviewee)
		}
		return right
	},
	From: judgeable,
	Needs: func(c *appraisal.Case, j *JudgedObjective) []fault.Refusal {
		out := c.UnderWay()
		if d := c.WaitsOn(j.Objective.ID); d != nil {
			out = append(out, fault.Refusal{Code: "objective_waits", Detail: "This " + c.Terms().Objective.One + " waits for examination results.",
				Policy: c.Policy.Cite(&c.Rules().Outcome.Deferral), Unblock: "It is judged when the deferral is resolved."})
		}
		return out
	}}

// judgeable refuses to judge what does not count, and while the party's step is not open.
func judgeable(c *appraisal.Case, j *JudgedObjective) []fault.Refusal {
	if !j.Objective.Counts || !j.Objective.Live {
		return []fault.Refusal{{Code: "objective_not_counted", Detail: "Only an agreed " + c.Terms().Objective.One + " that counts is judged.", Policy: c.Policy.Cite(&c.Rules().Objectives.Counted)}}
	}
	step, ok := c.JudgingStep(j.party())
	if !ok {
		step, ok = c.JudgingStep(policy.Reviewer)
	}
	if !ok {
		return []fault.Refusal{{Code: "never_judged", Detail: "No step of the chain judges the year.", Policy: c.Policy.Cite(&c.Rules().Outcome.Chain)}}
	}
	if j.rewording(step) {
		return nil
	}
	if leaf := &c.Rules().Outcome.StatementLocked; *leaf && j.party() == policy.Reviewee && step.Settled() && c.Stage != appraisal.Released {
		return []fault.Refusal{{Code: "statement_locked", Detail: "What is said on the " + c.Terms().Objective.Many + " is final once the step is done.", Policy: c.Policy.Cite(leaf), Unblock: "A later step is returned to it."}}
	}
	return itsTurn(c, &Aggregate{Rule: step, Case: c})
}

// rewording says whether only the words of a judgement can still change: the reviewee's step is done,
// and the policy does not freeze what they said with it.
func (j *JudgedObjective) rewording(step appraisal.ChainStep) bool {
	return j.party() == policy.Reviewee && step.Settled() && !j.Case.Rules().Outcome.StatementLocked &&
		j.Case.Stage != appraisal.Released && j.By(policy.Reviewee) != nil
}

// JudgeObjective keeps the actor's judgement of an objective in the place of the one before.
func (s *Service) JudgeObjective(ctx context.Context, id uuid.UUID, version int, in JudgementInput) (*JudgedObjective, error) {
	return s.Judge(ctx, id, version, func(j *JudgedObjective) (*Judgement, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(j.Case, j, judging)); err != nil {
			return nil, audit.Event{}, err
		}
		if err := j.check(&in); err != nil {
			return nil, audit.Event{}, err
		}
		made := j.make(in)
		return made, audit.Event{Type: "objective.judged", Data: judgedData(made)}, nil
	})
}

func judgedData(v *Judgement) map[string]any {
	data := map[string]any{"party": v.Party, "objective": v.ObjectiveID}
	if v.Code != nil {
		data["code"] = *v.Code
	}
	if v.Agrees != nil {
		data["agrees"] = *v.Agrees
	}
	return data
}

// make is the actor's judgement as it is stored, and puts it into the case.
func (j *JudgedObjective) make(in JudgementInput) *Judgement {
	v := &Judgement{AppraisalID: j.Case.ID, ObjectiveID: j.Objective.ID, Party: j.party(), N: j.Version + 1, Code: textOrNil(in.Code), Percent: in.Percent,
		Text: textOrNil(in.Text), Agrees: in.Agrees, Reason: textOrNil(in.Reason), ByID: j.Case.Actor.PersonID, Current: true}
	j.Version++
	return v
}

func textOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Keep puts a judgement that was stored in the place of the party's one before.
func (j *JudgedObjective) Keep(v Judgement) {
	fact := appraisal.JudgedFact{Party: v.Party, Agrees: v.Agrees, Text: v.Text != nil, Reason: v.Reason != nil, Late: v.DeferralID != nil}
	if v.Code != nil {
		fact.Code = *v.Code
	}
	j.Judgements = append(slices.DeleteFunc(j.Judgements, func(o Judgement) bool { return o.Party == v.Party }), v)
	j.Objective.Judgements = append(slices.DeleteFunc(slices.Clone(j.Objective.Judgements), func(o appraisal.JudgedFact) bool { return o.Party == v.Party }), fact)
	for i := range j.Case.Objectives {
		if j.Case.Objectives[i].ID == j.Objective.ID {
			j.Case.Objectives[i].Judgements = j.Objective.Judgements
		}
	}
}
