// Package transfer brings lists of other systems into the trust: an import is read, compared with
// the directory, shown as a plan, and changes something only when somebody applies it.
//
// It owns imports, their plans, and how a row of a staff list is told to be a person and a post of
// the directory. How a file is read is in stafflist; what a person, post or line manager must be
// is the directory's.
package transfer
