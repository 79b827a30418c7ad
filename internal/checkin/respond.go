package checkin

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
)

// MaxResponses is the most comments on a check-in.
const MaxResponses = 50

// Comment is what the reviewer says about one section, or about the whole.
type Comment struct {
	Section *string
	Text    string
}

// Respond acknowledges the check-in, with comments. Later calls add comments.
func (s *Service) Respond(ctx context.Context, id uuid.UUID, version int, comments []Comment) (*Aggregate, error) {
	return s.step(ctx, id, version, responding, Respond, func(a *Aggregate) (audit.Event, error) {
		if err := a.accept(comments); err != nil {
			return audit.Event{}, err
		}
		at, verb := s.now(), "commented"
		if a.AcknowledgedAt == nil {
			verb = "acknowledged"
			a.AcknowledgedAt, a.AcknowledgedBy = &at, &a.Case.Actor.PersonID
		}
		for _, c := range comments {
			a.Case.Say("comment", "check_in", a.ID, c.Section, c.Text, at)
		}
		return audit.Event{Type: "check_in." + verb, Data: map[string]any{"comments": len(comments)}}, nil
	})
}

// accept refuses comments that are too few, too many, empty, or on a section that is not asked.
func (a *Aggregate) accept(comments []Comment) error {
	leaf := &a.Case.Rules().CheckIns.ReviewerComments
	switch {
	case a.State == Sent && len(comments) < *leaf:
		e := fault.Body("/comments", "too_few_comments", "This trust asks for at least %d of the reviewer's comments on each check-in.", *leaf)
		e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: a.Case.Policy.Cite(leaf), Unblock: "Add a comment."}}
		return e
	case a.State == Acknowledged && len(comments) == 0:
		return fault.Body("/comments", "comment_required", "It is acknowledged already: add a comment.")
	case len(a.Responses)+len(comments) > MaxResponses:
		return fault.New(fault.Conflict, "too_many_comments", "A check-in takes %d comments. Go on in a note on the appraisal.", MaxResponses)
	}
	var wrong []fault.Violation
	f := a.Form()
	for i, c := range comments {
		if c.Section != nil && f.Section(*c.Section) == nil {
			wrong = append(wrong, fault.Violation{In: "body", Pointer: fmt.Sprintf("/comments/%d/section", i), Code: "unknown_section", Detail: "the form has no such section"})
		}
		if strings.TrimSpace(c.Text) == "" {
			wrong = append(wrong, fault.Violation{In: "body", Pointer: fmt.Sprintf("/comments/%d/text", i), Code: "required", Detail: "say something"})
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, "invalid_comments", "Some comments cannot be taken; errors lists them all.")
	e.Violations = wrong
	return e
}
