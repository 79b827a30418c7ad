// Package privacy is what the trust can show about its own conduct: what was done to a record, and
// who has read it without being a party to it.
//
// It owns the lists of both and the rule when a reading is written down. It does not own the
// events, which package audit forms, nor what makes somebody a party, which their record knows.
package privacy
