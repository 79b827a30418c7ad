// Package report is what is written and told of a year: the written report of one appraisal, with
// its sections and who receives them; corrections that are appended to it; and what governors are
// told of all years together, in which nobody can be recognised.
//
// It owns corrections and the withholding of small numbers. What a section holds belongs to the
// part that it comes from.
package report
