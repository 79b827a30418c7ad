package policy

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// Store keeps policies and their versions. What is not there is fault.Gone.
type Store interface {
	Policies(ctx context.Context, r page.Request) (page.Page[*Policy], error)
	Policy(ctx context.Context, id uuid.UUID) (*Policy, error)
	CreatePolicy(ctx context.Context, p *Policy, event func(*Policy) audit.Event) error
	UpdatePolicy(ctx context.Context, id uuid.UUID, version int, change func(*Policy) (audit.Event, error)) (*Policy, error)
	// AddVersion stores a version; its id, time and publisher are set there.
	AddVersion(ctx context.Context, v *Version) error
	// NewestVersions returns the newest version of each policy that has one, without documents.
	NewestVersions(ctx context.Context, policies []uuid.UUID) (map[uuid.UUID]*Version, error)
	PolicyVersions(ctx context.Context, policyID uuid.UUID, r page.Request) (page.Page[Version], error)
	// PublishedPolicy returns one version as it is stored.
	PublishedPolicy(ctx context.Context, id uuid.UUID) (*Version, error)
	// PolicyVersion returns the document of a version, parsed once.
	PolicyVersion(ctx context.Context, id uuid.UUID) (*Document, error)
	// PolicyUnits maps each unit to the unit whose layer of a policy holds for it.
	PolicyUnits(ctx context.Context) (map[uuid.UUID]uuid.UUID, error)

	OverrideStore
}

// Service is the use cases of policies.
type Service struct{ store Store }

// NewService returns the use cases over a store.
func NewService(s Store) *Service { return &Service{s} }

// List returns a page of the trust's policies, oldest first.
func (s *Service) List(ctx context.Context, r page.Request) (page.Page[Drafted], error) {
	found, err := s.store.Policies(ctx, r)
	if err != nil {
		return page.Page[Drafted]{}, err
	}
	items, err := s.drafted(ctx, found.Items...)
	return page.Page[Drafted]{Items: items, Next: found.Next}, err
}

// Get returns one policy with its draft.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (Drafted, error) {
	p, err := s.store.Policy(ctx, id)
	return s.one(ctx, p, err)
}

// NewPolicy is a policy to be made: from a built-in profile, or from a document in JSON.
type NewPolicy struct {
	Name     string
	Profile  string
	Document []byte // nil: the profile's
}

// Create starts a policy.
func (s *Service) Create(ctx context.Context, n NewPolicy) (Drafted, error) {
	d, err := n.document()
	if err != nil {
		return Drafted{}, err
	}
	p := &Policy{}
	if p.Name, err = named(n.Name); err != nil {
		return Drafted{}, err
	}
	p.set(d)
	err = s.store.CreatePolicy(ctx, p, func(p *Policy) audit.Event {
		return audit.About("policy", p.ID, 1, "created", map[string]any{"profile": d.Profile(), "sha256": d.SHA256()})
	})
	return s.one(ctx, p, err)
}

func (n NewPolicy) document() (*Document, error) {
	switch {
	case n.Document != nil && n.Profile != "":
		return nil, fault.Body("/profile", "profile_and_document", "Start from a profile or from a document, not from both.")
	case n.Document != nil:
		return parsed(n.Document)
	case n.Profile == "":
		n.Profile = modelCode
	}
	p, ok := ProfileNamed(n.Profile)
	if !ok {
		return nil, fault.Body("/profile", "unknown_profile", "There is no such profile; use one of %s.", strings.Join(profileCodes, ", "))
	}
	return p.Document, nil
}

// Update replaces the draft, and the name where one is given.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int, name *string, document []byte) (Drafted, error) {
	p, err := s.store.UpdatePolicy(ctx, id, version, func(p *Policy) (audit.Event, error) {
		d, err := parsed(document)
		if err != nil {
			return audit.Event{}, err
		}
		if name != nil {
			if p.Name, err = named(*name); err != nil {
				return audit.Event{}, err
			}
		}
		p.set(d)
		return audit.About("policy", p.ID, p.Version, "draft_changed", map[string]any{"sha256": d.SHA256()}), nil
	})
	return s.one(ctx, p, err)
}

// Publish makes the draft a numbered version. The policy's own version rises with it, so that two
// who publish at once do not both succeed.
func (s *Service) Publish(ctx context.Context, id uuid.UUID, version int) (*Version, error) {
	var v *Version
	_, err := s.store.UpdatePolicy(ctx, id, version, func(p *Policy) (audit.Event, error) {
		newest, err := s.store.NewestVersions(ctx, []uuid.UUID{id})
		if err != nil {
			return audit.Event{}, err
		}
		if v, err = p.publish(newest[id], access.From(ctx).Today); err != nil {
			return audit.Event{}, err
		}
		if err := s.store.AddVersion(ctx, v); err != nil {
			return audit.Event{}, err
		}
		data := map[string]any{"policy_version_id": v.ID.String(), "number": v.Number, "sha256": v.SHA256}
		return audit.About("policy", p.ID, p.Version, "published", data), nil
	})
	return v, err
}

// Versions returns a page of a policy's published versions, newest first.
func (s *Service) Versions(ctx context.Context, id uuid.UUID, r page.Request) (page.Page[Version], error) {
	if _, err := s.store.Policy(ctx, id); err != nil {
		return page.Page[Version]{}, err
	}
	return s.store.PolicyVersions(ctx, id, r)
}

// Version returns one published version.
func (s *Service) Version(ctx context.Context, id uuid.UUID) (*Version, error) {
	return s.store.PublishedPolicy(ctx, id)
}

// Values lists every parameter of a version as it holds for a unit, or the trust where there is
// none, and a staff group, which may be empty.
func (s *Service) Values(ctx context.Context, id uuid.UUID, unit *uuid.UUID, group string) ([]LeafValue, error) {
	d, err := s.store.PolicyVersion(ctx, id)
	if err != nil {
		return nil, err
	}
	if group != "" && !d.HasGroup(group) {
		return nil, unknownGroup()
	}
	layer, err := s.layer(ctx, unit)
	if err != nil {
		return nil, err
	}
	return Values(d, layer, group), nil
}

func (s *Service) one(ctx context.Context, p *Policy, err error) (Drafted, error) {
	if err != nil {
		return Drafted{}, err
	}
	all, err := s.drafted(ctx, p)
	if err != nil {
		return Drafted{}, err
	}
	return all[0], nil
}

func (s *Service) drafted(ctx context.Context, policies ...*Policy) ([]Drafted, error) {
	var ids []uuid.UUID
	for _, p := range policies {
		ids = append(ids, p.ID)
	}
	newest, err := s.store.NewestVersions(ctx, ids)
	if err != nil {
		return nil, err
	}
	var found []Drafted
	for _, p := range policies {
		found = append(found, Drafted{Policy: p, Findings: Inspect(p.Draft), Newest: newest[p.ID]})
	}
	return found, nil
}
