package transfer

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

// bulkStore reads and writes many records in a number of statements that does not depend on how
// many there are. Whatever it writes is new or was locked by LockVersions.
type bulkStore interface {
	// WholeDirectory reads what a list is compared with.
	WholeDirectory(ctx context.Context) (Directory, error)
	// LockImports lets nobody else apply an import of the trust until the transaction ends.
	LockImports(ctx context.Context) error
	// LockVersions locks people, then posts, then line managers, each in the order of their ids, and
	// says whether all of them still have the versions.
	LockVersions(ctx context.Context, v Versions) (bool, error)
	// The four save new records and changed ones alike, with their events. They are false when what
	// must be unique is somebody else's by now.
	SaveUnits(ctx context.Context, rows []*directory.Unit, events func(int) []audit.Event) (bool, error)
	SavePeople(ctx context.Context, rows []*directory.Person, events func(int) []audit.Event) (bool, error)
	SavePosts(ctx context.Context, rows []*directory.Post, events func(int) []audit.Event) (bool, error)
	SaveManagers(ctx context.Context, rows []*directory.LineManager, events func(int) []audit.Event) (bool, error)
	// SettleRows stores to whom the rows of an import led.
	SettleRows(ctx context.Context, id uuid.UUID, rows []Row) error
	// Appraised returns those of the posts that have an open appraisal, in the order of appraisals.
	Appraised(ctx context.Context, posts []uuid.UUID) ([]uuid.UUID, error)
}

// Versions are those in which a plan found the records that it changes or relies on, by id.
type Versions struct{ People, Posts, Managers map[uuid.UUID]int }

// outdated is what somebody is told whose plan would not do now what it said.
func outdated(version int) error {
	err := fault.Check([]fault.Refusal{{Code: "plan_outdated", Detail: "The directory has changed since this plan was made, so that it would now do something else.",
		Unblock: "Import the list again, and apply the new plan."}})
	err.(*fault.Error).Version = version
	return err
}

// carryOut makes the plan again from the kept file and the directory as it is now, and does it if
// it is still the plan that was shown.
func (s *Service) carryOut(ctx context.Context, i *Import) error {
	if err := s.store.LockImports(ctx); err != nil {
		return err
	}
	list, err := stafflist.Parse(bytes.NewReader(i.Content), stafflist.Options{})
	if err != nil {
		return err
	}
	dir, err := s.store.WholeDirectory(ctx)
	if err != nil {
		return err
	}
	plan := Compare(list, dir, Asker{Own: i.CreatedBy, Today: access.From(ctx).Today})
	if plan.Digest != i.Plan.Digest {
		return outdated(i.Version)
	}
	if err := s.permit(ctx, plan); err != nil {
		return err
	}
	ok, err := s.store.LockVersions(ctx, plan.versions())
	if ok && err == nil {
		ok, err = s.write(ctx, plan.work)
	}
	switch {
	case err != nil:
		return err
	case !ok:
		return outdated(i.Version)
	}
	return s.settle(ctx, i.ID, plan.work)
}

// permit holds the caller to their reach over every known person whose record changes; it never
// includes their own.
func (s *Service) permit(ctx context.Context, p Plan) error {
	for _, e := range p.work.rows {
		if err := s.store.PermitImport(ctx, access.Record{PersonID: e.member.personID()}); err != nil {
			return err
		}
	}
	return nil
}

func (p Plan) versions() Versions {
	v := Versions{map[uuid.UUID]int{}, map[uuid.UUID]int{}, map[uuid.UUID]int{}}
	for _, e := range p.work.rows {
		for _, m := range []*member{e.member, e.manager} {
			if m != nil && m.was != nil {
				v.People[m.was.ID] = m.was.Version
			}
		}
		if e.post != nil {
			v.Posts[e.post.ID] = e.post.Version
		}
		for _, m := range e.ends {
			v.Managers[m.ID] = m.Version
		}
	}
	return v
}

// write stores units, people, posts and line managers, in this order, for each points to the ones before.
func (s *Service) write(ctx context.Context, w work) (bool, error) {
	for _, save := range []func(context.Context, work) (bool, error){s.writeUnits, s.writePeople, s.writePosts, s.writeManagers} {
		if ok, err := save(ctx, w); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

func (s *Service) writeUnits(ctx context.Context, w work) (bool, error) {
	return s.store.SaveUnits(ctx, w.units, func(i int) []audit.Event {
		u := w.units[i]
		return []audit.Event{u.Event("created", map[string]any{"kind": u.Kind, "parent_id": u.ParentID.String()})}
	})
}

func (s *Service) writePeople(ctx context.Context, w work) (bool, error) {
	rows := make([]*directory.Person, len(w.people))
	for i, m := range w.people {
		rows[i] = &m.now
	}
	return s.store.SavePeople(ctx, rows, func(i int) []audit.Event {
		switch m := w.people[i]; {
		case m.was == nil:
			return []audit.Event{m.now.Event("created", nil)}
		case m.reopened:
			return []audit.Event{m.now.Event("reopened", map[string]any{"changed": m.changed})}
		default:
			return []audit.Event{m.now.Event("updated", map[string]any{"changed": m.changed})}
		}
	})
}

func (s *Service) writePosts(ctx context.Context, w work) (bool, error) {
	rows := make([]*directory.Post, len(w.posts))
	for i, e := range w.posts {
		if rows[i] = &e.want; e.post == nil {
			e.want.PersonID, e.want.UnitID = e.member.now.ID, e.unit.ID
		}
	}
	return s.store.SavePosts(ctx, rows, func(i int) []audit.Event { return w.posts[i].events() })
}

// events are what is told of the post: like a change by hand, its own and that of its line manager.
func (e *entry) events() (out []audit.Event) {
	p := &e.want
	if e.post == nil {
		return []audit.Event{p.Event("created", map[string]any{"staff_type": p.StaffType, "from_on": p.FromOn.String()})}
	}
	if len(e.differs) > 0 {
		data := map[string]any{"changed": e.differs}
		if p.UnitID != e.post.UnitID {
			data["unit_id"], data["unit_id_before"] = p.UnitID.String(), e.post.UnitID.String()
		}
		out = append(out, p.Event("updated", data))
	}
	if e.next != nil {
		out = append(out, p.Event("line_manager_set", map[string]any{"manager_id": e.manager.now.ID.String(), "from_on": e.next.FromOn.String()}))
	}
	return out
}

func (s *Service) writeManagers(ctx context.Context, w work) (bool, error) {
	var rows []*directory.LineManager
	var verbs []string
	for _, e := range w.filled {
		for _, m := range e.ends {
			m.UntilOn = e.next.FromOn
			rows, verbs = append(rows, m), append(verbs, "ended")
		}
		e.next.PostID, e.next.ManagerID = e.want.ID, e.manager.now.ID
		rows, verbs = append(rows, e.next), append(verbs, "set")
	}
	return s.store.SaveManagers(ctx, rows, func(i int) []audit.Event {
		m, data := rows[i], map[string]any{"post_id": rows[i].PostID.String()}
		if verbs[i] == "set" {
			data["from_on"] = m.FromOn.String()
		} else {
			data["on"] = m.UntilOn.String()
		}
		return []audit.Event{m.Event(verbs[i], data)}
	})
}

// settle notes to whom the rows led, and tells the listener of appraised posts with another line manager.
func (s *Service) settle(ctx context.Context, id uuid.UUID, w work) error {
	rows := make([]Row, len(w.rows))
	for i, e := range w.rows {
		rows[i] = e.Row
		rows[i].PersonID, rows[i].PostID = new(e.member.now.ID), new(e.want.ID)
	}
	if err := s.store.SettleRows(ctx, id, rows); err != nil {
		return err
	}
	changed, from := []uuid.UUID{}, map[uuid.UUID]*directory.LineManager{}
	for _, e := range w.filled {
		if e.post != nil {
			changed, from[e.post.ID] = append(changed, e.post.ID), e.next
		}
	}
	appraised, err := s.store.Appraised(ctx, changed)
	if err != nil {
		return err
	}
	if err := s.listener.Hold(ctx, nil, appraised); err != nil {
		return err
	}
	for _, post := range appraised {
		if err := s.listener.LineManagerChanged(ctx, post, from[post].FromOn); err != nil {
			return err
		}
	}
	return nil
}

// apply marks the import as done and forgets the file.
func (i *Import) apply(at time.Time) { i.State, i.Content, i.AppliedAt = Applied, nil, &at }
