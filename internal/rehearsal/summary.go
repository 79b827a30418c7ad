package rehearsal

import (
	"context"
	"math/big"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Summary is a simulation in numbers.
type Summary struct {
	Posts, Included, Excluded, WithoutReviewer, WithProblems int
	Groups                                                   []Group
}

// Group is how many of a staff group are in, and how many of them are at the top of their range.
type Group struct {
	Group                            policy.Group
	People, AtTop, BelowTop, Unknown int
}

func summarise(people []*Person) Summary {
	s := Summary{Posts: len(people)}
	for _, p := range people {
		if len(p.Troubles) > 0 {
			s.WithProblems++
		}
		if !p.Included {
			s.Excluded++
			continue
		}
		s.Included++
		if len(p.Reviewers) == 0 {
			s.WithoutReviewer++
		}
		s.count(p)
	}
	slices.SortFunc(s.Groups, func(a, b Group) int { return strings.Compare(a.Group.Code, b.Group.Code) })
	return s
}

func (s *Summary) count(p *Person) {
	i := slices.IndexFunc(s.Groups, func(g Group) bool { return g.Group.Code == p.group() })
	if i < 0 {
		s.Groups, i = append(s.Groups, Group{Group: *p.Group}), len(s.Groups)
	}
	g := &s.Groups[i]
	g.People++
	switch {
	case p.Top == nil:
		g.Unknown++
	case *p.Top:
		g.AtTop++
	default:
		g.BelowTop++
	}
}

// Changes is how many people the policy treats otherwise than the one that it is compared with, in
// all and by what changes for them.
type Changes struct {
	People int
	ByWhat map[string]int
}

// against compares what a policy does with people with what a published version does.
func (s *Service) against(ctx context.Context, y *year, version uuid.UUID, people []*Person) (*Changes, error) {
	d, err := s.store.PolicyVersion(ctx, version)
	if fault.KindOf(err) == fault.NotFound {
		return nil, fault.Body("/against/policy_version_id", "unknown_policy_version", "There is no such published policy.")
	}
	if err != nil {
		return nil, err
	}
	was, err := s.try(ctx, y, d)
	if err != nil {
		return nil, err
	}
	c := &Changes{ByWhat: map[string]int{}}
	for _, p := range people {
		p.Changes = p.changes(was[p.PostID])
		if len(p.Changes) > 0 {
			c.People++
		}
		for _, what := range p.Changes {
			c.ByWhat[what]++
		}
	}
	return c, nil
}

// PayRow is what the pay table brings if everybody of a staff group got a rating.
type PayRow struct {
	Group             policy.Group
	Rating            policy.Rating
	Covered           bool
	People, Uncertain int
	Awards            []Award
}

// Award is what one kind of award comes to: the amounts added up. It is no money, for nobody's pay
// is known here.
type Award struct {
	Kind   string
	People int
	total  big.Rat
}

// Total is the sum as a decimal.
func (a *Award) Total() string {
	text := a.total.FloatString(3)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// preview is the pay table of the cycle applied to everybody who is in, for each rating.
func (y *year) preview(people []*Person) []PayRow {
	if len(y.pay) == 0 {
		return nil
	}
	var rows []PayRow
	for _, p := range people {
		if !p.Included || p.Rules.Rules.Pay.Link == "none" {
			continue
		}
		for _, rating := range p.Rules.Rules.Pay.Judged(p.Rules.Rules.Outcome.Scale) {
			i := slices.IndexFunc(rows, func(r PayRow) bool { return r.Group.Code == p.group() && r.Rating.Code == rating.Code })
			if i < 0 {
				rows, i = append(rows, PayRow{Group: *p.Group, Rating: rating}), len(rows)
			}
			rows[i].add(p, y.row(p.group(), rating.Code))
		}
	}
	slices.SortStableFunc(rows, func(a, b PayRow) int { return strings.Compare(a.Group.Code, b.Group.Code) })
	return rows
}

func (y *year) row(group, rating string) *cycle.PayRow {
	for i := range y.pay {
		if r := &y.pay[i]; r.StaffGroup == group && r.Rating == rating {
			return r
		}
	}
	return nil
}

// add counts one person. Somebody of whom it is not known whether they are at the top of their
// range, where that matters, is counted as uncertain.
func (r *PayRow) add(p *Person, row *cycle.PayRow) {
	r.People++
	if row == nil {
		return
	}
	r.Covered = true
	awards := row.Awards
	if p.Rules.Rules.Pay.TopOfRange == "own_column" {
		switch {
		case p.Top == nil, *p.Top && row.TopAwards == nil:
			r.Uncertain++
			return
		case *p.Top:
			awards = *row.TopAwards
		}
	}
	for _, a := range awards {
		i := slices.IndexFunc(r.Awards, func(b Award) bool { return b.Kind == a.Kind })
		if i < 0 {
			r.Awards, i = append(r.Awards, Award{Kind: a.Kind}), len(r.Awards)
		}
		amount, ok := new(big.Rat).SetString(a.Amount)
		if !ok {
			continue // the table takes decimals alone
		}
		r.Awards[i].People++
		r.Awards[i].total.Add(&r.Awards[i].total, amount)
	}
}
