package dossier

import (
	"context"
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/policy"
)

// QueueStore reads what waits over several appraisals.
type QueueStore interface {
	// YearRules are the rules of the trust's newest year as the trust as a whole has them; nil before
	// the first.
	YearRules(ctx context.Context) (*policy.Rules, error)
	Turns(ctx context.Context, operation string, party policy.Party) (int, error)
	// Unreviewed counts the open appraisals that the caller reaches and nobody reviews today.
	Unreviewed(ctx context.Context, operation string) (int, error)
	// Moved counts the open appraisals that the caller reaches whose posts are in another unit by now.
	Moved(ctx context.Context, operation string) (int, error)
	// Settings groups the open appraisals of others that the caller reaches and whose objectives are
	// being set by their rules and the slots in which there is an objective.
	Settings(ctx context.Context, operation string) ([]Setting, error)
	// Unsampled counts the objectives of others that were drawn for the caller to look at, and that
	// nobody has looked at.
	Unsampled(ctx context.Context, operation string) (int, error)
	// Completed reads the cases of others that the caller reaches and that have an objective which is
	// complete and not validated.
	Completed(ctx context.Context, operation string) ([]*appraisal.Case, error)
}

// Setting is so many appraisals under the same rules, with objectives in the same slots.
type Setting struct {
	Rules      *policy.Rules
	Filled     []string
	Appraisals int
}

// queues are what waits for the head or HR over several appraisals, as one line each, in the words of
// the trust's newest year. Before the first year there is no appraisal that could wait.
func (s *Service) queues(ctx context.Context) ([]appraisal.Waiting, error) {
	rules, err := s.store.YearRules(ctx)
	if err != nil {
		return nil, err
	}
	var out []appraisal.Waiting
	if rules != nil {
		if out, err = s.lines(ctx, rules); err != nil {
			return nil, err
		}
	}
	if !access.From(ctx).Has(access.HR) {
		return out, nil
	}
	return s.policies(ctx, out)
}

func (s *Service) lines(ctx context.Context, rules *policy.Rules) ([]appraisal.Waiting, error) {
	var out []appraisal.Waiting
	for _, q := range []struct {
		role  access.Role
		party policy.Party
	}{{access.Head, policy.Head}, {access.HR, policy.HR}} {
		if !access.From(ctx).Has(q.role) {
			continue
		}
		n, err := s.store.Turns(ctx, "ListAppraisals", q.party)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, appraisal.Waiting{Kind: "steps_of_" + string(q.party), Count: n, Operation: "ListAppraisals",
				Detail: fmt.Sprintf("Year-end steps that wait for %s.", appraisal.PartyIn(&rules.Terms, q.party))})
		}
	}
	for _, add := range []func(context.Context, *policy.Rules, []appraisal.Waiting) ([]appraisal.Waiting, error){s.central, s.samples, s.validations, s.gaps} {
		var err error
		if out, err = add(ctx, rules, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// gaps are what nobody's turn shows: appraisals without a reviewer, and people who joined the year
// after the enrolment.
func (s *Service) gaps(ctx context.Context, rules *policy.Rules, out []appraisal.Waiting) ([]appraisal.Waiting, error) {
	a := access.From(ctx)
	if !a.Has(access.HR) && !a.Has(access.Head) {
		return out, nil
	}
	appraisals := appraisal.Sentence(rules.Terms.Process.Many)
	n, err := s.store.Unreviewed(ctx, "ListAppraisals")
	if err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "name_reviewers", Count: n, Operation: "HandOverAppraisal", Detail: appraisals + " that nobody reviews."})
	}
	if !a.Has(access.HR) {
		return out, nil
	}
	if n, err = s.years.Joiners(ctx); err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "enrol_people", Count: n, Operation: "PreviewEnrolment", Detail: "Posts that belong in the year and have no " + rules.Terms.Process.One + " yet."})
	}
	if n, err = s.store.Moved(ctx, "ListAppraisals"); err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "move_appraisals", Count: n, Operation: "MoveAppraisal", Detail: appraisals + " whose posts have moved to another unit."})
	}
	return out, nil
}

// central are the objectives that HR drafts where the policy has them drafted centrally.
func (s *Service) central(ctx context.Context, rules *policy.Rules, out []appraisal.Waiting) ([]appraisal.Waiting, error) {
	if !access.From(ctx).Has(access.HR) {
		return out, nil
	}
	all, err := s.store.Settings(ctx, "CreateObjective")
	if err != nil {
		return nil, err
	}
	n := 0
	for _, g := range all {
		if g.Rules.Objectives.Drafter != policy.HR {
			continue
		}
		for _, slot := range g.Rules.Objectives.Slots {
			if slot.Required && !slices.Contains(g.Filled, slot.Code) {
				n += g.Appraisals
			}
		}
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "draft_objectives", Count: n, Operation: "CreateObjectivesInBulk",
			Detail: appraisal.Sentence(rules.Terms.Objective.Many) + " to be drafted for others."})
	}
	return out, nil
}

// samples are objectives that were drawn for the head to look at.
func (s *Service) samples(ctx context.Context, rules *policy.Rules, out []appraisal.Waiting) ([]appraisal.Waiting, error) {
	if !access.From(ctx).Has(access.Head) {
		return out, nil
	}
	n, err := s.store.Unsampled(ctx, "ReviewSampledObjective")
	if err == nil && n > 0 {
		out = append(out, appraisal.Waiting{Kind: "review_sample", Count: n, Operation: "ReviewSampledObjective",
			Detail: appraisal.Sentence(rules.Terms.Objective.Many) + " of a sample to be looked at for their quality."})
	}
	return out, err
}

// validations are completed objectives for the head to validate, where the policy has the head do it.
func (s *Service) validations(ctx context.Context, rules *policy.Rules, out []appraisal.Waiting) ([]appraisal.Waiting, error) {
	if !access.From(ctx).Has(access.Head) || rules.Objectives.Validator != policy.Head {
		return out, nil
	}
	cases, err := s.store.Completed(ctx, "ValidateObjective")
	if err != nil {
		return nil, err
	}
	n := 0
	for _, c := range cases {
		w := waiter{c: c, me: c.Actor.PersonID}
		n += w.asked(objective.MayValidate)
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "validate_objectives", Count: n, Operation: "ValidateObjective",
			Detail: appraisal.Sentence(rules.Terms.Objective.Many) + " that are complete, to be validated."})
	}
	return out, nil
}
