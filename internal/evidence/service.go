package evidence

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// Filter narrows the evidence of an appraisal; zero fields do not.
type Filter struct {
	SubjectKind string
	SubjectID   *uuid.UUID
}

// List is a page of the evidence of a case, with the case and how many pieces the record has that
// the filter names.
type List struct {
	page.Page[*Aggregate]
	Place
}

// Store keeps evidence. Whatever the caller may not read is fault.Gone.
type Store interface {
	// Alone runs fn in a transaction of its own, in which the caller is who acts.
	Alone(ctx context.Context, fn func(context.Context) error) error
	// Evidence lists what the caller reads of an appraisal, oldest first.
	Evidence(ctx context.Context, appraisalID uuid.UUID, f Filter, p page.Request) (List, error)
	// Piece reads one; somebody who is no party leaves a disclosure.
	Piece(ctx context.Context, id uuid.UUID) (*Aggregate, error)
	// AddEvidence locks the appraisal, counts what the subject has, and stores what add makes of it. A
	// subject that the caller may not read is refused as not there.
	AddEvidence(ctx context.Context, appraisalID uuid.UUID, s Subject, add func(Place) (*Aggregate, audit.Event, error)) (*Aggregate, error)
	// ChangeEvidence locks appraisal and piece, holds the version, and stores what change made.
	ChangeEvidence(ctx context.Context, id uuid.UUID, version int, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error)
	// RecordRead writes down that the caller took the content of a piece.
	RecordRead(ctx context.Context, a *Aggregate, e audit.Event) error
	// Trusts lists every trust, and KeptBlobs the keys that a trust's evidence still names.
	Trusts(ctx context.Context) ([]uuid.UUID, error)
	KeptBlobs(ctx context.Context, trust uuid.UUID) (map[string]bool, error)
}

// Service is the use cases of evidence.
type Service struct {
	store Store
	files Files
	now   func() time.Time
}

// NewService returns the use cases over a store and the place of documents. now is the wall clock.
func NewService(store Store, files Files, now func() time.Time) *Service {
	return &Service{store, files, now}
}

// List lists evidence. What notes and links hold comes with Get.
func (s *Service) List(ctx context.Context, appraisalID uuid.UUID, f Filter, p page.Request) (List, error) {
	return s.store.Evidence(ctx, appraisalID, f, p)
}

// Get reads one piece.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (*Aggregate, error) {
	return s.store.Piece(ctx, id)
}

// Add adds a link or a note.
func (s *Service) Add(ctx context.Context, appraisalID uuid.UUID, d Draft) (*Aggregate, error) {
	if err := d.Subject.named(); err != nil {
		return nil, err
	}
	return s.store.AddEvidence(ctx, appraisalID, d.Subject, func(p Place) (*Aggregate, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(p.Case, p, adding)); err != nil {
			return nil, audit.Event{}, err
		}
		form, err := ofKind(p.Case, d.Kind, Link, Note)
		if err != nil {
			return nil, audit.Event{}, err
		}
		e, err := d.piece(p.Case, form)
		return &Aggregate{Evidence: e, Case: p.Case}, e.event("added"), err
	})
}

// Remove takes a piece away that the caller has added. The file of a document goes once that is
// committed; one that cannot be deleted then is swept at a later start.
func (s *Service) Remove(ctx context.Context, id uuid.UUID, version int) error {
	var a *Aggregate
	err := s.store.Alone(ctx, func(ctx context.Context) (err error) {
		a, err = s.store.ChangeEvidence(ctx, id, version, func(a *Aggregate) (audit.Event, error) {
			if err := fault.Check(appraisal.Decide(a.Case, a, removing)); err != nil {
				return audit.Event{}, err
			}
			at := s.now()
			a.RemovedAt = &at
			return a.event("removed"), nil
		})
		return err
	})
	if err == nil && a.BlobKey != nil {
		_ = s.files.Delete(context.WithoutCancel(ctx), *a.BlobKey)
	}
	return err
}

// Download opens the document of a piece, and writes down that it was taken before anybody has it.
// The caller closes it.
func (s *Service) Download(ctx context.Context, id uuid.UUID) (a *Aggregate, content io.ReadCloser, err error) {
	err = s.store.Alone(ctx, func(ctx context.Context) (err error) {
		if a, err = s.store.Piece(ctx, id); err != nil {
			return err
		}
		if a.BlobKey == nil {
			return fault.New(fault.Conflict, "no_document", "This piece of evidence is a %s and has no document.", a.Form)
		}
		if content, err = s.files.Open(context.WithoutCancel(ctx), *a.BlobKey); err != nil {
			return err
		}
		return s.store.RecordRead(ctx, a, a.event("downloaded"))
	})
	if err != nil && content != nil {
		_ = content.Close()
		content = nil
	}
	return a, content, err
}

// event says what happened to the piece, in codes and ids alone.
func (e Evidence) event(verb string) audit.Event {
	return audit.Event{Type: "evidence." + verb, Data: map[string]any{"subject_kind": e.SubjectKind, "subject_id": e.SubjectID, "kind": e.Kind, "form": e.Form}}
}
