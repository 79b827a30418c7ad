package policy

import (
	"fmt"
	"slices"
	"strings"
)

// mostDerived is up to how many objectives the rows of the method derived are proved to cover, and
// mostWays how many ways of judging them are gone through for it.
const mostDerived, mostWays = 8, 50_000

// judging checks how objectives are judged, how the rating follows from them, and what may wait.
func (in *inspection) judging() {
	o := &in.Rules.Outcome
	in.judges(o)
	if o.Method == methodDerived {
		in.derived(o)
	}
	if o.Deferral != "none" {
		in.deferral(o)
	}
}

// judges checks that whoever judges alone has a step to do it in. A reviewee who judges beside the
// reviewer needs none: what they say is heard while the reviewer's is open.
func (in *inspection) judges(o *OutcomeRules) {
	if len(o.ObjectiveScale) == 0 && o.ObjectivePercent != "none" {
		in.fault("percent_without_scale", "how far an objective was reached is asked for in per cent and there is no scale to judge it by",
			"define objective_scale, or ask for no percentage", &o.ObjectivePercent, &o.ObjectiveScale)
	}
	if len(o.Chain) == 0 {
		return // the year ends with its cycle, and nothing is judged
	}
	if len(o.ObjectiveScale) > 0 && o.ObjectiveJudges == "reviewee" && !hasAct(o.Chain, ownActs...) {
		in.fault("reviewee_has_no_step", "the reviewee alone judges each objective and no step is theirs to do it in",
			"give the reviewee a step with the act reflect, or let the reviewer judge", &o.ObjectiveJudges, &o.Chain)
	}
	if o.ObjectiveStatement == "required" && !hasAct(o.Chain, ownActs...) {
		in.fault("reviewee_has_no_step", "the reviewee says what each objective achieved and no step is theirs to do it in",
			"give the reviewee a step with the act reflect, or ask for no statement", &o.ObjectiveStatement, &o.Chain)
	}
	if len(o.ObjectiveScale) > 0 && o.ObjectiveJudges != "reviewee" && !hasAct(o.Chain, "state", "recommend", "decide") {
		in.unset("reviewer_has_no_step", "the reviewer judges each objective and no step states, recommends or decides, so nobody is asked to",
			"add such a step, let the reviewee judge, or empty objective_scale", &o.ObjectiveJudges, &o.Chain)
	}
}

// derived checks the rows from judgements to a rating: what they name is there, and together they
// cover everything that may be judged.
func (in *inspection) derived(o *OutcomeRules) {
	if len(o.ObjectiveScale) == 0 || len(o.Derived) == 0 {
		in.fault("derived_from_nothing", "the rating follows from the objectives, and there is no scale or no row that it follows by",
			"define objective_scale and derived, or use another method", &o.Method, &o.ObjectiveScale, &o.Derived)
		return
	}
	named := true
	for i := range o.Derived {
		named = in.derivedRow(o, &o.Derived[i]) && named
	}
	if named {
		in.covers(o)
	}
}

// derivedRow checks what one row names.
func (in *inspection) derivedRow(o *OutcomeRules, r *DerivedRow) bool {
	if r.Rating == "" || !hasRating(o.Scale, r.Rating) {
		in.fault("rating_unknown", fmt.Sprintf("%q is not on the scale", r.Rating), "use one of "+strings.Join(ratingCodes(o.Scale), ", "), &r.Rating, &o.Scale)
		return false
	}
	switch {
	case r.When == "otherwise" && (r.Code != "" || r.N != 0 || r.OrHigher):
		in.fault("row_says_more", "a row that says otherwise holds always, and names a judgement or a number", "leave them out", r)
		return false
	case r.When == "otherwise":
		return true
	case !hasRating(o.ObjectiveScale, r.Code):
		in.fault("judgement_unknown", fmt.Sprintf("%q is no judgement of objective_scale", r.Code),
			"use one of "+strings.Join(ratingCodes(o.ObjectiveScale), ", "), &r.Code, &o.ObjectiveScale)
		return false
	case (r.When == "at_least") != (r.N > 0):
		in.fault("row_number", "a row says how many where it says at_least, and only there", "give n, or say all or any", r)
		return false
	}
	return true
}

// covers proves that a row holds of whatever is judged, and reports the rows that never decide and the
// ratings that nothing leads to.
func (in *inspection) covers(o *OutcomeRules) {
	decides, reached := map[int]bool{}, map[string]bool{}
	var uncovered []string
	codes := o.tellingApart()
	for _, n := range in.countable() {
		if ways(len(codes), n) > mostWays {
			in.unproved(o, n)
			break
		}
		eachOf(codes, n, nil, func(codes []string) {
			row := o.Derive(codes)
			if row == 0 && uncovered == nil {
				uncovered = slices.Clone(codes)
			}
			if row > 0 {
				decides[row], reached[o.Derived[row-1].Rating] = true, true
			}
		})
	}
	if uncovered != nil {
		in.fault("derived_not_total", "no row says what follows from "+strings.Join(uncovered, ", "), "add a row for it, or a last one that says otherwise", &o.Derived)
	}
	for i := range o.Derived {
		if !decides[i+1] {
			in.unset("row_never_holds", fmt.Sprintf("row %d never decides: those before it hold of everything that it is about", i+1), "leave it out, or move it up", &o.Derived[i])
		}
	}
	for _, r := range o.Scale {
		if !reached[r.Code] {
			in.unset("rating_never_reached", fmt.Sprintf("no row leads to the rating %s", r.Label), "add a row that does, and a judgement for it where one is missing; until then only whoever may change the rating gives it", &o.Derived)
		}
	}
}

// unproved asks for a last row that covers everything, where there are too many ways of judging to go
// through them.
func (in *inspection) unproved(o *OutcomeRules, n int) {
	if o.Derived[len(o.Derived)-1].When != "otherwise" {
		in.fault("derived_unproved", fmt.Sprintf("there are too many ways to judge %d objectives to prove that a row covers each", n), "end with a row that says otherwise", &o.Derived)
	}
}

// tellingApart are judgements of the scale, one of each kind that the rows tell apart.
func (o *OutcomeRules) tellingApart() []string {
	seen := map[string]bool{}
	var out []string
	for _, v := range o.ObjectiveScale {
		var kind strings.Builder
		for _, r := range o.Derived {
			fmt.Fprint(&kind, r.Counts(o.ObjectiveScale, []string{v.Code}))
		}
		if !seen[kind.String()] {
			seen[kind.String()] = true
			out = append(out, v.Code)
		}
	}
	return out
}

// ways is in how many ways n objectives can be judged by k judgements, in whatever order.
func ways(k, n int) int {
	out := 1
	for i := 1; i <= n && out <= mostWays; i++ {
		out = out * (k + i - 1) / i
	}
	return out
}

// countable are the numbers of objectives from which a rating may have to follow: one and more, for an
// objective that waits is left out, and a small number may have been agreed.
func (in *inspection) countable() []int {
	most := mostDerived
	for _, l := range []Limit{in.Rules.Objectives.Counted, in.Rules.Objectives.Max} {
		if n, limited := l.N(); limited && n > 0 {
			most = min(most, n)
		}
	}
	var out []int
	for n := 1; n <= most; n++ {
		out = append(out, n)
	}
	return out
}

// eachOf calls see with every way to judge n more objectives, in the order of the scale.
func eachOf(scale []string, n int, so []string, see func([]string)) {
	if n == 0 {
		see(so)
		return
	}
	for i, code := range scale {
		eachOf(scale[i:], n-1, append(slices.Clip(so), code), see)
	}
}

// deferral checks that what may wait has somebody who lets it, and a day.
func (in *inspection) deferral(o *OutcomeRules) {
	if len(o.DeferralBy) == 0 {
		in.fault("nobody_defers", "an outcome may wait for examination results and nobody may let it", "say who may, or let nothing wait", &o.Deferral, &o.DeferralBy)
	}
	var steps []string
	for _, s := range o.Chain {
		steps = append(steps, s.Code)
	}
	in.dateRule(&o.DeferralDue, steps)
}
