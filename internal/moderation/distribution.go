package moderation

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/yearend"
)

// RatedPerson is somebody with a rating, and where they are counted: in a unit, with whoever leads
// their review, and in a staff group.
type RatedPerson struct {
	UnitID     uuid.UUID
	ReviewerID uuid.UUID // nil: nobody reviews them today
	StaffGroup string
	Rating     string
}

// Rated is everybody who is counted, with the year's words.
type Rated struct {
	CycleID *uuid.UUID    // nil before the first year
	Rules   *policy.Rules // of the trust as a whole
	Scale   []policy.Rating
	People  []RatedPerson
}

// By says what the rows of a distribution are.
type By string

// The rows of a distribution.
const (
	ByUnit     By = "unit"
	ByReviewer By = "reviewer"
	ByGroup    By = "staff_group"
)

// bys are the three tables that are protected together. Each person is in one row of each.
var bys = []By{ByUnit, ByReviewer, ByGroup}

// Distribution is how many people have which rating, in each row and together. A nil count is
// withheld.
type Distribution struct {
	CycleID     *uuid.UUID
	Rules       *policy.Rules
	SmallNumber int
	Ratings     []policy.Rating
	People      *int
	Totals      []*int
	Rows        []Row
}

// Row is one row of a distribution: a unit, a reviewer or a staff group. Counts are in the order of
// the ratings.
type Row struct {
	Key    string
	People *int
	Counts []*int
}

// Distribute counts people by rating. It answers about all whom the caller reaches and takes no
// filter, for two answers about nearly the same people would give the difference away; and the three
// tables are protected together, for whoever asks for one may ask for the others.
func (s *Service) Distribute(ctx context.Context, cycle *uuid.UUID, by By, kind yearend.RatingKind) (Distribution, error) {
	rated, err := s.store.RatedPeople(ctx, cycle, kind)
	if err != nil {
		return Distribution{}, err
	}
	d := Distribution{CycleID: rated.CycleID, Rules: rated.Rules, Ratings: rated.Scale}
	if rated.Rules != nil {
		d.SmallNumber = rated.Rules.Report.SmallNumber
	}
	keys, people := enumerate(rated)
	rows := make([]int, len(keys))
	for i := range keys {
		rows[i] = len(keys[i])
	}
	told := withhold(people, rows, len(rated.Scale), d.SmallNumber)
	d.Totals, d.People = told.line(len(keys), 0)
	table := slices.Index(bys, by)
	for i, key := range keys[table] {
		row := Row{Key: key}
		row.Counts, row.People = told.line(table, i)
		d.Rows = append(d.Rows, row)
	}
	return d, nil
}

// enumerate numbers the rows of each table, in the order of their keys, and the ratings, and says
// of each person where they are counted.
func enumerate(r Rated) (keys [][]string, people []member) {
	keys = make([][]string, len(bys))
	for _, p := range r.People {
		for t, key := range p.keys() {
			if at, ok := slices.BinarySearch(keys[t], key); !ok {
				keys[t] = slices.Insert(keys[t], at, key)
			}
		}
	}
	for _, p := range r.People {
		m := member{rating: slices.IndexFunc(r.Scale, func(v policy.Rating) bool { return v.Code == p.Rating })}
		for t, key := range p.keys() {
			m.rows[t], _ = slices.BinarySearch(keys[t], key)
		}
		people = append(people, m)
	}
	return keys, people
}

// keys are the rows in which the person is counted, in the order of bys.
func (p RatedPerson) keys() [tables]string {
	return [tables]string{p.UnitID.String(), p.ReviewerID.String(), p.StaffGroup}
}
