// Package appeal is what a person may do against the decision on their pay and against the
// statement on their year, before whom, and by when.
//
// It owns appeals, their stages and amendments, and what each may end in. An appeal against pay
// appends a decision on pay and touches nothing of the review. One against the statement leaves it,
// has an amendment stand beside it by consent, or has the year judged anew by somebody else; the
// chain that is then done again is yearend's.
package appeal
