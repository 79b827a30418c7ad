package postgres

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
)

var _ policy.Store = (*DB)(nil)

// documentKey names a version together with its trust, so that what one trust has loaded is never
// found by another.
type documentKey struct{ trust, version uuid.UUID }

// documents holds every version that was read, parsed and for ever: versions never change.
var documents sync.Map // documentKey → *policy.Document

// PolicyVersion returns the document of a published version, parsed once in the process.
func (d *DB) PolicyVersion(ctx context.Context, id uuid.UUID) (*policy.Document, error) {
	u := unitOf(ctx)
	if u == nil {
		return nil, ErrNoTransaction
	}
	key := documentKey{u.trust, id}
	if known, ok := documents.Load(key); ok {
		return known.(*policy.Document), nil
	}
	var raw string
	err := d.conn(ctx).Table("policy_versions").Select("document").Where("trust_id = ? and id = ?", u.trust, id).Take(&raw).Error
	if err != nil {
		return nil, translate(err)
	}
	document, findings := policy.Parse([]byte(raw))
	if document == nil {
		return nil, fmt.Errorf("the policy version %s is unreadable: %s", id, findings[0].Code)
	}
	shared, _ := documents.LoadOrStore(key, document)
	return shared.(*policy.Document), nil
}

// PolicyUnits maps each unit of the trust to the unit whose layer of a policy holds for it: itself
// where it decides, else the nearest one above that does.
func (d *DB) PolicyUnits(ctx context.Context) (map[uuid.UUID]uuid.UUID, error) {
	var rows []struct{ ID, Layer uuid.UUID }
	err := d.conn(ctx).Raw(`
with recursive up as (
  select id, id as layer, decides, parent_id from units where trust_id = @trust
  union all
  select up.id, u.id, u.decides, u.parent_id from up join units u on u.trust_id = @trust and u.id = up.parent_id
  where not up.decides
) select id, layer from up where decides or parent_id is null`, map[string]any{"trust": access.From(ctx).TrustID}).Scan(&rows).Error
	layers := make(map[uuid.UUID]uuid.UUID, len(rows))
	for _, r := range rows {
		layers[r.ID] = r.Layer
	}
	return layers, err
}

// Policies returns a page of policies, oldest first.
func (d *DB) Policies(ctx context.Context, r page.Request) (page.Page[*policy.Policy], error) {
	var rows []*policy.Policy
	after, err := r.After(page.ID)
	if err != nil {
		return page.Page[*policy.Policy]{}, err
	}
	q := d.conn(ctx).Where("trust_id = ?", access.From(ctx).TrustID)
	if after != nil {
		q = q.Where("id > ?", after[0])
	}
	if err := q.Order("id").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[*policy.Policy]{}, err
	}
	return page.Cut(r, rows, func(p *policy.Policy) []string { return []string{p.ID.String()} }), nil
}

// Policy reads one policy.
func (d *DB) Policy(ctx context.Context, id uuid.UUID) (*policy.Policy, error) {
	return find[policy.Policy](ctx, d, id)
}

// CreatePolicy stores a new policy.
func (d *DB) CreatePolicy(ctx context.Context, p *policy.Policy, event func(*policy.Policy) audit.Event) error {
	return create(ctx, d, p, event)
}

// UpdatePolicy changes a policy under its lock.
func (d *DB) UpdatePolicy(ctx context.Context, id uuid.UUID, version int, change func(*policy.Policy) (audit.Event, error)) (*policy.Policy, error) {
	return update[policy.Policy](ctx, d, id, version, change)
}

// AddVersion stores a published version. The lock on the policy keeps the numbers in order.
func (d *DB) AddVersion(ctx context.Context, v *policy.Version) error {
	a := access.From(ctx)
	v.TrustID, v.ID, v.PublishedAt, v.PublishedBy = a.TrustID, d.ids(), d.now().UTC().Truncate(time.Microsecond), a.PersonID
	return d.conn(ctx).Create(v).Error
}

// NewestVersions returns the newest version of each policy that has one, without its document.
func (d *DB) NewestVersions(ctx context.Context, policies []uuid.UUID) (map[uuid.UUID]*policy.Version, error) {
	newest := map[uuid.UUID]*policy.Version{}
	if len(policies) == 0 {
		return newest, nil
	}
	var rows []*policy.Version
	err := d.conn(ctx).Raw(`select distinct on (policy_id) trust_id, id, policy_id, number, sha256, published_at, published_by, review_on
from policy_versions where trust_id = ? and policy_id in ? order by policy_id, number desc`, access.From(ctx).TrustID, policies).Scan(&rows).Error
	for _, v := range rows {
		newest[v.PolicyID] = v
	}
	return newest, err
}

// PolicyVersions returns a page of the versions of a policy, newest first.
func (d *DB) PolicyVersions(ctx context.Context, policyID uuid.UUID, r page.Request) (page.Page[policy.Version], error) {
	var rows []policy.Version
	after, err := r.After(page.Int)
	if err != nil {
		return page.Page[policy.Version]{}, err
	}
	q := d.conn(ctx).Where("trust_id = ? and policy_id = ?", access.From(ctx).TrustID, policyID)
	if after != nil {
		q = q.Where("number < ?", after[0])
	}
	if err := q.Order("number desc").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[policy.Version]{}, err
	}
	return page.Cut(r, rows, func(v policy.Version) []string { return []string{strconv.Itoa(v.Number)} }), nil
}

// PublishedPolicy reads one published version.
func (d *DB) PublishedPolicy(ctx context.Context, id uuid.UUID) (*policy.Version, error) {
	var v policy.Version
	err := d.conn(ctx).Where("trust_id = ? and id = ?", access.From(ctx).TrustID, id).Take(&v).Error
	if err != nil {
		return nil, translate(err)
	}
	return &v, nil
}
