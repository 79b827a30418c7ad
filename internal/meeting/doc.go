// Package meeting is the planned meetings of a year and the record of each: when it is held, what
// was said, and what the reviewee answers.
//
// It owns meetings, their records and what was shared of them before. Which meetings there are, who records them and on which form
// is the trust's policy. It does not own what a meeting may set off, such as a change of an objective.
package meeting
