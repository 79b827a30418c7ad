// Package appraisal is one person's year in one post: who has a seat on it, who its parties are,
// the Case that every decision is taken on, and Decide, the one function behind every command and
// every allowed_actions.
//
// It owns appraisals, seats, parties, cases and acts. It does not own objectives, check-ins,
// meetings or year-end steps: they meet here as facts of the case, and import each other nowhere.
package appraisal
