package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

var naming = act{Name: "name_note_taker", Operation: "NameNoteTaker",
	By: func(_ *appraisal.Case, a *Aggregate) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewer}, Leaf: &a.Plan.RecordedBy}
	},
	From: inState(Name, ""),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := c.UnderWay()
		if leaf := &a.Plan.RecordedBy; *leaf != policy.NoteTaker {
			out = append(out, fault.Refusal{Never: true, Code: "no_note_taker_here", Detail: "In this trust nobody takes notes of this meeting for somebody else.", Policy: c.Policy.Cite(leaf)})
		}
		return out
	}}

// NameNoteTaker lets somebody write the record in the reviewer's place, or nobody any more. They
// reach this meeting alone, and only until its record is shared.
func (s *Service) NameNoteTaker(ctx context.Context, id uuid.UUID, version int, person *uuid.UUID) (*Aggregate, error) {
	return s.step(ctx, id, version, []act{naming}, Name, func(a *Aggregate) (audit.Event, error) {
		if person != nil {
			active, err := s.store.ActivePeople(ctx, []uuid.UUID{*person})
			if err != nil {
				return audit.Event{}, err
			}
			if err := a.takeable(*person, len(active) == 1); err != nil {
				return audit.Event{}, err
			}
		}
		a.NoteTakerID = person
		data := map[string]any{"note_taker_id": nil}
		if person != nil {
			data["note_taker_id"] = person.String()
		}
		return audit.Event{Type: "meeting.note_taker_named", Data: data}, nil
	})
}

// takeable refuses somebody who is not there, and the reviewee, who answers the record.
func (a *Aggregate) takeable(person uuid.UUID, active bool) error {
	switch {
	case !active:
		return fault.Body("/person_id", "unknown_person", "There is no such active person in the trust.")
	case person == a.Case.PersonID:
		return fault.Body("/person_id", "own_appraisal", "Nobody takes the notes of their own meeting.")
	}
	return nil
}
