package policy

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
)

// SideChoice names one side of a comparison: exactly one of a draft, a version and a profile.
type SideChoice struct {
	PolicyID, VersionID *uuid.UUID
	Profile             string
}

// Chosen is what is compared, and for whom.
type Chosen struct {
	Left, Right SideChoice
	UnitID      *uuid.UUID
	StaffGroup  string
}

// Compare lists every parameter in which two policies differ.
func (s *Service) Compare(ctx context.Context, c Chosen) (Comparison, error) {
	left, was, err := s.side(ctx, "/left", c.Left)
	if err != nil {
		return Comparison{}, err
	}
	right, is, err := s.side(ctx, "/right", c.Right)
	if err != nil {
		return Comparison{}, err
	}
	if c.StaffGroup != "" && !was.HasGroup(c.StaffGroup) && !is.HasGroup(c.StaffGroup) {
		return Comparison{}, fault.Body("/staff_group", "unknown_staff_group", "Neither policy has such a staff group.")
	}
	unit, err := s.layer(ctx, c.UnitID)
	if err != nil {
		return Comparison{}, unknownAt("/unit_id", "unknown_unit", "unit", err)
	}
	out := Comparison{Left: left, Right: right}
	out.Differences, out.Same = Compare(was, is, unit, c.StaffGroup)
	return out, nil
}

// layer is the unit whose layer holds for a unit, or "" for the trust's own.
func (s *Service) layer(ctx context.Context, unit *uuid.UUID) (string, error) {
	if unit == nil {
		return "", nil
	}
	units, err := s.store.PolicyUnits(ctx)
	if err != nil {
		return "", err
	}
	layer, ok := units[*unit]
	if !ok {
		return "", fault.Gone()
	}
	return layer.String(), nil
}

func (s *Service) side(ctx context.Context, at string, c SideChoice) (Side, *Document, error) {
	given := 0
	for _, is := range []bool{c.PolicyID != nil, c.VersionID != nil, c.Profile != ""} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return Side{}, nil, fault.Body(at, "one_of", "Name exactly one: policy_id for a draft, policy_version_id, or profile.")
	case c.Profile != "":
		p, ok := ProfileNamed(c.Profile)
		if !ok {
			return Side{}, nil, fault.Body(at+"/profile", "unknown_profile", "There is no such profile; use one of %s.", strings.Join(profileCodes, ", "))
		}
		return Side{Kind: "profile", Name: p.Label}, p.Document, nil
	case c.PolicyID != nil:
		p, d, err := s.Draft(ctx, *c.PolicyID)
		if err != nil {
			return Side{}, nil, unknownAt(at+"/policy_id", "unknown_policy", "policy", err)
		}
		return Side{Kind: "draft", Name: p.Name}, d, nil
	}
	v, err := s.store.PublishedPolicy(ctx, *c.VersionID)
	if err != nil {
		return Side{}, nil, unknownAt(at+"/policy_version_id", "unknown_policy", "published policy", err)
	}
	p, err := s.store.Policy(ctx, v.PolicyID)
	if err != nil {
		return Side{}, nil, err
	}
	d, err := s.store.PolicyVersion(ctx, v.ID)
	return Side{Kind: "version", Name: p.Name, Number: v.Number}, d, err
}

// unknownAt refuses a record that a body names and that is not there.
func unknownAt(pointer, code, what string, err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return fault.Body(pointer, code, "There is no such %s.", what)
	}
	return err
}

// Draft reads a policy and its draft as a document, which a draft always is.
func (s *Service) Draft(ctx context.Context, id uuid.UUID) (*Policy, *Document, error) {
	p, err := s.store.Policy(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	d, findings := Parse([]byte(p.Draft))
	if d == nil {
		return nil, nil, Unpublishable(findings)
	}
	return p, d, nil
}
