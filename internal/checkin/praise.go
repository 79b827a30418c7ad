package checkin

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// MaxThanked is the most people who are thanked in one check-in.
const MaxThanked = 50

// Praise says by whose check-in a colleague was thanked. It holds no text: that stays in the check-in.
type Praise struct {
	TrustID     uuid.UUID
	ID          uuid.UUID
	CheckInID   uuid.UUID
	AppraisalID uuid.UUID
	PersonID    uuid.UUID
	ByID        uuid.UUID
	At          time.Time
	SchoolOn    schooltime.Date
}

// TableName names the table.
func (Praise) TableName() string { return "praises" }

// thank is one name in an answer, and where it stands.
type thank struct {
	person  uuid.UUID
	pointer string
}

// thanks are the people named in the sections that ask for people.
func thanks(f form.Form, answers form.Answers) []thank {
	var out []thank
	in := func(pointer string, v any) {
		for i, id := range form.PeopleIn(v) {
			out = append(out, thank{id, fmt.Sprintf("%s/%d", pointer, i)})
		}
	}
	for _, s := range f.Sections {
		switch {
		case s.Kind != form.People:
		case s.Per == "":
			in("/answers/"+s.Code, answers[s.Code])
		default:
			by, _ := answers[s.Code].(map[string]any)
			for _, id := range slices.Sorted(maps.Keys(by)) {
				in("/answers/"+s.Code+"/"+id, by[id])
			}
		}
	}
	return out
}

// people are those named, each once.
func people(all []thank) []uuid.UUID {
	seen := map[uuid.UUID]bool{}
	var out []uuid.UUID
	for _, t := range all {
		if !seen[t.person] {
			seen[t.person] = true
			out = append(out, t.person)
		}
	}
	return out
}

// unthankable finds names of people who are not there any more, or are oneself.
func (s *Service) unthankable(ctx context.Context, a *Aggregate, answers form.Answers) ([]fault.Violation, error) {
	all := thanks(a.Form(), answers)
	named := people(all)
	if len(named) == 0 {
		return nil, nil
	}
	active, err := s.store.ActivePeople(ctx, named)
	var out []fault.Violation
	for _, t := range all {
		switch {
		case t.person == a.Case.PersonID:
			out = append(out, fault.Violation{In: "body", Pointer: t.pointer, Code: "own_praise", Detail: "nobody thanks themselves"})
		case !slices.Contains(active, t.person):
			out = append(out, fault.Violation{In: "body", Pointer: t.pointer, Code: "unknown_person", Detail: "there is no such active person in the trust"})
		}
	}
	if len(named) > MaxThanked {
		out = append(out, fault.Violation{In: "body", Pointer: "/answers", Code: "maxItems", Detail: fmt.Sprintf("thank at most %d people in one check-in", MaxThanked)})
	}
	return out, err
}

// Received is praise with the card of whoever gave it.
type Received struct {
	Praise
	By directory.Card
}

// Praise lists the praise that the caller received, newest first.
func (s *Service) Praise(ctx context.Context, p page.Request) (page.Page[Received], error) {
	list, err := s.store.PraiseReceived(ctx, p)
	if err != nil {
		return page.Page[Received]{}, err
	}
	var givers []uuid.UUID
	for _, x := range list.Items {
		givers = append(givers, x.ByID)
	}
	cards, err := s.store.Cards(ctx, givers)
	out := page.Page[Received]{Next: list.Next}
	for _, x := range list.Items {
		out.Items = append(out.Items, Received{x, cards[x.ByID]})
	}
	return out, err
}
