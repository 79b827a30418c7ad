package directory

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/schooltime"
)

type managerStore interface {
	// ManagersOf lists the line managers of a post, newest first.
	ManagersOf(ctx context.Context, post uuid.UUID) ([]LineManager, error)
	// Managing lists the line management by the person that has not ended by the day.
	Managing(ctx context.Context, person uuid.UUID, on schooltime.Date) ([]LineManager, error)
	CreateManager(ctx context.Context, m *LineManager, event func(*LineManager) audit.Event) error
	UpdateManager(ctx context.Context, id uuid.UUID, version int, change func(*LineManager) (audit.Event, error)) error
	// Unassigned lists the posts of today within reach that nobody line-manages.
	Unassigned(ctx context.Context, op string, unit *uuid.UUID, r page.Request) (page.Page[Unassigned], error)
	// WithCards fills in the managers' cards.
	WithCards(ctx context.Context, managers []LineManager) error
	// Try runs fn so that its failure undoes only what fn did.
	Try(ctx context.Context, fn func(context.Context) error) error
}

// LineManagers lists who line-managed a post and when, newest first.
func (s *Service) LineManagers(ctx context.Context, post uuid.UUID) ([]LineManager, error) {
	if _, err := s.store.Post(ctx, access.Operation(ctx), post); err != nil {
		return nil, err
	}
	list, err := s.store.ManagersOf(ctx, post)
	if err != nil {
		return nil, err
	}
	return list, s.store.WithCards(ctx, list)
}

// Unassigned lists the posts that nobody line-manages today.
func (s *Service) Unassigned(ctx context.Context, unit *uuid.UUID, r page.Request) (page.Page[Unassigned], error) {
	return s.store.Unassigned(ctx, access.Operation(ctx), unit, r)
}

// SetLineManager sets who line-manages a post from a day on; whoever did so until then ends on it.
func (s *Service) SetLineManager(ctx context.Context, version int, a Assignment) (*Post, error) {
	if err := s.assign(ctx, version, a); err != nil {
		return nil, err
	}
	return s.store.Post(ctx, readPost, a.PostID)
}

// errUnchanged says inside a change that there is nothing to do.
var errUnchanged = errors.New("directory: nothing changed")

func (s *Service) assign(ctx context.Context, version int, a Assignment) error {
	if err := s.mayChangePost(ctx, a.PostID); err != nil {
		return err
	}
	var from schooltime.Date
	err := s.store.UpdatePost(ctx, a.PostID, version, func(p *Post) (audit.Event, error) {
		m, err := s.appoint(ctx, p, "/manager_id", a)
		if err != nil {
			return audit.Event{}, err
		}
		if m == nil {
			return audit.Event{}, errUnchanged
		}
		from = m.FromOn
		return postEvent(p, "line_manager_set", map[string]any{"manager_id": m.ManagerID.String(), "from_on": from.String()}), nil
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.listener.LineManagerChanged(ctx, a.PostID, from)
}

// appoint makes somebody line manager of a post that is locked; nil when they are it already.
func (s *Service) appoint(ctx context.Context, p *Post, at string, a Assignment) (*LineManager, error) {
	if a.FromOn.IsZero() {
		a.FromOn = schooltime.Max(today(ctx), p.FromOn)
	}
	if err := s.appointable(ctx, p, at, a); err != nil {
		return nil, err
	}
	rows, err := s.store.ManagersOf(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	terms := make([]*LineManager, len(rows))
	for i := range rows {
		terms[i] = &rows[i]
	}
	ends, until := place(terms, a.FromOn)
	if len(ends) == 1 && ends[0].ManagerID == a.ManagerID {
		return nil, nil
	}
	for _, m := range ends {
		if err := s.endManager(ctx, *m, a.FromOn); err != nil {
			return nil, err
		}
	}
	if until.IsZero() {
		until = p.UntilOn
	}
	m := &LineManager{PostID: p.ID, ManagerID: a.ManagerID, Term: Term{FromOn: a.FromOn, UntilOn: until}}
	return m, s.store.CreateManager(ctx, m, func(m *LineManager) audit.Event {
		return managerEvent(m, "set", map[string]any{"post_id": p.ID.String(), "from_on": m.FromOn.String()})
	})
}

func (s *Service) appointable(ctx context.Context, p *Post, at string, a Assignment) error {
	if a.ManagerID == p.PersonID {
		return fault.Body(at, "manages_themselves", "Nobody line-manages themselves.")
	}
	if err := s.working(ctx, at, a.ManagerID); err != nil {
		return err
	}
	if a.FromOn.Before(p.FromOn) {
		return fault.Body("/from_on", "before_post", "The post begins on %s.", p.FromOn)
	}
	if p.Ended(a.FromOn) {
		return fault.New(fault.Conflict, "post_ended", "The post ended on %s.", p.UntilOn)
	}
	return nil
}

func (s *Service) endManager(ctx context.Context, m LineManager, on schooltime.Date) error {
	return s.store.UpdateManager(ctx, m.ID, AnyVersion, func(m *LineManager) (audit.Event, error) {
		m.end(on)
		return managerEvent(m, "ended", map[string]any{"post_id": m.PostID.String(), "on": m.UntilOn.String()}), nil
	})
}

// managerEvent is about the manager: the change of the post itself has an event of its own.
func managerEvent(m *LineManager, verb string, data map[string]any) audit.Event {
	return audit.About("line_manager", m.ID, m.Version, verb, data).Of(m.ManagerID, uuid.Nil)
}

// Reassign sets many line managers. The answer has for each assignment, by its index, the error
// that refused it, or nil. Atomic stores nothing unless all succeed, and then is an error itself.
func (s *Service) Reassign(ctx context.Context, list []Assignment, atomic bool) ([]error, error) {
	posts, managers := make([]uuid.UUID, len(list)), make([]uuid.UUID, len(list))
	for i, a := range list {
		posts[i], managers[i] = a.PostID, a.ManagerID
	}
	if err := s.store.LockPosts(ctx, posts, managers); err != nil {
		return nil, err
	}
	if err := s.listener.Hold(ctx, nil, posts); err != nil {
		return nil, err
	}
	results := make([]error, len(list))
	for i, a := range list {
		if slices.Contains(posts[:i], a.PostID) {
			results[i] = fault.Body("/post_id", "repeated", "The post is there twice.")
			continue
		}
		err := s.store.Try(ctx, func(ctx context.Context) error { return s.assign(ctx, AnyVersion, a) })
		if err != nil && fault.KindOf(err) == fault.Internal {
			return nil, err
		}
		results[i] = err
	}
	if atomic {
		return results, every(results)
	}
	return results, nil
}

// every is one error about all the items that failed, each by its place in the body.
func every(results []error) error {
	f := &faults{}
	for i, err := range results {
		e, ok := errors.AsType[*fault.Error](err)
		if !ok {
			continue
		}
		f.at = pointer("/items", i)
		where := ""
		if len(e.Violations) == 1 {
			where = e.Violations[0].Pointer
		}
		f.add(where, e.Code, e.Message)
	}
	return f.err()
}
