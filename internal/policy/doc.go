// Package policy is a trust's appraisal process as a document: typed rules, the layers that make
// them, the conditions they use, and the check that a document can be run. It is pure.
//
// It owns the form of a policy, its resolution for a unit and staff group, citations of its
// parameters, the built-in profiles, and the trust's drafts and published versions. It does not
// own dates or tables of a year, which are the cycle's; it imports no feature.
package policy
