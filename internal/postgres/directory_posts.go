package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// teamPost holds when the caller line-manages the post today, or has a seat today on an appraisal of it.
var teamPost = `exists (select from line_managers m where m.trust_id = @trust and m.post_id = po.id and m.manager_id = @me and ` + currentSQL("m") + `)
  or exists (select from seats s join appraisals a on a.trust_id = s.trust_id and a.id = s.appraisal_id
    where s.trust_id = @trust and s.person_id = @me and a.post_id = po.id and ` + currentSQL("s") + `)`

// posts starts a query for the posts that the caller reaches by the operation: each head reaches
// only the post in their unit.
func (s DirectoryStore) posts(ctx context.Context, op string) (string, map[string]any) {
	reach, args := s.db.reachSQL(op, access.From(ctx), "po.person_id", "po.unit_id", teamPost)
	return "select po.* from posts po where po.trust_id = @trust and " + reach, args
}

// scanPosts runs a query for posts and fills in today's line managers, with two queries more.
func (s DirectoryStore) scanPosts(ctx context.Context, sql string, args map[string]any) ([]directory.Post, error) {
	var posts []directory.Post
	if err := s.db.conn(ctx).Raw(sql, args).Scan(&posts).Error; err != nil || len(posts) == 0 {
		return posts, err
	}
	at, managers, q := map[uuid.UUID]int{}, []directory.LineManager{}, about(ctx)
	ids := make([]uuid.UUID, len(posts))
	for i, p := range posts {
		ids[i], at[p.ID] = p.ID, i
	}
	q["ids"] = ids
	err := s.db.conn(ctx).Raw("select m.* from line_managers m where m.trust_id = @trust and m.post_id in @ids and "+currentSQL("m"), q).Scan(&managers).Error
	if err != nil {
		return nil, err
	}
	if err := s.WithCards(ctx, managers); err != nil {
		return nil, err
	}
	for i, m := range managers {
		posts[at[m.PostID]].LineManager = &managers[i]
	}
	return posts, nil
}

// Posts implements directory.Store.
func (s DirectoryStore) Posts(ctx context.Context, op string, person uuid.UUID) ([]directory.Post, error) {
	people, args := s.people(ctx, op)
	args["id"] = person
	var p directory.Person
	if err := s.db.conn(ctx).Raw(people+" and p.id = @id", args).Take(&p).Error; err != nil {
		return nil, translate(err)
	}
	sql, args := s.posts(ctx, op)
	args["id"] = person
	return s.scanPosts(ctx, sql+" and po.person_id = @id order by po.from_on desc, po.id desc limit 200", args)
}

// Post implements directory.Store.
func (s DirectoryStore) Post(ctx context.Context, op string, id uuid.UUID) (*directory.Post, error) {
	sql, args := s.posts(ctx, op)
	args["id"] = id
	rows, err := s.scanPosts(ctx, sql+" and po.id = @id", args)
	return one(rows, err)
}

// CreatePost implements directory.Store.
func (s DirectoryStore) CreatePost(ctx context.Context, p *directory.Post, event func(*directory.Post) audit.Event) error {
	return create(ctx, s.db, p, event)
}

// UpdatePost implements directory.Store.
func (s DirectoryStore) UpdatePost(ctx context.Context, id uuid.UUID, version int, fn func(*directory.Post) (audit.Event, error)) error {
	_, err := change(ctx, s, id, version, fn)
	return err
}

// LockPosts implements directory.Store.
func (s DirectoryStore) LockPosts(ctx context.Context, posts, people []uuid.UUID) error {
	args := about(ctx)
	args["posts"], args["people"] = posts, people
	for _, sql := range []string{
		"select from people where trust_id = @trust and id in @people order by id for share",
		"select from posts where trust_id = @trust and id in @posts order by id for no key update",
	} {
		if err := s.db.conn(ctx).Exec(sql, args).Error; err != nil {
			return translate(err)
		}
	}
	return nil
}

// PostsHeld implements directory.Store.
func (s DirectoryStore) PostsHeld(ctx context.Context, person uuid.UUID, on schooltime.Date) (rows []directory.Post, err error) {
	err = s.db.conn(ctx).Raw(`select * from posts where trust_id = ? and person_id = ? and (until_on is null or until_on > ?) order by id for no key update`,
		access.From(ctx).TrustID, person, on).Scan(&rows).Error
	return rows, translate(err)
}
