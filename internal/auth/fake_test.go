package auth

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// fakeKeys keeps keys as a table with a unique generation would.
type fakeKeys struct {
	mu     sync.Mutex
	rows   []KeyRow
	before func() // runs ahead of a save: another process that is faster
}

func (f *fakeKeys) LoadKeys(context.Context) ([]KeyRow, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.rows), nil
}

func (f *fakeKeys) SaveKey(_ context.Context, row KeyRow) error {
	if before := f.before; before != nil {
		f.before = nil
		before()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.ContainsFunc(f.rows, func(r KeyRow) bool { return r.Generation == row.Generation }) {
		return ErrKeyExists
	}
	f.rows = slices.DeleteFunc(f.rows, func(r KeyRow) bool { return r.Generation < row.Generation-1 })
	f.rows = append(f.rows, row)
	return nil
}

// fakeStore does in memory, under one lock, what Store asks of a database.
type fakeStore struct {
	mu       sync.Mutex
	trusts   map[string]uuid.UUID
	accounts map[uuid.UUID]Account
	grants   map[uuid.UUID]Grant
	tries    map[Digest][]time.Time
	sessions map[uuid.UUID]Session
	tokens   map[Digest]RefreshToken
	links    map[Digest]Link
	meantime func() // runs ahead of StartSession and SetPassword: what others do meanwhile
}

func newFakeStore() *fakeStore {
	return &fakeStore{
		trusts: map[string]uuid.UUID{}, accounts: map[uuid.UUID]Account{}, grants: map[uuid.UUID]Grant{},
		tries: map[Digest][]time.Time{}, sessions: map[uuid.UUID]Session{}, tokens: map[Digest]RefreshToken{}, links: map[Digest]Link{},
	}
}

func (f *fakeStore) TrustBySlug(_ context.Context, slug string) (uuid.UUID, error) {
	return find(f, f.trusts, slug, func(uuid.UUID) bool { return true })
}

func (f *fakeStore) AccountByEmail(_ context.Context, trustID uuid.UUID, email string) (Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.accounts {
		if a.TrustID == trustID && strings.ToLower(a.Email) == email {
			return a, nil
		}
	}
	return Account{}, ErrNotFound
}

func (f *fakeStore) AccountByID(_ context.Context, trustID, personID uuid.UUID) (Account, error) {
	return find(f, f.accounts, personID, func(a Account) bool { return a.TrustID == trustID })
}

func (f *fakeStore) Claims(_ context.Context, _, personID uuid.UUID) (Grant, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.grants[personID], nil
}

func (f *fakeStore) UpdateTries(_ context.Context, _ uuid.UUID, key Digest, change func([]time.Time) []time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries[key] = change(f.tries[key])
	return nil
}

func (f *fakeStore) StartSession(_ context.Context, s Session, first RefreshToken, epoch int) error {
	f.runMeantime()
	f.mu.Lock()
	defer f.mu.Unlock()
	if a := f.accounts[s.PersonID]; !a.Active || a.Epoch != epoch {
		return ErrStale
	}
	f.sessions[s.ID], f.tokens[first.Digest] = s, first
	return nil
}

func (f *fakeStore) RotateRefresh(_ context.Context, trustID uuid.UUID, d Digest, decide func(Presented) (Rotation, error)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	t, ok := f.tokens[d]
	if !ok || t.TrustID != trustID {
		return ErrNotFound
	}
	s := f.sessions[t.SessionID]
	r, err := decide(Presented{Session: s, Account: f.accounts[s.PersonID], Grant: f.grants[s.PersonID], Generation: t.Generation})
	if err != nil {
		return err
	}
	f.sessions[s.ID] = r.Session
	if r.Issue != nil {
		f.tokens[r.Issue.Digest] = *r.Issue
	}
	return nil
}

func (f *fakeStore) EndByRefresh(ctx context.Context, trustID uuid.UUID, d Digest, e Ending) error {
	t, err := find(f, f.tokens, d, func(t RefreshToken) bool { return t.TrustID == trustID })
	if err != nil {
		return err
	}
	return f.EndSession(ctx, trustID, f.sessions[t.SessionID].PersonID, t.SessionID, e)
}

func (f *fakeStore) Sessions(_ context.Context, _, personID uuid.UUID, now time.Time) ([]Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var live []Session
	for _, s := range f.sessions {
		if s.PersonID == personID && s.Live(now) {
			live = append(live, s)
		}
	}
	slices.SortFunc(live, func(a, b Session) int {
		return cmp.Or(b.LastUsedAt.Compare(a.LastUsedAt), cmp.Compare(b.ID.String(), a.ID.String()))
	})
	return live, nil
}

func (f *fakeStore) EndSession(_ context.Context, _, personID, id uuid.UUID, e Ending) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.sessions[id]
	if !ok || s.PersonID != personID {
		return ErrNotFound
	}
	if s.EndedAt == nil {
		s.end(e)
		f.sessions[id] = s
	}
	return nil
}

func (f *fakeStore) SetPassword(_ context.Context, c PasswordChange) error {
	f.runMeantime()
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.accounts[c.PersonID]
	if !a.Active || a.Epoch != c.Epoch || !f.redeem(c) {
		return ErrStale
	}
	a.Password, a.Epoch = c.Password, a.Epoch+1
	f.accounts[a.PersonID] = a
	for id, s := range f.sessions {
		if s.PersonID == c.PersonID && id != c.KeepSession && s.EndedAt == nil {
			s.end(Ending{At: c.At, Reason: EndedByPasswordChange})
			f.sessions[id] = s
		}
	}
	return nil
}

func (f *fakeStore) redeem(c PasswordChange) bool {
	used := c.LinkID == uuid.Nil
	for d, l := range f.links {
		switch {
		case l.PersonID != c.PersonID || l.UsedAt != nil || l.VoidedAt != nil:
			continue
		case l.ID == c.LinkID:
			used, l.UsedAt = l.usable(c.At), &c.At
		default:
			l.VoidedAt = &c.At
		}
		f.links[d] = l
	}
	return used
}

func (f *fakeStore) ReplaceLink(_ context.Context, l Link) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for d, old := range f.links {
		if old.PersonID == l.PersonID && old.Purpose == l.Purpose && old.usable(l.CreatedAt) {
			old.VoidedAt = &l.CreatedAt
			f.links[d] = old
		}
	}
	f.links[l.Digest] = l
	return nil
}

func (f *fakeStore) LinkByDigest(_ context.Context, trustID uuid.UUID, d Digest) (Link, Account, error) {
	l, err := find(f, f.links, d, func(l Link) bool { return l.TrustID == trustID })
	return l, f.accounts[l.PersonID], err
}

func (f *fakeStore) runMeantime() {
	if run := f.meantime; run != nil {
		f.meantime = nil
		run()
	}
}

func (f *fakeStore) change(personID uuid.UUID, edit func(*Account)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.accounts[personID]
	edit(&a)
	f.accounts[personID] = a
}

func find[K comparable, V any](f *fakeStore, rows map[K]V, key K, fits func(V) bool) (V, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	row, ok := rows[key]
	if !ok || !fits(row) {
		return *new(V), ErrNotFound
	}
	return row, nil
}
