package report

import "testing"

func TestACorrectionIsDecidedOnceAndARefusalDisputedOnce(t *testing.T) {
	legal := map[Status]map[Event]Status{
		Requested: {Accept: Accepted, Refuse: Refused},
		Refused:   {Disagree: Disputed},
		Accepted:  {},
		Disputed:  {},
	}
	for from, moves := range legal {
		for _, e := range []Event{Accept, Refuse, Disagree} {
			got, err := Lifecycle.Next(from, e)
			want, ok := moves[e]
			if ok != (err == nil) || ok && got != want {
				t.Errorf("%s in %s: %s, %v", e, from, got, err)
			}
		}
	}
}
