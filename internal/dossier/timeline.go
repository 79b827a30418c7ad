package dossier

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/page"
)

// Moment is one thing that happened in a year, in plain words.
type Moment struct {
	Happening
	Source   Source
	Sentence string
	Actor    *directory.Card
}

// Timeline lists what happened in a year, the latest first. A type of event that has no words here is
// not told of, so that what is new stays unsaid until somebody has thought of who may know it.
func (s *Service) Timeline(ctx context.Context, appraisalID uuid.UUID, p page.Request) (page.Page[Moment], error) {
	c, list, err := s.store.Timeline(ctx, appraisalID, slices.Sorted(maps.Keys(words)), p)
	if err != nil {
		return page.Page[Moment]{}, err
	}
	var people []uuid.UUID
	for _, e := range list.Items {
		if e.ActorID != nil {
			people = append(people, *e.ActorID)
		}
	}
	cards, err := s.store.Cards(ctx, people)
	out := page.Page[Moment]{Next: list.Next}
	for _, e := range list.Items {
		m := Moment{Happening: e, Source: Source{Kind: e.Subject.Kind, ID: e.Subject.ID, On: &Source{Kind: "appraisal", ID: c.ID}}, Sentence: words[e.Type](c, e)}
		if name, ok := e.Data["step"].(string); ok {
			m.Source.Step = name
		}
		if e.ActorID != nil {
			if card, ok := cards[*e.ActorID]; ok {
				m.Actor = &card
			}
		}
		out.Items = append(out.Items, m)
	}
	return out, err
}

type wording func(*appraisal.Case, Happening) string

// words are the sentences of the events that a timeline tells of. They hold nothing that somebody
// wrote, and of a step nothing but that it is done.
var words = map[string]wording{
	"appraisal.enrolled":               year("The %s began."),
	"appraisal.handed_over":            reviewing("Another %s was named."),
	"appraisal.reviewer_changed":       reviewing("The %s changed with the line management."),
	"appraisal.reviewer_left":          reviewing("The %s left."),
	"appraisal.moved":                  year("The %s moved to another unit."),
	"appraisal.shortened":              year("The %s ends earlier, with the post."),
	"appraisal.suspended":              year("The %s stands still."),
	"appraisal.resumed":                year("The %s goes on."),
	"appraisal.transferred":            year("The %s ended without an outcome."),
	"deferral.begun":                   plain("Something of the outcome waits for examination results."),
	"deferral.resolved":                plain("What had waited for examination results was settled."),
	"appraisal.ended":                  year("The %s ended."),
	"appraisal.closed":                 year("The %s was closed with its year."),
	"appraisal.released":               year("The outcome of the %s was released."),
	"appraisal.objectives_prioritised": objectives("It was settled which %s count."),

	"objective.created":             objective1("%s was begun."),
	"objective.proposed":            objective1("%s was proposed."),
	"objective.signed":              objective1("%s was signed by one party."),
	"objective.approved":            objective1("%s was agreed."),
	"objective.changes_requested":   objective1("Changes to %s were asked for."),
	"objective.escalated":           objective1("A disagreement on %s was handed on."),
	"objective.determined":          objective1("%s was determined."),
	"objective.amendment_started":   objective1("A change to %s was begun."),
	"objective.amendment_discarded": objective1("A change to %s was dropped."),
	"objective.adopted":             objective1("A change to %s went live."),
	"objective.withdrawn":           objective1("%s was withdrawn."),
	"objective.completed":           objective1("%s was completed."),
	"objective.reopened":            objective1("%s is not complete after all."),
	"objective.validated":           objective1("Whether %s is complete was judged."),
	"objective.progressed":          progressed,

	"check_in.sent":         checkIn("%s was sent."),
	"check_in.acknowledged": checkIn("%s was acknowledged."),
	"check_in.commented":    checkIn("%s was commented on."),

	"meeting.scheduled":        meeting1("%s was scheduled."),
	"meeting.rescheduled":      meeting1("%s was moved to another time."),
	"meeting.cancelled":        meeting1("%s was cancelled."),
	"meeting.note_taker_named": meeting1("Who takes notes of %s was settled."),
	"meeting.shared":           meeting1("The record of %s was shared."),
	"meeting.reopened":         meeting1("The record of %s was opened again."),
	"meeting.answered":         meeting1("The record of %s was answered."),

	"evidence.added":            evidence1("%s was added."),
	"note.added":                plain("A note was added."),
	"self_assessment.completed": selfAssessment("%s was completed."),

	"step.done":     step("%s is done."),
	"step.declined": step("%s was declined."),
	"step.skipped":  step("%s was passed over."),
	"step.returned": step("%s sent the chain back to an earlier step."),
	"pay.decided":   plain("Pay was decided."),
}

func plain(sentence string) wording {
	return func(*appraisal.Case, Happening) string { return sentence }
}

func year(format string) wording {
	return func(c *appraisal.Case, _ Happening) string { return fmt.Sprintf(format, c.Terms().Process.One) }
}

func reviewing(format string) wording {
	return func(c *appraisal.Case, _ Happening) string { return fmt.Sprintf(format, c.Terms().Reviewer.One) }
}

func objectives(format string) wording {
	return func(c *appraisal.Case, _ Happening) string { return fmt.Sprintf(format, c.Terms().Objective.Many) }
}

// of is a wording about one of what the trust calls by a name; the name begins with a capital where
// the sentence does.
func of(format string, name func(*appraisal.Case) string) wording {
	return func(c *appraisal.Case, _ Happening) string { return appraisal.Sentence(fmt.Sprintf(format, name(c))) }
}

func objective1(format string) wording {
	return of(format, func(c *appraisal.Case) string { return article(c.Terms().Objective.One) })
}

func checkIn(format string) wording {
	return of(format, func(c *appraisal.Case) string { return article(c.Terms().CheckIn.One) })
}

func meeting1(format string) wording {
	return of(format, func(c *appraisal.Case) string { return article(c.Terms().Meeting.One) })
}

func evidence1(format string) wording {
	return of(format, func(c *appraisal.Case) string { return article(c.Terms().Evidence.One) })
}

func selfAssessment(format string) wording {
	return of(format, func(c *appraisal.Case) string { return article(c.Terms().SelfAssessment.One) })
}

// article puts a or an before a noun.
func article(noun string) string {
	if noun != "" && slices.Contains([]byte("aeiouAEIOU"), noun[0]) {
		return "an " + noun
	}
	return "a " + noun
}

func progressed(c *appraisal.Case, e Happening) string {
	return appraisal.Sentence(fmt.Sprintf("%s came to %v %%.", article(c.Terms().Objective.One), e.Data["to"]))
}

// step names the step that an event is about; one that the policy no longer has is a step.
func step(format string) wording {
	return func(c *appraisal.Case, e Happening) string {
		for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
			for _, s := range c.Chain(chain) {
				if s.Name() == e.Data["step"] {
					return fmt.Sprintf(format, s.Rule.Label)
				}
			}
		}
		return fmt.Sprintf(format, "A step")
	}
}
