package yearend

import (
	"fmt"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// methodDerived is the method by which the rating follows from the judgements of the objectives.
const methodDerived = "derived"

// JudgementCount is how many objectives are judged so.
type JudgementCount struct {
	Judgement policy.Rating
	Count     int
}

// Derivation is how the rating follows from the objectives, in sentences. Row is the number of the row
// that held, from 1; 0 where none did, or something is not judged yet.
type Derivation struct {
	Rating    string
	Row       int
	Counts    []JudgementCount
	Waiting   int
	Unjudged  []appraisal.ObjectiveFact
	Sentences []string
}

// Derive works the rating out from the objectives that count and do not wait. stating takes what
// whoever states has said so far.
func Derive(c *appraisal.Case, stating bool) Derivation {
	var d Derivation
	var codes []string
	words := c.Terms().Objective
	o := &c.Rules().Outcome
	for _, obj := range c.Counting() {
		code := c.Judgement(obj, stating)
		switch {
		case c.WaitsOn(obj.ID) != nil:
			d.Waiting++
		case code == "":
			d.Unjudged = append(d.Unjudged, obj)
		default:
			codes = append(codes, code)
		}
	}
	for _, v := range o.ObjectiveScale {
		n := policy.DerivedRow{When: "any", Code: v.Code}.Counts(o.ObjectiveScale, codes)
		d.Counts = append(d.Counts, JudgementCount{v, n})
	}
	d.say("%d of %d %s are judged.", len(codes), len(codes)+len(d.Unjudged)+d.Waiting, words.Many)
	if d.Waiting > 0 {
		d.say("%d of them wait for examination results and are left out, so the rating is provisional.", d.Waiting)
	}
	if len(d.Unjudged) > 0 || len(codes) == 0 {
		d.say("Nothing follows until the others are judged.")
		return d
	}
	if d.Row = o.Derive(codes); d.Row > 0 {
		d.Rating = o.Derived[d.Row-1].Rating
	}
	d.rows(o, codes, words.Many)
	return d
}

// rows says of each row, up to the one that held, whether it did.
func (d *Derivation) rows(o *policy.OutcomeRules, codes []string, words string) {
	for i, r := range o.Derived {
		what := "otherwise"
		if r.Code != "" {
			what = fmt.Sprintf("%s of the %s are %s", ofHowMany(r), words, labelled(o.ObjectiveScale, r.Code))
			if r.OrHigher {
				what += " or higher"
			}
			what += fmt.Sprintf(" (%d are)", r.Counts(o.ObjectiveScale, codes))
		}
		if i+1 == d.Row {
			d.say("Line %d holds: %s. From it follows: %s.", i+1, what, labelled(o.Scale, r.Rating))
			return
		}
		d.say("Line %d does not hold: %s.", i+1, what)
	}
	d.say("No line holds, so no rating follows.")
}

func (d *Derivation) say(format string, args ...any) {
	d.Sentences = append(d.Sentences, fmt.Sprintf(format, args...))
}

func ofHowMany(r policy.DerivedRow) string {
	switch r.When {
	case "all":
		return "all"
	case "any":
		return "at least 1"
	}
	return fmt.Sprintf("at least %d", r.N)
}

func labelled(scale []policy.Rating, code string) string {
	for _, v := range scale {
		if v.Code == code {
			return v.Label
		}
	}
	return code
}

// throughRows gives the rating that follows from the objectives. Whoever decides may give another with
// a reason, where the policy lets the decider change a rating; what follows stays on record beside it.
func throughRows(a *Aggregate, in *RatingInput, r *Rating) error {
	c, o := a.Case, &a.Case.Rules().Outcome
	d := Derive(c, true)
	var refused []fault.Refusal
	for _, obj := range d.Unjudged {
		refused = append(refused, *lacking(c, &o.Derived, "judgement_missing", obj.ID, "is not judged, so no rating follows"))
	}
	if err := fault.Check(refused); err != nil {
		return err
	}
	given := in != nil && in.Code != "" && in.Code != d.Rating
	r.Code = d.Rating
	if d.Rating != "" {
		r.Derived = &d.Rating
	}
	switch {
	case !given && d.Rating == "":
		return fault.Check([]fault.Refusal{{Code: "nothing_to_derive_from", Detail: "No rating follows from the " + c.Terms().Objective.Many + ".",
			Policy: c.Policy.Cite(&o.Derived), Unblock: "Whoever decides gives a rating with a reason, where the policy lets them."}})
	case !given:
		return nil
	case !a.Does("decide") || !o.MayChange:
		return wrong(c, &o.Method, "/rating/code", "rating_is_derived", "The rating follows from the objectives here, and is not given.")
	}
	r.Code = in.Code
	if err := onScale(c, in.Code); err != nil {
		return err
	}
	if in.Reason == "" {
		return wrong(c, &o.MayChange, "/rating/reason", "reason_required", "Say why the rating differs from the one that follows.")
	}
	return nil
}
