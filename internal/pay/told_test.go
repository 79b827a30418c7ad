package pay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/schooltime"
)

const approvedLater = `{"schema":1,"rules":{"pay":{"link":"recommendation","chain":[
	{"code":"decide","label":"Decision","order":1,"party":"hr","acts":["decide_pay"],"required":true},
	{"code":"approve","label":"Approval","order":2,"party":"head","acts":["approve"],"required":true},
	{"code":"more","label":"More","order":3,"party":"hr","acts":["decide_pay"],"required":false}]}}}`

// A decision is told with the release of the chain in its round, and one that another replaced before
// that never is.
func TestADecisionIsToldWithTheReleaseOfItsRound(t *testing.T) {
	start := time.Date(2027, 9, 1, 9, 0, 0, 0, time.UTC)
	day := func(n int) schooltime.Date { return schooltime.On(start.AddDate(0, 0, n)) }
	decided := func(kind Kind, n int) Decision {
		return Decision{Kind: kind, DecidedAt: start.AddDate(0, 0, n), DecidedOn: day(n)}
	}
	done := func(round int, code string, n int) Settled {
		return Settled{Round: round, Code: code, DoneAt: start.AddDate(0, 0, n), DoneOn: day(n)}
	}
	never := schooltime.Date{}
	for name, tc := range map[string]struct {
		round   int
		history []Decision
		done    []Settled
		want    []schooltime.Date
	}{
		"nobody has approved it":                  {1, []Decision{decided(Decided, 1)}, []Settled{done(1, "decide", 1)}, []schooltime.Date{never}},
		"it is approved":                          {1, []Decision{decided(Decided, 1)}, []Settled{done(1, "approve", 4), done(1, "decide", 1)}, []schooltime.Date{day(4)}},
		"the first was sent back":                 {1, []Decision{decided(Decided, 1), decided(Decided, 3)}, []Settled{done(1, "decide", 3), done(1, "approve", 4)}, []schooltime.Date{never, day(4)}},
		"another follows the release":             {1, []Decision{decided(Decided, 1), decided(Decided, 6)}, []Settled{done(1, "decide", 1), done(1, "approve", 4), done(1, "more", 6)}, []schooltime.Date{day(4), day(6)}},
		"the first round was not released":        {2, []Decision{decided(Decided, 1), decided(Decided, 8)}, []Settled{done(1, "decide", 1), done(2, "decide", 8), done(2, "approve", 9)}, []schooltime.Date{never, day(9)}},
		"the second round is not released yet":    {2, []Decision{decided(Decided, 1), decided(Decided, 8)}, []Settled{done(1, "decide", 1), done(1, "approve", 2), done(2, "decide", 8)}, []schooltime.Date{day(2), never}},
		"beyond the rule, and on appeal, at once": {1, []Decision{decided(Decided, 1), decided(Exception, 5), decided(OnAppeal, 7)}, []Settled{done(1, "decide", 1), done(1, "approve", 4)}, []schooltime.Date{day(4), day(5), day(7)}},
	} {
		c := released(t, approvedLater)
		c.Round, c.Cycle.Due = tc.round, func(string) schooltime.Date { return schooltime.Date{} }
		Tell(c, tc.history, tc.done)
		for i, d := range tc.history {
			assert.Equal(t, tc.want[i], d.ToldOn, "%s: %d", name, i)
		}
	}
}

func TestADecisionThatNoChainMakesIsToldAtOnce(t *testing.T) {
	on := schooltime.On(time.Date(2027, 9, 1, 0, 0, 0, 0, time.UTC))
	for _, c := range []*appraisal.Case{released(t, byRecommendation), released(t, approvedLater)} {
		if len(c.Rules().Pay.Chain) > 0 {
			c.Status = appraisal.Transferred
		}
		history := []Decision{{Kind: Decided, DecidedOn: on}}
		Tell(c, history, nil)
		assert.Equal(t, on, history[0].ToldOn)
	}
}
