package objective

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// MaxSample is how many objectives one sample holds.
const MaxSample = 200

// Sample is some of a unit's agreed objectives, drawn for the head to look at their quality.
type Sample struct {
	record.Row
	CycleID   uuid.UUID
	UnitID    uuid.UUID
	Seed      int // the same one draws the same again
	DrawnFrom int // how many agreed objectives there were
	DrawnBy   uuid.UUID
	Items     []SampleItem `gorm:"-"`
}

// TableName names the table.
func (Sample) TableName() string { return "objective_samples" }

// SampleItem is one objective of a sample. Meets is nil until the head has looked at it.
type SampleItem struct {
	TrustID     uuid.UUID
	SampleID    uuid.UUID
	ObjectiveID uuid.UUID
	AppraisalID uuid.UUID `gorm:"->;-:migration"`
	PersonID    uuid.UUID `gorm:"->;-:migration"`
	Revision    int
	Meets       *bool
	Remark      *string
	ReviewedBy  *uuid.UUID
	ReviewedOn  schooltime.Date
}

// TableName names the table.
func (SampleItem) TableName() string { return "objective_sample_items" }

// SampleFilter narrows a list of samples; nil does not.
type SampleFilter struct{ CycleID, UnitID *uuid.UUID }

// Pool is what a sample is drawn from, by id, and the rules of the unit.
type Pool struct {
	Policy  *policy.Resolved
	Items   []SampleItem
	Drawing uuid.UUID // who draws
}

// SampleStore keeps samples. What the caller may not read is fault.Gone.
type SampleStore interface {
	Samples(ctx context.Context, f SampleFilter, p page.Request) (page.Page[Sample], error)
	Sample(ctx context.Context, id uuid.UUID) (*Sample, error)
	// DrawSample reads the agreed objectives of a unit and those below it, and stores what draw answers.
	DrawSample(ctx context.Context, cycle, unit uuid.UUID, draw func(Pool) (*Sample, audit.Event, error)) (*Sample, error)
	// ReviewSample locks a sample at a version and stores the item that change answers.
	ReviewSample(ctx context.Context, id uuid.UUID, version int, change func(*Sample) (*SampleItem, audit.Event, error)) (*Sample, error)
}

// Size is how much is drawn: so many, or so many in a hundred; nil leaves it to the other.
type Size struct{ Count, Percent *int }

// Draw draws a sample where the policy has objectives looked at for their quality; where it has all
// of them looked at, the size says nothing.
func (s *Service) Draw(ctx context.Context, cycle, unit uuid.UUID, size Size, seed *int) (*Sample, error) {
	return s.DrawSample(ctx, cycle, unit, func(p Pool) (*Sample, audit.Event, error) {
		n, err := size.of(p)
		if err != nil {
			return nil, audit.Event{}, err
		}
		with := int(s.now().UnixNano() & 0x7fffffff)
		if seed != nil {
			with = *seed
		}
		drawn := &Sample{CycleID: cycle, UnitID: unit, Seed: with, DrawnFrom: len(p.Items), DrawnBy: p.Drawing, Items: pick(p.Items, n, with)}
		return drawn, audit.Event{Type: "objective_sample.drawn", Data: map[string]any{"cycle_id": cycle, "seed": with, "objectives": n, "of": len(p.Items)}}, nil
	})
}

func (z Size) of(p Pool) (int, error) {
	leaf, have := &p.Policy.Rules.Objectives.Moderation, len(p.Items)
	n := have
	switch {
	case *leaf == "none":
		return 0, fault.Check([]fault.Refusal{{Code: "no_moderation", Detail: "In this trust objectives are not looked at for their quality.", Policy: p.Policy.Cite(leaf)}})
	case *leaf == "all":
	case z.Count != nil:
		n = min(*z.Count, have)
	case z.Percent != nil:
		n = (have**z.Percent + 99) / 100
	default:
		return 0, fault.Body("/count", "size_required", "Say how many to draw, as count or as percent.")
	}
	if n > MaxSample {
		return 0, fault.Body("/unit_id", "sample_too_large", "These are more than %d objectives. Choose a smaller unit, or draw fewer.", MaxSample)
	}
	return n, nil
}

// pick draws n of the items, which are in order of id, by the seed.
func pick(items []SampleItem, n, seed int) []SampleItem {
	out := make([]SampleItem, 0, n)
	for _, i := range rand.New(rand.NewPCG(uint64(seed), 0)).Perm(len(items))[:n] {
		out = append(out, items[i])
	}
	slices.SortFunc(out, func(a, b SampleItem) int { return strings.Compare(a.ObjectiveID.String(), b.ObjectiveID.String()) })
	return out
}

// Review says whether an objective of a sample meets the mark. Nobody reviews their own.
func (s *Service) Review(ctx context.Context, id uuid.UUID, version int, objective uuid.UUID, meets bool, remark *string) (*Sample, error) {
	actor := access.From(ctx)
	return s.ReviewSample(ctx, id, version, func(p *Sample) (*SampleItem, audit.Event, error) {
		for i := range p.Items {
			it := &p.Items[i]
			if it.ObjectiveID != objective {
				continue
			}
			if it.PersonID == actor.PersonID {
				return nil, audit.Event{}, fault.New(fault.Forbidden, "own_objective", "Nobody looks at the quality of their own objective.")
			}
			it.Meets, it.Remark, it.ReviewedBy, it.ReviewedOn = &meets, remark, &actor.PersonID, actor.Today
			return it, audit.Event{Type: "objective_sample.reviewed", Data: map[string]any{"objective_id": objective, "meets": meets}}, nil
		}
		return nil, audit.Event{}, fault.Body("/objective_id", "not_in_sample", "There is no such objective in the sample.")
	})
}
