package appraisal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/perennial-api/perennial/internal/policy"
)

// Terms are the trust's own words, in which people here are spoken to.
func (c *Case) Terms() *policy.TermRules { return &c.Rules().Terms }

// PartyName is the party in the trust's own words, such as the line manager.
func (c *Case) PartyName(p policy.Party) string { return PartyIn(c.Terms(), p) }

// PartyIn is the party in a trust's own words, where several cases are spoken of.
func PartyIn(t *policy.TermRules, p policy.Party) string {
	switch p {
	case policy.Reviewee:
		return "the " + t.Reviewee.One
	case policy.Reviewer:
		return "the " + t.Reviewer.One
	case policy.ReviewersReviewer:
		return "the " + t.Reviewer.One + "'s " + t.Reviewer.One
	case policy.Head:
		return "the " + t.Head.One
	case policy.HR:
		return t.HR.One
	}
	return PartyName(p)
}

// partyNames are several parties in the trust's own words, any of whom may act.
func (c *Case) partyNames(parties []policy.Party) string {
	out := make([]string, len(parties))
	for i, p := range parties {
		out[i] = c.PartyName(p)
	}
	if len(out) == 0 {
		return "whoever it came to"
	}
	return strings.Join(out, " or ")
}

// module is a part of the process in the trust's own words.
func (c *Case) module(name string) string {
	t := c.Terms()
	switch name {
	case policy.ModuleSelfAssessment:
		return t.SelfAssessment.Many
	case policy.ModuleCheckIns:
		return t.CheckIn.Many
	case policy.ModuleMeetings:
		return t.Meeting.Many
	case policy.ModuleEvidence:
		return t.Evidence.Many
	}
	return name
}

// Sentence begins a sentence with a word.
func Sentence(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}
