package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// MaxVersions is how often a record is opened again at most.
const MaxVersions = 50

// Version is a record as it was shared, before it was opened again: what somebody was shown is kept.
type Version struct {
	TrustID          uuid.UUID
	ID               uuid.UUID
	MeetingID        uuid.UUID
	Number           int
	RecorderID       uuid.UUID
	HeldOn           schooltime.Date
	Minutes          *int
	Answers          form.Answers `gorm:"serializer:json"`
	IndicativeRating *string
	PolicyVersionID  uuid.UUID
	SharedAt         time.Time
	Answer           *string
	AnsweredAt       *time.Time
	ReopenedBy       uuid.UUID
	ReopenedAt       time.Time
}

// TableName names the table.
func (Version) TableName() string { return "meeting_versions" }

var reopening = act{Name: "reopen", Operation: "ReopenMeeting", By: recorder, From: inState(Reopen, "Its record is shared first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := c.UnderWay()
		if leaf := &c.Rules().Meetings.Final; *leaf {
			out = append(out, fault.Refusal{Never: true, Code: "record_final", Detail: "In this trust a shared record is final.", Policy: c.Policy.Cite(leaf)})
		}
		if a.EarlierVersions >= MaxVersions {
			out = append(out, fault.Refusal{Code: "too_many_versions", Detail: "This record was opened again too often.", Unblock: "Say the rest in a note on the appraisal."})
		}
		return out
	}}

// Reopen makes a draft of a shared record again. What was shared, and what the reviewee answered,
// is kept as a version of its own.
func (s *Service) Reopen(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, []act{reopening}, Reopen, func(a *Aggregate) (audit.Event, error) {
		me := a.Case.Actor.PersonID
		a.EarlierVersions++
		a.Replaced = &Version{MeetingID: a.ID, Number: a.EarlierVersions, RecorderID: *a.RecorderID, HeldOn: a.HeldOn, Minutes: a.Minutes, Answers: a.Answers,
			IndicativeRating: a.IndicativeRating, PolicyVersionID: a.PolicyVersionID, SharedAt: *a.SharedAt, Answer: a.Answer, AnsweredAt: a.AnsweredAt,
			ReopenedBy: me, ReopenedAt: s.now()}
		a.RecorderID, a.SharedAt, a.Answer, a.AnsweredAt, a.NoteTakerID = &me, nil, nil, nil, nil
		return audit.Event{Type: "meeting.reopened", Data: map[string]any{"number": a.EarlierVersions}}, nil
	})
}

// Versions lists the records that were shared before the one that stands, newest first.
func (s *Service) Versions(ctx context.Context, id uuid.UUID) (*Aggregate, []Version, error) {
	return s.store.MeetingVersions(ctx, id)
}
