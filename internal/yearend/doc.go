// Package yearend is the close of a year: the steps of the outcome chain, engagement, ratings and
// the release of the outcome.
//
// It owns steps, ratings and engagement. The order, party, form and acts of each step are the
// trust's policy. It does not own what the outcome means for pay (pay).
package yearend
