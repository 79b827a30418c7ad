// Package objective is what a person works on in the year: drafted, agreed, amended, completed.
//
// It owns objectives, their versions (revisions), who signed which, and the independent statuses
// of approval and completion. It does not own priorities or the bank (plan), nor the year-end
// judgement of an objective (yearend).
package objective
