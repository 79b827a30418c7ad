package yearend

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// wrong is an error about one place of the body, which cites the leaf behind it.
func wrong(c *appraisal.Case, leaf any, pointer, code, message string) error {
	e := fault.Body(pointer, code, "%s", message)
	e.Refusals = []fault.Refusal{{Code: code, Detail: message, Policy: c.Policy.Cite(leaf)}}
	return e
}

// check holds a judgement against the policy, and gives a reviewer who agrees the code that they agree
// with.
func (j *JudgedObjective) check(in *JudgementInput) error {
	if j.party() == policy.Reviewee {
		return j.checkReviewee(in)
	}
	if err := j.checkAgreement(in); err != nil {
		return err
	}
	if err := j.checkCode(in, ""); err != nil {
		return err
	}
	return j.checkReason(in)
}

func (j *JudgedObjective) checkReviewee(in *JudgementInput) error {
	c, o := j.Case, &j.Case.Rules().Outcome
	asked := slices.Contains(c.Judges(), policy.Reviewee)
	if in.Agrees != nil || in.Reason != "" {
		return wrong(c, &o.ObjectiveJudges, "/agrees", "not_validating", "Only whoever validates a judgement agrees with it, or says why not.")
	}
	if in.Text != "" && o.ObjectiveStatement == "none" && len(o.ObjectiveScale) > 0 {
		return wrong(c, &o.ObjectiveStatement, "/text", "no_statement_here", "Nothing is written on each objective here.")
	}
	if step, ok := c.JudgingStep(policy.Reviewee); ok && j.rewording(step) {
		return j.checkRewording(in)
	}
	if !asked {
		if in.Code != "" || in.Percent != nil {
			return wrong(c, &o.ObjectiveJudges, "/code", "not_your_judgement", "This is judged by somebody else; only a text is kept here.")
		}
		return nil
	}
	return j.checkCode(in, "")
}

// checkRewording lets only the words change once the reviewee's step is done.
func (j *JudgedObjective) checkRewording(in *JudgementInput) error {
	was := j.By(policy.Reviewee)
	same := (was.Code == nil) == (in.Code == "") && (was.Code == nil || *was.Code == in.Code)
	same = same && (was.Percent == nil) == (in.Percent == nil) && (was.Percent == nil || *was.Percent == *in.Percent)
	if same {
		return nil
	}
	return wrong(j.Case, &j.Case.Rules().Outcome.StatementLocked, "/code", "judgement_fixed", "Your step is done: only the text can still change.")
}

// checkCode holds code and percentage against the scale; at is where they stand in the body.
func (j *JudgedObjective) checkCode(in *JudgementInput, at string) error {
	c, o := j.Case, &j.Case.Rules().Outcome
	switch {
	case len(o.ObjectiveScale) == 0 && in.Code != "":
		return wrong(c, &o.ObjectiveScale, at+"/code", "judged_in_words", "Objectives are judged in words here: give a text.")
	case len(o.ObjectiveScale) == 0 && in.Text == "":
		return wrong(c, &o.ObjectiveScale, at+"/text", "judged_in_words", "Objectives are judged in words here: give a text.")
	case len(o.ObjectiveScale) > 0 && !slices.ContainsFunc(o.ObjectiveScale, func(v policy.Rating) bool { return v.Code == in.Code }):
		return wrong(c, &o.ObjectiveScale, at+"/code", "unknown_judgement", "Give the code of a judgement of the trust's scale.")
	}
	top := len(o.ObjectiveScale) > 0 && o.ObjectiveScale[len(o.ObjectiveScale)-1].Code == in.Code
	switch {
	case in.Percent != nil && (o.ObjectivePercent == "none" || o.ObjectivePercent == "below_top" && top):
		return wrong(c, &o.ObjectivePercent, at+"/percent", "no_percent_here", "How far it was reached is not said in per cent here.")
	case in.Percent == nil && o.ObjectivePercent == "below_top" && !top && (in.Agrees == nil || !*in.Agrees):
		return wrong(c, &o.ObjectivePercent, at+"/percent", "percent_required", "Say in per cent how far it was reached.")
	}
	return nil
}

// checkAgreement is for a reviewer who validates: they take the reviewee's judgement, or give another
// with a reason.
func (j *JudgedObjective) checkAgreement(in *JudgementInput) error {
	c, leaf := j.Case, &j.Case.Rules().Outcome.ObjectiveJudges
	said := c.FinalOf(j.Objective, policy.Reviewee)
	if *leaf != "reviewee_then_reviewer" || said == nil || said.Code == "" {
		if in.Agrees != nil {
			return wrong(c, leaf, "/agrees", "nothing_to_agree_with", "There is no judgement to agree with: give your own.")
		}
		return nil
	}
	switch {
	case in.Agrees == nil:
		return wrong(c, leaf, "/agrees", "agrees_required", "Say whether you agree with the judgement.")
	case *in.Agrees && in.Code != "" && in.Code != said.Code, !*in.Agrees && in.Code == said.Code:
		return wrong(c, leaf, "/code", "agreement_contradicts", "Whoever agrees gives the same judgement, and whoever does not gives another.")
	case *in.Agrees:
		in.Code = said.Code
	case in.Reason == "":
		return wrong(c, leaf, "/reason", "reason_required", "Say why your judgement differs.")
	}
	return nil
}

// checkReason asks the reviewer for a reason where the two judge and have not come to the same.
func (j *JudgedObjective) checkReason(in *JudgementInput) error {
	c, leaf := j.Case, &j.Case.Rules().Outcome.ObjectiveJudges
	said := c.FinalOf(j.Objective, policy.Reviewee)
	if *leaf == "both" && said != nil && said.Code != "" && said.Code != in.Code && in.Reason == "" {
		return wrong(c, leaf, "/reason", "reason_required", "The two have not come to the same judgement: say why yours differs.")
	}
	return nil
}

// notJudged refuses to complete a step while judgements that the policy asks of its party are missing,
// one refusal for each objective.
func notJudged(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	var out []fault.Refusal
	if a.Rule.Chain != appraisal.OutcomeChain {
		return nil
	}
	for _, p := range []policy.Party{policy.Reviewee, policy.Reviewer} {
		step, ok := c.JudgingStep(p)
		if !ok || step.Rule.Code != a.Rule.Rule.Code {
			continue
		}
		for _, o := range c.Counting() {
			if r := missing(c, o, p); r != nil && c.WaitsOn(o.ID) == nil {
				out = append(out, *r)
			}
		}
	}
	return out
}

// missing is what the policy asks of a party on an objective and is not there yet, or nil. Where both
// judge and the reviewee has no step of their own to do it in, whoever states waits to hear them, or
// says why not: a chain that nobody can hold up.
func missing(c *appraisal.Case, o appraisal.ObjectiveFact, p policy.Party) *fault.Refusal {
	rules, j := &c.Rules().Outcome, o.Judged(p)
	asked := slices.Contains(c.Judges(), p) && len(rules.ObjectiveScale) > 0
	if j != nil && j.Late {
		return nil
	}
	if asked && (j == nil || j.Code == "") {
		return lacking(c, &rules.ObjectiveJudges, "judgement_missing", o.ID, "is not judged yet")
	}
	if p == policy.Reviewee {
		if rules.ObjectiveStatement == "required" && (j == nil || !j.Text) {
			return lacking(c, &rules.ObjectiveStatement, "statement_missing", o.ID, "has no statement yet")
		}
		return nil
	}
	said := c.FinalOf(o, policy.Reviewee)
	if unheard := said == nil || said.Code == ""; !asked || unheard {
		if _, own := c.JudgingStep(policy.Reviewee); asked && !own && rules.ObjectiveJudges == "both" && !j.Reason {
			return lacking(c, &rules.ObjectiveJudges, "reviewee_not_heard", o.ID, "is not judged by the "+c.PartyName(policy.Reviewee)+" yet, and no reason is given")
		}
		return nil
	}
	agreed := j.Agrees != nil && *j.Agrees
	switch {
	case rules.ObjectiveJudges == "reviewee_then_reviewer" && (j.Agrees == nil || agreed != (said.Code == j.Code)):
		return lacking(c, &rules.ObjectiveJudges, "judgement_outdated", o.ID, "was judged anew since, and is not validated as it stands now")
	case rules.ObjectiveJudges == "both" && said.Code != j.Code && !j.Reason:
		return lacking(c, &rules.ObjectiveJudges, "judgements_differ", o.ID, "is not judged the same by the two, and no reason is given")
	}
	return nil
}

func lacking(c *appraisal.Case, leaf any, code string, objective uuid.UUID, what string) *fault.Refusal {
	return &fault.Refusal{Code: code, Detail: appraisal.Sentence(c.Terms().Objective.One) + " " + objective.String() + " " + what + ".",
		Policy: c.Policy.Cite(leaf), Unblock: "It is judged, by JudgeObjective."}
}
