package policy

import (
	"strings"
	"unicode/utf8"
)

// longestTerm is the most characters of a word of the trust's own, which stands inside sentences.
const longestTerm = 60

// terms checks that the trust's own words can stand inside a sentence.
func (in *inspection) terms() {
	t := &in.Rules.Terms
	for _, word := range []*string{&t.Process.One, &t.Process.Many, &t.Reviewee.One, &t.Reviewee.Many, &t.Reviewer.One, &t.Reviewer.Many, &t.Head.One, &t.Head.Many,
		&t.HR.One, &t.HR.Many, &t.Objective.One, &t.Objective.Many, &t.SelfAssessment.One, &t.SelfAssessment.Many, &t.CheckIn.One, &t.CheckIn.Many,
		&t.Meeting.One, &t.Meeting.Many, &t.Evidence.One, &t.Evidence.Many} {
		if n := utf8.RuneCountInString(*word); strings.TrimSpace(*word) == "" || n > longestTerm || strings.ContainsAny(*word, "\r\n") {
			in.fault("term_unusable", "a word of the trust's own stands inside sentences", "use 1 to 60 characters on one line", word)
		}
	}
}
