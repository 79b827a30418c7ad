// Package privacy is what the trust can show about its own conduct: what was done to a record, and
// who has read it without being a party to it.
//
// It owns the lists of both, the rule when a reading is written down, the grants by which somebody
// who is no party may read a record, and what is reported as read wrongly. It does not own the
// events, which package audit forms and verifies, nor what makes somebody a party, which their
// record knows.
package privacy
