package transfer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

// Store keeps imports, and writes what they change. What the caller may not read is fault.Gone.
type Store interface {
	// Alone runs fn in a transaction of its own, in which the caller is who acts.
	Alone(ctx context.Context, fn func(context.Context) error) error
	// PermitImport refuses the operation of the context to a caller who may read imports only.
	PermitImport(ctx context.Context, r access.Record) error
	// Imports and Import read imports without the content of their files, the newest first.
	Imports(ctx context.Context, r page.Request) (page.Page[Import], error)
	Import(ctx context.Context, id uuid.UUID) (*Import, error)
	// ImportRows lists the rows of an import in the order of its file; an empty action is every one.
	ImportRows(ctx context.Context, id uuid.UUID, action Action, r page.Request) (page.Page[Row], error)
	AddImport(ctx context.Context, i *Import, rows []Row, event func(*Import) audit.Event) error
	ChangeImport(ctx context.Context, id uuid.UUID, version int, change func(*Import) (audit.Event, error)) (*Import, error)
	bulkStore
}

// Service is the use cases of imports.
type Service struct {
	store    Store
	listener directory.Listener
	now      func() time.Time
}

// NewService returns the use cases over the store; the listener hears what concerns appraisals.
// now is the wall clock.
func NewService(store Store, listener directory.Listener, now func() time.Time) *Service {
	return &Service{store, listener, now}
}

// Imports lists the imports of the trust.
func (s *Service) Imports(ctx context.Context, r page.Request) (page.Page[Import], error) {
	return s.store.Imports(ctx, r)
}

// Import returns one import.
func (s *Service) Import(ctx context.Context, id uuid.UUID) (*Import, error) {
	return s.store.Import(ctx, id)
}

// Rows lists what each row of an import would do, or did.
func (s *Service) Rows(ctx context.Context, id uuid.UUID, action Action, r page.Request) (page.Page[Row], error) {
	if _, err := s.store.Import(ctx, id); err != nil {
		return page.Page[Row]{}, err
	}
	return s.store.ImportRows(ctx, id, action, r)
}

// Plan reads a staff list and plans what it would change. The file is read to its end before any
// transaction begins, so that a slow sender holds no connection.
func (s *Service) Plan(ctx context.Context, fileName *string, body io.Reader) (*Import, error) {
	content, list, err := read(body)
	if err != nil {
		return nil, err
	}
	a := access.From(ctx)
	i := &Import{Kind: StaffList, FileName: fileName, State: Planned, Content: content, CreatedBy: a.PersonID}
	return i, s.store.Alone(ctx, func(ctx context.Context) error {
		dir, err := s.store.WholeDirectory(ctx)
		if err != nil {
			return err
		}
		plan := Compare(list, dir, Asker{Own: a.PersonID, Today: a.Today})
		i.Plan = plan.Sheet
		return s.store.AddImport(ctx, i, plan.Rows, func(i *Import) audit.Event { return i.event("planned") })
	})
}

func read(body io.Reader) (Content, *stafflist.List, error) {
	content, err := io.ReadAll(io.LimitReader(body, stafflist.MaxBytes+1))
	if len(content) > stafflist.MaxBytes || err != nil && len(content) == stafflist.MaxBytes {
		return nil, nil, fault.New(fault.TooLarge, "body_too_large", "The file is larger than %d MiB. Leave out columns that are not needed, or send it in parts.", stafflist.MaxBytes>>20)
	}
	if err != nil {
		return nil, nil, fault.New(fault.Malformed, "unreadable_body", "The body could not be read to its end.")
	}
	list, err := stafflist.Parse(bytes.NewReader(content), stafflist.Options{})
	if f, ok := errors.AsType[*stafflist.FileError](err); ok {
		return nil, nil, fault.Body("", string(f.Code), "%s", capital(f.Error()))
	}
	return content, list, err
}

// capital makes a sentence of what the reader of the file says.
func capital(text string) string {
	return string(bytes.ToUpper([]byte(text[:1]))) + text[1:] + "."
}

// Apply does what the plan says, all of it or nothing. Rows with errors are left out only when
// that is asked for.
func (s *Service) Apply(ctx context.Context, id uuid.UUID, version int, allowErrors bool) (*Import, error) {
	if _, err := s.store.Import(ctx, id); err != nil {
		return nil, err
	}
	if err := s.store.PermitImport(ctx, access.Record{}); err != nil {
		return nil, err
	}
	return s.store.ChangeImport(ctx, id, version, func(i *Import) (audit.Event, error) {
		if i.State == Applied {
			return audit.Event{}, fault.Check([]fault.Refusal{{Code: "already_applied", Detail: "This import has been applied.", Unblock: "Import the next list as a new file."}})
		}
		if n := i.Plan.Summary.Errors; n > 0 && !allowErrors {
			return audit.Event{}, fault.Check([]fault.Refusal{{Code: "import_has_errors", Detail: "Rows of the list have errors.",
				Unblock: "Correct the list and import it again, or apply with allow_errors to leave those rows out."}})
		}
		if err := s.carryOut(ctx, i); err != nil {
			return audit.Event{}, err
		}
		i.apply(s.now())
		return i.event("applied"), nil
	})
}

func (i *Import) event(verb string) audit.Event {
	n := i.Plan.Summary
	return audit.About("import", i.ID, i.Version, verb, map[string]any{"rows": n.Rows, "new": n.New, "changed": n.Changed, "unchanged": n.Unchanged, "errors": n.Errors})
}
