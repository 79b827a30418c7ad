// Package cycle is a trust's appraisal year: its period, its own deadlines, its check-in windows,
// its pay table, who is in it and why.
//
// It owns the dates and tables of one year. It does not own rules, which are the policy's, nor the
// appraisals that enrolment makes, which are package appraisal's once they are there.
package cycle
