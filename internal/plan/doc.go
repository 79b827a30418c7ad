// Package plan is what a trust sets out to do, for objectives to serve: priorities on two levels,
// and the objective bank.
//
// It owns both and their rules. It does not own the links from objectives, which stay when a
// priority is archived.
package plan
