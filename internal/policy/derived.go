package policy

import "slices"

// methodDerived is the method by which the rating follows from the judgements of the objectives.
const methodDerived = "derived"

// Holds says whether the row is true of the judgements, by their order on the scale. Of no judgement
// at all only otherwise is true.
func (r DerivedRow) Holds(scale []Rating, codes []string) bool {
	n := r.Counts(scale, codes)
	switch r.When {
	case "all":
		return n > 0 && n == len(codes)
	case "any":
		return n > 0
	case "at_least":
		return n >= max(r.N, 1)
	}
	return true
}

// Counts is how many of the judgements are what the row looks at.
func (r DerivedRow) Counts(scale []Rating, codes []string) int {
	order := ratingCodes(scale)
	at, n := slices.Index(order, r.Code), 0
	for _, code := range codes {
		if code == r.Code || r.OrHigher && at >= 0 && slices.Index(order, code) > at {
			n++
		}
	}
	return n
}

// Derive is the number of the first row that holds of the judgements, from 1; 0 where none does.
func (o *OutcomeRules) Derive(codes []string) int {
	for i, r := range o.Derived {
		if r.Holds(o.ObjectiveScale, codes) {
			return i + 1
		}
	}
	return 0
}
