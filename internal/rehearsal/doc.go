// Package rehearsal tries a policy on the trust's real people before it is published: who would be
// in, who would act at each step, what would go wrong, and what would change.
//
// It owns what is looked for and how it is counted. It holds no rule of its own: who is in is the
// cycle's enrolment, who acts is the appraisal's Case, and days are the cycle's. It stores nothing.
package rehearsal
