package retention

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// expiry is for how many days what was asked for can be downloaded.
const expiry = 30

// Export is that somebody asked for everything that is held about a person.
type Export struct {
	record.Row
	PersonID     uuid.UUID
	RequestedBy  uuid.UUID
	RequestedOn  schooltime.Date
	ExpiresOn    schooltime.Date // the last day on which it can be downloaded
	Downloads    int
	DownloadedAt *time.Time // the last time
}

// TableName names the table.
func (Export) TableName() string { return "subject_access_exports" }

// DueOn is a calendar month after it was asked for. It is shown, and nothing hangs on it.
func (e *Export) DueOn() schooltime.Date { return e.RequestedOn.AddMonths(1) }

func (e *Export) event(verb string) audit.Event {
	return audit.About("subject_access_export", e.ID, e.Version, verb, nil).Of(e.PersonID, uuid.Nil)
}

// Created is the event of a request that was made.
func (e *Export) Created() audit.Event { return e.event("requested") }

// Ask records that the caller asked for everything about the person.
func (s *Service) Ask(ctx context.Context, person uuid.UUID) (*Export, error) {
	a := access.From(ctx)
	e := &Export{PersonID: person, RequestedBy: a.PersonID, RequestedOn: a.Today, ExpiresOn: a.Today.AddDays(expiry)}
	return e, s.store.AddExport(ctx, e)
}

// Export returns one request.
func (s *Service) Export(ctx context.Context, id uuid.UUID) (*Export, error) {
	return s.store.Export(ctx, id)
}

// Download makes the archive, and writes down that it was taken before anybody has it. The caller
// closes it.
func (s *Service) Download(ctx context.Context, id uuid.UUID) (archive io.ReadCloser, bytes int64, err error) {
	var e *Export
	var held Holdings
	err = s.store.Alone(ctx, func(ctx context.Context) (err error) {
		e, held, err = s.store.TakeExport(ctx, id, func(e *Export) (audit.Event, error) {
			if err := e.mayTake(access.From(ctx)); err != nil {
				return audit.Event{}, err
			}
			at := s.now()
			e.Downloads, e.DownloadedAt = e.Downloads+1, &at
			return e.event("downloaded"), nil
		})
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	return s.pack(ctx, e, held)
}

func (e *Export) mayTake(a *access.Actor) error {
	if a.PersonID != e.PersonID && a.PersonID != e.RequestedBy {
		return fault.New(fault.Forbidden, "not_your_export", "Only the person, or whoever asked for this, downloads it. Ask for one of your own.")
	}
	if a.Today.After(e.ExpiresOn) {
		return fault.New(fault.Conflict, "export_expired", "This could be downloaded for %d days. Ask anew.", expiry)
	}
	return nil
}

// pack writes the archive into a temporary file, which is gone when it is closed.
func (s *Service) pack(ctx context.Context, e *Export, held Holdings) (io.ReadCloser, int64, error) {
	f, err := s.files.Temporary()
	if err != nil {
		return nil, 0, err
	}
	err = write(f, e, held, func(key string) (io.ReadCloser, error) { return s.files.Open(ctx, key) })
	var n int64
	if err == nil {
		n, err = f.Seek(0, io.SeekEnd)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, err
	}
	return f, n, nil
}
