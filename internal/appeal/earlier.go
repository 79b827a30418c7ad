package appeal

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/yearend"
)

// Earlier is what stood in an appraisal before, in earlier rounds or while something waited.
type Earlier struct {
	Case       *appraisal.Case
	Steps      []EarlierStep       // the first round first
	Judgements []yearend.Judgement // all, of each objective the first one first
	Ratings    []yearend.Rating    // all, oldest first
	Resolved   []yearend.Deferral
}

// EarlierStep is a step of a round that was judged anew, whole, as it was.
type EarlierStep struct {
	ID     uuid.UUID
	Chain  string
	Code   string
	Round  int
	DoneBy *uuid.UUID
	Rating *string
	Kept   Kept `gorm:"serializer:json"`

	CreatedAt time.Time // when its round ended
}

// TableName names the table.
func (EarlierStep) TableName() string { return "earlier_steps" }

// Kept is what is shown of an earlier step.
type Kept struct {
	Party   policy.Party    `json:"party"`
	Result  string          `json:"result"`
	Answers json.RawMessage `json:"answers"`
	Reason  *string         `json:"reason"`
	DoneOn  schooltime.Date `json:"done_on"`
	Late    bool            `json:"late"`
}

// Shown says whether the caller may read what an earlier step held. The outcome of its round was
// released, so its steps are read whole. A step that nobody had finished is its drafter's alone, and
// one on pay is for those who see the pay, as far as the pay of its round was released to them.
func (y *Earlier) Shown(e EarlierStep) bool {
	c := y.Case
	if e.DoneBy == nil || e.Chain != appraisal.PayChain {
		return e.DoneBy != nil
	}
	return len(pay.Reading(c)) == 0 && (pay.DecidesOn(c) || *e.DoneBy == c.Actor.PersonID || y.payReleased(e.Round))
}

// payReleased says whether every step that pay waits for was done in an earlier round.
func (y *Earlier) payReleased(round int) bool {
	return !slices.ContainsFunc(y.Case.Rules().Pay.Chain, func(s policy.StepRule) bool {
		return s.Required && !slices.ContainsFunc(y.Steps, func(e EarlierStep) bool {
			return e.Round == round && e.Chain == appraisal.PayChain && e.Code == s.Code && e.DoneBy != nil
		})
	})
}

// ended is when a round was over; no time for one that is not.
func (y *Earlier) ended(round int) (at time.Time) {
	for _, e := range y.Steps {
		if e.Round == round && e.CreatedAt.After(at) {
			at = e.CreatedAt
		}
	}
	return at
}

// Judged are the judgements of the objectives as they stood by the end of the round of an earlier
// step, where that is the step with which they were made and the caller may read it.
func (y *Earlier) Judged(e EarlierStep) []yearend.JudgedObjective {
	c := y.Case
	step, ok := c.JudgingStep(policy.Reviewer)
	if !ok || e.Chain != appraisal.OutcomeChain || e.Code != step.Rule.Code || !y.Shown(e) {
		return nil
	}
	var out []yearend.JudgedObjective
	before := y.ended(e.Round - 1)
	for _, o := range c.Objectives {
		j := yearend.JudgedObjective{Case: c, Objective: o}
		for _, v := range y.Judgements {
			anew := v.Party == policy.Reviewer && !v.CreatedAt.After(before) // what the reviewee said stands in every round
			if v.ObjectiveID != o.ID || anew || v.CreatedAt.After(e.CreatedAt) || v.Party == policy.Reviewee && !j.Visible(v) {
				continue
			}
			j.Judgements = append(slices.DeleteFunc(j.Judgements, func(was yearend.Judgement) bool { return was.Party == v.Party }), v)
		}
		if len(j.Judgements) > 0 {
			out = append(out, j)
		}
	}
	return out
}

// Replaced is a provisional rating in whose place another came when what had waited was settled.
type Replaced struct {
	yearend.Rating
	Round int
	With  yearend.Rating
}

// Replaced are the provisional ratings of every round that was released that others took the place of.
// One that was replaced because its step was sent back was never more than a draft.
func (y *Earlier) Replaced() []Replaced {
	var out []Replaced
	for i, r := range y.Ratings {
		next := slices.IndexFunc(y.Ratings[i+1:], func(o yearend.Rating) bool { return o.Kind == r.Kind })
		if !r.Provisional || next < 0 || !y.settled(y.Ratings[i+1+next]) {
			continue
		}
		with := y.Ratings[i+1+next]
		round := 1
		for round < y.Case.Round && !y.ended(round).After(with.At) {
			round++
		}
		if round < y.Case.Round || y.Case.Stage == appraisal.Released {
			out = append(out, Replaced{r, round, with})
		}
	}
	return out
}

// settled says whether a rating was made when what had waited was settled.
func (y *Earlier) settled(r yearend.Rating) bool {
	return slices.ContainsFunc(y.Resolved, func(d yearend.Deferral) bool {
		return d.ResolvedBy != nil && *d.ResolvedBy == r.ByID && d.ResolvedAt != nil && !r.At.Before(*d.ResolvedAt) && r.At.Sub(*d.ResolvedAt) < time.Second
	})
}
