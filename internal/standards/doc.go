// Package standards is the frameworks against which people are assessed: groups of statements, in
// numbered versions that never change once published.
//
// It owns the built-in frameworks, which are data of the program, and those that a trust or a
// school makes for itself. It does not own what anybody says of themselves against them.
package standards
