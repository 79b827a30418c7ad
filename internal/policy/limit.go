package policy

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Limit is a whole number, or no limit at all, written "none". The zero Limit is none, so that a
// limit is never zero by accident.
type Limit struct {
	n   int
	set bool
}

// LimitOf returns the limit n.
func LimitOf(n int) Limit { return Limit{n: n, set: true} }

// N returns the number and true, or false when there is no limit.
func (l Limit) N() (int, bool) { return l.n, l.set }

// Allows says whether a count of n is within the limit.
func (l Limit) Allows(n int) bool { return !l.set || n <= l.n }

// String is the number, or "none".
func (l Limit) String() string {
	if !l.set {
		return "none"
	}
	return strconv.Itoa(l.n)
}

// MarshalJSON writes the number, or "none".
func (l Limit) MarshalJSON() ([]byte, error) {
	if !l.set {
		return []byte(`"none"`), nil
	}
	return json.Marshal(l.n)
}

// UnmarshalJSON reads a whole number from 0, or "none".
func (l *Limit) UnmarshalJSON(b []byte) error {
	if string(b) == `"none"` {
		*l = Limit{}
		return nil
	}
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 0 {
		return fmt.Errorf(`%s is neither a whole number nor "none"`, b)
	}
	*l = LimitOf(n)
	return nil
}
