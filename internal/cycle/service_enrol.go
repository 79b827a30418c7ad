package cycle

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// EnrolmentStore reads posts and makes appraisals for them.
type EnrolmentStore interface {
	// CandidatesInReach lists the posts held in the period that the caller reaches, by name;
	// those up to the post After were on a page before.
	CandidatesInReach(ctx context.Context, c *Cycle, q CandidateQuery) ([]Candidate, error)
	// Candidates lists all posts held in the period, or those of them that are named.
	Candidates(ctx context.Context, c *Cycle, posts []uuid.UUID) ([]Candidate, error)
	// LockCycle reads a cycle and keeps it from being closed until the transaction ends.
	LockCycle(ctx context.Context, id uuid.UUID) (*Cycle, error)
	// HoldCycle is LockCycle for one at a time: no enrolment, and no other who holds, goes on beside.
	HoldCycle(ctx context.Context, id uuid.UUID) (*Cycle, error)
	// AddAppraisals makes an appraisal for each enrolment, with the seats that it gives, and
	// returns those that were made; posts that have one already are left alone.
	AddAppraisals(ctx context.Context, c *Cycle, plan []Enrolment) ([]Enrolment, error)
	// Reinstate opens again the appraisals that ended because their posts were left out.
	Reinstate(ctx context.Context, c *Cycle, plan []Enrolment) error
	// LeaveOut ends the appraisal of a post that is left out.
	LeaveOut(ctx context.Context, c *Cycle, e Enrolment) error
	// Decide keeps a decision on whether a post is in, with its reason.
	Decide(ctx context.Context, c *Cycle, e Enrolment, included bool, reason string) error
	// Unenrolled lists the posts held in the period that have no appraisal in the cycle.
	Unenrolled(ctx context.Context, c *Cycle) ([]Candidate, error)
	Record(ctx context.Context, events ...audit.Event) error
	// OrgOn reads the units, and the offices of a day.
	OrgOn(ctx context.Context, day schooltime.Date) (*directory.Org, error)
	// FactsOfPeople returns the facts of each person's main post on a day; somebody without a post has none.
	FactsOfPeople(ctx context.Context, people []uuid.UUID, on schooltime.Date) (map[uuid.UUID]policy.FactSet, error)

	PostFacts(ctx context.Context, posts []uuid.UUID, on schooltime.Date) (map[uuid.UUID]policy.FactSet, error)
	PolicyUnits(ctx context.Context) (map[uuid.UUID]uuid.UUID, error)
	Cards(ctx context.Context, people []uuid.UUID) (map[uuid.UUID]directory.Card, error)
}

// CandidateQuery narrows the posts of a preview: to a unit and those below it, to one post, and to
// what comes after a post.
type CandidateQuery struct {
	UnitID *uuid.UUID
	PostID *uuid.UUID
	After  *uuid.UUID
}

// PlanFilter narrows a preview.
type PlanFilter struct {
	CycleID         uuid.UUID
	UnitID          *uuid.UUID
	Included        *bool
	WithoutReviewer *bool
}

func (f PlanFilter) holds(e Enrolment) bool {
	unseated := e.Included && e.ReviewerID == nil
	return (f.Included == nil || *f.Included == e.Included) && (f.WithoutReviewer == nil || *f.WithoutReviewer == unseated)
}

// Plan is a page of an enrolment, the numbers of all that the caller reaches in the unit, and the
// cards of the people on the page.
type Plan struct {
	page.Page[Enrolment]
	Summary Summary
	Cards   map[uuid.UUID]directory.Card
}

// Preview says who is in, who is out and why, and who has no reviewer, among those whom the
// caller reaches.
func (s *Service) Preview(ctx context.Context, f PlanFilter, r page.Request) (Plan, error) {
	c, err := s.store.Cycle(ctx, f.CycleID)
	if err != nil {
		return Plan{}, err
	}
	r.Filter = f
	q := CandidateQuery{UnitID: f.UnitID}
	if q.After, err = afterPost(r); err != nil {
		return Plan{}, err
	}
	found, err := s.store.CandidatesInReach(ctx, c, q)
	if err != nil {
		return Plan{}, err
	}
	all, err := s.plan(ctx, c, found)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Summary: summarise(all), Page: pageOf(r, f, all)}
	p.Cards, err = s.store.Cards(ctx, peopleOf(p.Items))
	return p, err
}

func afterPost(r page.Request) (*uuid.UUID, error) {
	after, err := r.After(page.ID)
	if err != nil || after == nil {
		return nil, err
	}
	id, err := uuid.Parse(after[0])
	return &id, err
}

func pageOf(r page.Request, f PlanFilter, all []Enrolment) page.Page[Enrolment] {
	var rows []Enrolment
	for _, e := range all {
		if !e.Passed && f.holds(e) && len(rows) <= r.Size() {
			rows = append(rows, e)
		}
	}
	return page.Cut(r, rows, func(e Enrolment) []string { return []string{e.PostID.String()} })
}

func peopleOf(plan []Enrolment) []uuid.UUID {
	var ids []uuid.UUID
	for _, e := range plan {
		ids = append(append(ids, e.PersonID), e.Reviewers()...)
	}
	return ids
}

// Result is what an enrolment did.
type Result struct{ Created, Already, Excluded, WithoutReviewer int }

// Enrol gives everybody who is in by the plan an appraisal, or those of the named posts. It is
// not limited to whom the caller reaches: the policy decides, nobody's judgement does, and the
// only HR person of a trust is in the year like everybody else.
func (s *Service) Enrol(ctx context.Context, id uuid.UUID, posts []uuid.UUID) (Result, error) {
	c, err := s.store.LockCycle(ctx, id)
	if err != nil {
		return Result{}, err
	}
	if c.Status != Open {
		return Result{}, refused([]fault.Refusal{{Code: "cycle_not_open", Detail: fmt.Sprintf("The cycle is %s; people join an open one.", c.Status), Unblock: "Open the cycle first."}})
	}
	found, err := s.store.Candidates(ctx, c, posts)
	if err != nil {
		return Result{}, err
	}
	all, err := s.plan(ctx, c, found)
	if err != nil {
		return Result{}, err
	}
	if err := allFound(posts, all); err != nil {
		return Result{}, err
	}
	var wanted, back []Enrolment
	for _, e := range all {
		switch {
		case e.Included && e.LeftOut:
			back = append(back, e)
		case e.Included && e.AppraisalID == nil:
			wanted = append(wanted, e)
		}
	}
	if err := s.store.Reinstate(ctx, c, back); err != nil {
		return Result{}, err
	}
	made, err := s.store.AddAppraisals(ctx, c, wanted)
	if err != nil {
		return Result{}, err
	}
	sum := summarise(all)
	return Result{Created: len(made) + len(back), Already: sum.Already + len(wanted) - len(made), Excluded: sum.Excluded, WithoutReviewer: summarise(made).WithoutReviewer},
		s.store.Record(ctx, enrolled(c, made)...)
}

// allFound refuses posts that nobody holds in the period.
func allFound(posts []uuid.UUID, found []Enrolment) error {
	known := map[uuid.UUID]bool{}
	for _, p := range found {
		known[p.PostID] = true
	}
	e := fault.New(fault.Invalid, "unknown_post", "Some posts are not held in the cycle's period, or not for this cycle; errors lists them.")
	for i, id := range posts {
		if !known[id] && len(e.Violations) < maxViolations {
			e.Violations = append(e.Violations, fault.Violation{In: "body", Pointer: fmt.Sprintf("/post_ids/%d", i), Code: e.Code, Detail: "Nobody holds this post in the cycle's period, or the cycle is for others."})
		}
	}
	if len(e.Violations) > 0 {
		return e
	}
	return nil
}

func enrolled(c *Cycle, made []Enrolment) []audit.Event {
	var events []audit.Event
	for _, e := range made {
		var remarks []string
		for _, r := range e.Remarks {
			remarks = append(remarks, r.Code)
		}
		data := map[string]any{"cycle_id": c.ID.String(), "post_id": e.PostID.String(), "staff_group": e.Group.Code,
			"starts_on": e.StartsOn.String(), "ends_on": e.EndsOn.String(), "remarks": remarks}
		if e.ReviewerID != nil {
			data["reviewer_id"] = e.ReviewerID.String()
		}
		if panel := e.Seating.Reviewers(); len(panel) > 1 {
			data["panel"] = panel
		}
		events = append(events, audit.About("appraisal", *e.AppraisalID, 1, "enrolled", data).Of(e.PersonID, e.UnitID).In(*e.AppraisalID))
	}
	return events
}
