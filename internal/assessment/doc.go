// Package assessment is what people say of themselves: self-assessments against standards, the
// reviewer's ratings beside them, what follows from both, and notes to prepare a meeting by.
//
// It owns self-assessments and preparations. It does not own the frameworks, nor the objectives
// that follow; who is assessed against what is the trust's policy.
package assessment
