package directory

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// NewPost is a post to be added, with its first line manager if one is named.
type NewPost struct {
	Post
	LineManagerID *uuid.UUID
}

type postStore interface {
	// Posts lists the person's posts within reach, newest first; Gone when the person is not.
	Posts(ctx context.Context, op string, person uuid.UUID) ([]Post, error)
	Post(ctx context.Context, op string, id uuid.UUID) (*Post, error)
	CreatePost(ctx context.Context, p *Post, event func(*Post) audit.Event) error
	UpdatePost(ctx context.Context, id uuid.UUID, version int, change func(*Post) (audit.Event, error)) error
	// LockPosts holds the people and then locks the posts, as far as they are there, each in the
	// order of their ids, so that two bulk changes never wait for each other in a circle.
	LockPosts(ctx context.Context, posts, people []uuid.UUID) error
	// PostsHeld lists the person's posts that have not ended by the day.
	PostsHeld(ctx context.Context, person uuid.UUID, on schooltime.Date) ([]Post, error)
}

// Posts lists the posts of a person, past ones too.
func (s *Service) Posts(ctx context.Context, person uuid.UUID) ([]Post, error) {
	return s.store.Posts(ctx, access.Operation(ctx), person)
}

// Post returns one post within the caller's reach.
func (s *Service) Post(ctx context.Context, id uuid.UUID) (*Post, error) {
	return s.store.Post(ctx, readPost, id)
}

// CreatePost adds a post of a person.
func (s *Service) CreatePost(ctx context.Context, person uuid.UUID, n NewPost) (*Post, error) {
	if err := s.mayChange(ctx, person); err != nil {
		return nil, err
	}
	f := &faults{}
	n.tidy(f)
	if err := f.err(); err != nil {
		return nil, err
	}
	p, err := s.store.HoldPerson(ctx, person)
	if err != nil {
		return nil, err
	}
	if p.Status != Active {
		return nil, fault.Check([]fault.Refusal{{Code: "person_inactive", Detail: "This person has left.",
			Unblock: "Re-open the person by one of their outside ids; a post can be given at once."}})
	}
	id, err := s.addPost(ctx, person, "", n)
	if err != nil {
		return nil, err
	}
	return s.store.Post(ctx, readPost, id)
}

// addPost stores a post that is tidy; at is where it stands in the body.
func (s *Service) addPost(ctx context.Context, person uuid.UUID, at string, n NewPost) (uuid.UUID, error) {
	if _, err := s.existing(ctx, at+"/unit_id", n.UnitID); err != nil {
		return uuid.Nil, err
	}
	p := n.Post
	p.PersonID = person
	err := s.store.CreatePost(ctx, &p, func(p *Post) audit.Event {
		return postEvent(p, "created", map[string]any{"staff_type": p.StaffType, "from_on": p.FromOn.String()})
	})
	if err != nil || n.LineManagerID == nil {
		return p.ID, err
	}
	_, err = s.appoint(ctx, &p, at+"/line_manager_id", Assignment{PostID: p.ID, ManagerID: *n.LineManagerID, FromOn: p.FromOn})
	return p.ID, err
}

// UpdatePost changes a post, as patch says.
func (s *Service) UpdatePost(ctx context.Context, id uuid.UUID, version int, patch func(*Post)) (*Post, error) {
	if err := s.mayChangePost(ctx, id); err != nil {
		return nil, err
	}
	err := s.store.UpdatePost(ctx, id, version, func(p *Post) (audit.Event, error) {
		was, f := *p, &faults{}
		patch(p)
		p.tidy(f)
		if err := f.err(); err != nil {
			return audit.Event{}, err
		}
		data := map[string]any{"changed": p.changes(was)}
		if p.UnitID != was.UnitID {
			if _, err := s.existing(ctx, "/unit_id", p.UnitID); err != nil {
				return audit.Event{}, err
			}
			data["unit_id"], data["unit_id_before"] = p.UnitID.String(), was.UnitID.String()
		}
		return postEvent(p, "updated", data), nil
	})
	if err != nil {
		return nil, err
	}
	return s.store.Post(ctx, readPost, id)
}

func (s *Service) mayChangePost(ctx context.Context, id uuid.UUID) error {
	p, err := s.store.Post(ctx, readPost, id)
	if err != nil {
		return err
	}
	return s.store.Permit(ctx, access.Record{PersonID: p.PersonID, UnitID: p.UnitID})
}

// EndPost ends a post on the day, and its line management with it.
func (s *Service) EndPost(ctx context.Context, id uuid.UUID, version int, on schooltime.Date) (*Post, error) {
	if err := s.mayChangePost(ctx, id); err != nil {
		return nil, err
	}
	if err := s.endPost(ctx, id, version, func(t *Term) error { return t.close(on, today(ctx)) }); err != nil {
		return nil, err
	}
	return s.store.Post(ctx, readPost, id)
}

func (s *Service) endPost(ctx context.Context, id uuid.UUID, version int, end func(*Term) error) error {
	var was, now Term
	err := s.store.UpdatePost(ctx, id, version, func(p *Post) (audit.Event, error) {
		was = p.Term
		err := end(&p.Term)
		now = p.Term
		return postEvent(p, "ended", map[string]any{"on": p.UntilOn.String()}), err
	})
	if err != nil {
		return err
	}
	managers, err := s.store.ManagersOf(ctx, id)
	if err != nil {
		return err
	}
	for _, m := range managers {
		if m.empty() || (m.Ended(now.UntilOn) && (was.UntilOn.IsZero() || m.UntilOn != was.UntilOn)) {
			continue // it ended for a reason of its own
		}
		if err := s.endManager(ctx, m, now.UntilOn); err != nil {
			return err
		}
	}
	return s.listener.PostEnded(ctx, id, now.UntilOn)
}

func postEvent(p *Post, verb string, data map[string]any) audit.Event {
	return audit.About("post", p.ID, p.Version, verb, data).Of(p.PersonID, p.UnitID)
}
