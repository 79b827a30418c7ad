// Package evidence is what shows the work: links, notes and documents on objectives, on statements
// of a self-assessment and on meetings.
//
// It owns them, what a document may be, and how long one that nobody kept stays. Which kinds there
// are and how much of each is asked for is the trust's policy. Whoever reads the record on which
// evidence hangs reads the evidence; the store holds that. It does not own where documents are kept.
package evidence
