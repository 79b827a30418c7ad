// Package checkin is what a person writes in each window of the year: how it goes, and whom they
// would like to thank.
//
// It owns check-ins, the reviewer's acknowledgement of them, and praise. It does not own the
// windows (cycle), what the check-ins suggest about the year (yearend), nor the comments on them,
// which are notes of the appraisal.
package checkin
