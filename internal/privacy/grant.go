package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Grant lets somebody who is no party read one appraisal for a purpose, from a day to a day. It
// opens nothing but reading, and nothing after its last day.
type Grant struct {
	record.Row
	AppraisalID uuid.UUID
	ReaderID    uuid.UUID
	Purpose     string
	FromOn      schooltime.Date
	UntilOn     schooltime.Date // the last day on which it holds
	Note        *string
	Status      GrantStatus
	GivenBy     uuid.UUID
	EndedBy     *uuid.UUID
	EndedOn     schooltime.Date
}

// TableName names the table.
func (Grant) TableName() string { return "access_grants" }

// GrantStatus says whether somebody ended a grant before its last day.
type GrantStatus string

// The statuses of a grant.
const (
	Given GrantStatus = "given"
	Ended GrantStatus = "ended"
)

// GrantEvent is what moves a grant.
type GrantEvent string

// EndGrant ends a grant at once.
const EndGrant GrantEvent = "end"

// GrantLifecycle is how a grant ends before its last day. After that day it holds no longer,
// whatever its status.
var GrantLifecycle = lifecycle.Table[GrantStatus, GrantEvent]{Given: {EndGrant: Ended}}

// InForce says whether the grant opens the record on the day.
func (g *Grant) InForce(day schooltime.Date) bool {
	return g.Status == Given && !day.Before(g.FromOn) && !day.After(g.UntilOn)
}

// Access is a grant with the case that it opens.
type Access struct {
	*Grant
	Case *appraisal.Case
}

// GrantActs are what may be done with a grant.
var GrantActs = []appraisal.Act[*Access]{ending}

var ending = appraisal.Act[*Access]{Name: "end", Operation: "EndAccessGrant",
	By: func(c *appraisal.Case, _ *Access) appraisal.Right { return appraisal.Grantors(c) },
	From: func(c *appraisal.Case, a *Access) []fault.Refusal {
		if c.Today.After(a.UntilOn) {
			return []fault.Refusal{{Code: "grant_over", Detail: "This has ended by itself."}}
		}
		return appraisal.InStatus(string(a.Status), []string{string(Given)}, "")
	}}

// NewGrant is what somebody asks to be given.
type NewGrant struct {
	AppraisalID uuid.UUID
	ReaderID    uuid.UUID
	Purpose     string
	FromOn      schooltime.Date // zero: from today
	UntilOn     schooltime.Date
	Note        *string
}

// GrantFilter narrows a list of grants; zero fields do not.
type GrantFilter struct {
	AppraisalID, PersonID, ReaderID *uuid.UUID
	InForce                         *bool
}

// Open is a record that the caller was let in to read, today.
type Open struct {
	GrantID     uuid.UUID
	AppraisalID uuid.UUID
	PersonID    uuid.UUID
	Purpose     string
	UntilOn     schooltime.Date
}

// GrantStore keeps grants. What the caller may not read is fault.Gone.
type GrantStore interface {
	// Grants lists those on records that the caller reaches by the operation, and the caller's own.
	Grants(ctx context.Context, f GrantFilter, p page.Request) (page.Page[*Access], error)
	Grant(ctx context.Context, id uuid.UUID) (*Access, error)
	// AddGrant locks the appraisal and stores the grant that add makes of its case.
	AddGrant(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*Grant, error)) (*Access, error)
	// ChangeGrant locks the appraisal, holds the grant's version, and stores what change made.
	ChangeGrant(ctx context.Context, id uuid.UUID, version int, change func(*Access) (audit.Event, error)) (*Access, error)
	// OpenToMe lists what the caller was let in to read, today.
	OpenToMe(ctx context.Context) ([]Open, error)
	// IsActive says whether the person works for the trust, or has to do with it.
	IsActive(ctx context.Context, person uuid.UUID) (bool, error)
}

// Give lets somebody read a record.
func (s *Service) Give(ctx context.Context, n NewGrant) (*Access, error) {
	return s.store.AddGrant(ctx, n.AppraisalID, func(c *appraisal.Case) (*Grant, error) {
		if err := fault.Check(appraisal.Decide(c, c, appraisal.Granting)); err != nil {
			return nil, err
		}
		if n.FromOn.IsZero() {
			n.FromOn = c.Today
		}
		if err := n.fits(c); err != nil {
			return nil, err
		}
		active, err := s.store.IsActive(ctx, n.ReaderID)
		if err != nil {
			return nil, err
		}
		if !active {
			return nil, fault.Body("/reader_id", "unknown_person", "There is no such person in this trust.")
		}
		return &Grant{AppraisalID: c.ID, ReaderID: n.ReaderID, Purpose: n.Purpose, FromOn: n.FromOn, UntilOn: n.UntilOn, Note: n.Note,
			Status: Given, GivenBy: c.Actor.PersonID}, nil
	})
}

// End ends a grant at once.
func (s *Service) End(ctx context.Context, id uuid.UUID, version int) (*Access, error) {
	return s.store.ChangeGrant(ctx, id, version, func(a *Access) (audit.Event, error) {
		if err := fault.Check(appraisal.Decide(a.Case, a, ending)); err != nil {
			return audit.Event{}, err
		}
		next, err := GrantLifecycle.Next(a.Status, EndGrant)
		if err != nil {
			return audit.Event{}, err
		}
		me := access.From(ctx).PersonID
		a.Status, a.EndedBy, a.EndedOn = next, &me, a.Case.Today
		return audit.About("access_grant", a.ID, a.Version, "ended", map[string]any{"reader_id": a.ReaderID.String()}), nil
	})
}

// Grant returns one grant.
func (s *Service) Grant(ctx context.Context, id uuid.UUID) (*Access, error) {
	return s.store.Grant(ctx, id)
}

// Grants returns a page of grants, oldest first.
func (s *Service) Grants(ctx context.Context, f GrantFilter, p page.Request) (page.Page[*Access], error) {
	p.Filter = f
	return s.store.Grants(ctx, f, p)
}

// OpenToMe lists what the caller was let in to read, today, for what and until when.
func (s *Service) OpenToMe(ctx context.Context) ([]Open, error) { return s.store.OpenToMe(ctx) }
