// Package moderation is the years of a school or trust side by side: the queue of those that wait
// for a decision with what is missing for each, the completion of many at once, how ratings are
// distributed, and how recommendations ended.
//
// It owns the queue and the withholding of small numbers in the distribution. It does not own steps
// and ratings (yearend): what is done here for many is done as yearend does it for one.
package moderation
