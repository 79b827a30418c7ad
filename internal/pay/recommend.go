package pay

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// What may be said of progression. The pay table says what each brings in a row whose rating is this
// code.
const (
	Progress      = policy.Progress
	NoProgression = policy.NoProgression
)

// Choice is what a step recommends or decides on progression. Awards are given by hand; nil leaves
// them to the pay table.
type Choice struct {
	Progression string  `json:"progression"`
	Awards      []Award `json:"awards,omitempty"`
	Reason      string  `json:"reason,omitempty"`
}

// Recommendation is a choice as it was recommended. Only the current one counts; those before it stay.
type Recommendation struct {
	TrustID     uuid.UUID
	ID          uuid.UUID
	AppraisalID uuid.UUID
	Step        string
	Progression string
	Awards      []Award `gorm:"serializer:json"`
	Reason      *string
	ByID        uuid.UUID
	At          time.Time
	SchoolOn    schooltime.Date
	Current     bool
}

// TableName names the table.
func (Recommendation) TableName() string { return "pay_recommendations" }

func (r *Recommendation) choice() *Choice {
	return &Choice{Progression: r.Progression, Awards: r.Awards, Reason: text(r.Reason)}
}

// notRecommended is the code where nobody has recommended or decided on progression yet.
const notRecommended = "pay_not_recommended"

// settled is the choice that counts: what the deciding step holds, else what was recommended, else,
// where everybody progresses unless a step says otherwise, that they do.
func (f Facts) settled(link string) *Choice {
	switch {
	case f.Chosen != nil:
		return f.Chosen
	case f.Recommended != nil:
		return f.Recommended.choice()
	case link == linkAutomatic:
		return &Choice{Progression: Progress}
	}
	return nil
}

// byChoice is what a choice on progression brings: what was given by hand, else the row of the pay
// table, else nothing that is worked out here.
func byChoice(c *appraisal.Case, f Facts) Outcome {
	rules := &c.Rules().Pay
	o := begin(c)
	choice := f.settled(rules.Link)
	if choice == nil {
		return o.refuse(c, notRecommended, "Nobody has recommended or decided on progression yet.", &rules.Link, "The step that recommends or decides pay says whether the person progresses.")
	}
	if r := f.Recommended; r != nil {
		o.say("recommended", "What was recommended.", r.Progression)
	}
	o.say("progression", "What is decided on progression.", choice.Progression)
	o.Progression, o.Reason = choice.Progression, choice.Reason
	if refused := CapabilityMissing(c, choice); refused != nil {
		o.Refusals = append(o.Refusals, *refused)
		return o
	}
	if len(choice.Awards) > 0 {
		return o.brings("What was given by hand.", choice.Awards)
	}
	row := find(f.Table, c.StaffGroup, choice.Progression)
	switch {
	case row != nil:
		return o.byRow(c, f, row)
	case choice.Progression == NoProgression:
		return o.brings("No progression brings no award.", nil)
	}
	o.say("award", "The pay table has no row for progression: what it brings is settled outside.", []Award{})
	o.Covered, o.Awards, o.Result = true, []Award{}, Progressed
	return o
}

// CapabilityMissing refuses no progression where the policy allows it only for somebody in a
// capability process, and this person is in none.
func CapabilityMissing(c *appraisal.Case, choice *Choice) *fault.Refusal {
	leaf := &c.Rules().Pay.NeedsCapability
	if choice == nil || choice.Progression != NoProgression || !*leaf || c.Capability {
		return nil
	}
	return &fault.Refusal{Code: "capability_needed", Detail: "Only somebody in a capability process of this year may be refused progression.", Policy: c.Policy.Cite(leaf),
		Unblock: "A capability process is begun, or progression is given."}
}

// Takes says whether a step may hold a choice on progression under this link.
func Takes(link string) bool { return link == linkRecommendation || link == linkAutomatic }

// Check refuses a choice that cannot be what was meant.
func (ch *Choice) Check() error {
	seen := map[string]bool{}
	for i, a := range ch.Awards {
		at := "/pay/awards/" + strconv.Itoa(i)
		amount, err := strconv.ParseFloat(a.Amount, 64)
		switch {
		case seen[a.Kind]:
			return fault.Body(at+"/kind", "duplicate", "This kind of award is given already.")
		case err != nil || (amount == 0) != (a.Kind == costOfLiving):
			return fault.Body(at+"/amount", "not_an_amount", "Give points or per cent above 0, and 0 for the cost of living.")
		case ch.Progression == NoProgression && a.Kind != costOfLiving:
			return fault.Body(at+"/kind", "award_without_progression", "No progression brings at most the cost of living.")
		}
		seen[a.Kind] = true
	}
	return nil
}

// Recommended makes the recommendation of a step. Where a recommendation is asked for it must be
// there; no progression says why.
func Recommended(c *appraisal.Case, choice *Choice) (*Recommendation, error) {
	switch {
	case choice == nil && c.Rules().Pay.Link == linkAutomatic:
		return nil, nil
	case choice == nil:
		return nil, fault.Body("/pay", "pay_required", "This step says whether the person progresses.")
	case choice.Progression == NoProgression && choice.Reason == "":
		return nil, fault.Body("/pay/reason", "reason_required", "Say why the person does not progress.")
	}
	r := &Recommendation{AppraisalID: c.ID, Progression: choice.Progression, Awards: slices.Clone(choice.Awards), ByID: c.Actor.PersonID, SchoolOn: c.Today, Current: true}
	if r.Awards == nil {
		r.Awards = []Award{}
	}
	if choice.Reason != "" {
		r.Reason = &choice.Reason
	}
	return r, nil
}

// Decide works out what a deciding step decides. Another choice than the recommended one says why.
func Decide(c *appraisal.Case, f Facts) (Outcome, error) {
	if link := c.Rules().Pay.Link; Takes(link) {
		chosen := f.Chosen
		switch {
		case f.settled(link) == nil:
			return Outcome{}, fault.Body("/pay", "pay_required", "Nothing was recommended: say whether the person progresses.")
		case chosen != nil && chosen.Reason == "" && f.differs(link):
			return Outcome{}, fault.Body("/pay/reason", "reason_required", "Say why the decision differs from what was recommended.")
		case chosen != nil && chosen.Reason == "" && chosen.Progression == NoProgression:
			return Outcome{}, fault.Body("/pay/reason", "reason_required", "Say why the person does not progress.")
		}
	}
	o := Calculate(c, f)
	return o, fault.Check(o.Refusals)
}

// differs says whether what the deciding step holds is other than what was recommended.
func (f Facts) differs(link string) bool {
	usual := Facts{Recommended: f.Recommended}.settled(link)
	if usual == nil {
		return false
	}
	return usual.Progression != f.Chosen.Progression || !slices.Equal(usual.Awards, f.Chosen.Awards)
}

// Blocked are the refusals of a deciding step that no input of its own would unblock.
func Blocked(c *appraisal.Case, f Facts) []fault.Refusal {
	return slices.DeleteFunc(Calculate(c, f).Refusals, func(r fault.Refusal) bool { return r.Code == notRecommended })
}

// actsOnPay are the acts of a step that has to do with pay.
var actsOnPay = []string{"recommend_pay", "decide_pay"}

// ActsOn says whether the step recommends or decides pay.
func ActsOn(s *policy.StepRule) bool {
	return slices.ContainsFunc(s.Acts, func(a string) bool { return slices.Contains(actsOnPay, a) })
}

// Reading refuses those who review somebody and neither recommend nor decide their pay, nor hear an
// appeal against it, and whoever was let in.
func Reading(c *appraisal.Case) []fault.Refusal {
	me := c.Actor.PersonID
	if me == c.PersonID || c.Actor.Has(access.HR) || c.Actor.Heads(c.UnitID) || c.HearsPay(me) {
		return nil
	}
	for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
		for _, s := range c.Chain(chain) {
			if ActsOn(s.Rule) && slices.Contains(c.Who(s.Rule.Party), me) {
				return nil
			}
		}
	}
	return []fault.Refusal{{Never: true, Code: "not_your_act", Policy: c.Policy.Cite(&c.Rules().Pay.Chain), Detail: "Pay is seen by those whom it concerns, who recommend or decide it, and who lead or administer the unit."}}
}

// Deadline is the day by which pay is decided, and whether it passed undecided or was missed.
func Deadline(c *appraisal.Case) (due schooltime.Date, late bool) {
	for _, s := range c.Chain(appraisal.PayChain) {
		if slices.Contains(s.Rule.Acts, "decide_pay") {
			return s.DueOn, s.Late(c.Today)
		}
	}
	return schooltime.Date{}, false
}
