package yearend

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Waiting is a deferral with its case, the ratings made so far, and what a command on it leaves to be
// stored.
type Waiting struct {
	Deferral
	Case      *appraisal.Case
	Objective *JudgedObjective // the one that waits
	Ratings   []Rating         // current ones

	NewJudgement *Judgement
	NewRatings   []Rating
	Confirm      *Deferral // the rating is still to be confirmed
}

// WaitingActs are what may be done with something that waits.
var WaitingActs = []appraisal.Act[*Waiting]{resolving}

// Resolver is who judges what waits: whoever states on the year judges an objective, whoever decides
// gives or confirms the rating.
func Resolver(c *appraisal.Case, waitsFor string) appraisal.Right {
	if waitsFor == ForObjective {
		return stating(c, &c.Rules().Outcome.Deferral)
	}
	a, ok := decidingStep(c)
	if !ok {
		return appraisal.Right{Leaf: &c.Rules().Outcome.Chain}
	}
	return appraisal.Right{Parties: []policy.Party{a.Rule.Rule.Party}, Barred: c.Barred(a.Rule), Leaf: a.Rule.Rule}
}

var resolving = appraisal.Act[*Waiting]{Name: "resolve", Operation: "ResolveDeferral",
	By: func(c *appraisal.Case, w *Waiting) appraisal.Right { return Resolver(c, w.WaitsFor) },
	From: func(_ *appraisal.Case, w *Waiting) []fault.Refusal {
		if DeferralLifecycle.Allows(w.Status, ResolveIt) {
			return nil
		}
		return []fault.Refusal{{Code: "wrong_status", Detail: "This is resolved."}}
	},
	Needs: func(c *appraisal.Case, w *Waiting) []fault.Refusal {
		if c.Status == appraisal.Suspended || c.Status == appraisal.Transferred {
			return c.UnderWay() // but not of a year that is closed, for it waits longest
		}
		if w.WaitsFor != ForObjective && slices.ContainsFunc(c.Deferrals, func(d appraisal.DeferralFact) bool { return d.WaitsFor == ForObjective }) {
			return []fault.Refusal{{Code: "objectives_wait", Detail: "Some " + c.Terms().Objective.Many + " still wait.", Policy: c.Policy.Cite(&c.Rules().Outcome.Deferral), Unblock: "They are judged first."}}
		}
		return nil
	}}

// Resolvable says whether the actor may resolve something that waits, now.
func Resolvable(c *appraisal.Case, d appraisal.DeferralFact) bool {
	w := &Waiting{Deferral: Deferral{AppraisalID: c.ID, WaitsFor: d.WaitsFor, ObjectiveID: d.ObjectiveID, Status: Awaiting, DueOn: d.DueOn}, Case: c}
	return len(appraisal.Decide(c, w, resolving)) == 0
}

// Resolution is the judgement of an objective that waited, or the rating.
type Resolution struct {
	Judgement *JudgementInput
	Rating    *RatingInput
}

// ResolveDeferral judges what waited. With the last objective a derived rating follows anew, and one
// that was given by judgement waits for whoever decided to confirm it.
func (s *Service) ResolveDeferral(ctx context.Context, appraisalID, id uuid.UUID, version int, in Resolution) (*Waiting, error) {
	return s.Resolve(ctx, appraisalID, id, version, func(w *Waiting) (audit.Event, error) {
		if err := fault.Check(appraisal.Decide(w.Case, w, resolving)); err != nil {
			return audit.Event{}, err
		}
		next, err := DeferralLifecycle.Next(w.Status, ResolveIt)
		if err != nil {
			return audit.Event{}, err
		}
		me, at := w.Case.Actor.PersonID, s.now()
		w.Status, w.ResolvedBy, w.ResolvedAt = next, &me, &at
		w.Case.Deferrals = slices.DeleteFunc(w.Case.Deferrals, func(d appraisal.DeferralFact) bool { return d.ID == w.ID })
		if w.WaitsFor == ForObjective {
			err = s.judgeAtLast(w, in)
		} else {
			err = s.rateAtLast(w, in)
		}
		return audit.Event{Type: "deferral.resolved", Data: w.made()}, err
	})
}

// made is what the resolution brought, in codes.
func (w *Waiting) made() map[string]any {
	data := map[string]any{"waits_for": w.WaitsFor}
	if w.NewJudgement != nil && w.NewJudgement.Code != nil {
		data["code"] = *w.NewJudgement.Code
	}
	for _, r := range w.NewRatings {
		data[string(r.Kind)] = r.Code
	}
	return data
}

// judgeAtLast judges the objective, and settles the rating with the last one.
func (s *Service) judgeAtLast(w *Waiting, in Resolution) error {
	switch {
	case in.Rating != nil:
		return fault.Body("/rating", "no_rating_here", "An objective is judged, not rated.")
	case in.Judgement == nil:
		return fault.Body("/judgement", "judgement_required", "Judge the objective that waited.")
	case in.Judgement.Agrees != nil || in.Judgement.Reason != "":
		return fault.Body("/judgement/agrees", "nothing_to_agree_with", "What waited is judged by one.")
	}
	if err := w.Objective.checkCode(in.Judgement, "/judgement"); err != nil {
		return err
	}
	v := w.Objective.make(*in.Judgement)
	v.DeferralID, w.NewJudgement = &w.ID, v
	w.Objective.Keep(*v)
	if w.Case.Waits() {
		return nil
	}
	return s.settleRatings(w)
}

// settleRatings puts ratings that follow from the objectives beside the provisional ones. One that
// somebody gave is for whoever decided to confirm.
func (s *Service) settleRatings(w *Waiting) error {
	for _, kind := range []RatingKind{Recommended, Decided} {
		r := ratingOf(w.Ratings, kind)
		if r == nil || !r.Provisional {
			continue
		}
		follows := r.Derived != nil && *r.Derived == r.Code
		d := Derive(w.Case, true)
		switch {
		case w.Case.Rules().Outcome.Method == methodDerived && follows && d.Rating != "":
			w.NewRatings = append(w.NewRatings, Rating{AppraisalID: w.Case.ID, Kind: kind, Code: d.Rating, Derived: &d.Rating, ByID: w.Case.Actor.PersonID, At: *w.ResolvedAt, Current: true})
		case kind == Decided:
			w.Confirm = &Deferral{AppraisalID: w.Case.ID, WaitsFor: ForRating, Status: Awaiting, DueOn: w.DueOn, ByID: w.Case.Actor.PersonID}
		}
	}
	return nil
}

// rateAtLast gives the rating of an outcome that waited, or confirms the provisional one. Where the
// step that decides is not done yet, it gives the rating itself.
func (s *Service) rateAtLast(w *Waiting, in Resolution) error {
	c := w.Case
	if in.Judgement != nil {
		return fault.Body("/judgement", "no_judgement_here", "The outcome is rated here.")
	}
	a, ok := decidingStep(c)
	if !ok || !a.Rule.Settled() {
		if in.Rating != nil {
			return fault.Body("/rating", "no_rating_here", "The step that decides is not done: it gives the rating.")
		}
		return nil
	}
	a.Ratings = w.Ratings
	r := &Rating{AppraisalID: c.ID, Kind: Decided, ByID: c.Actor.PersonID, At: *w.ResolvedAt, Current: true}
	if err := rateLate(w, a, in.Rating, r); err != nil {
		return err
	}
	if in.Rating != nil && in.Rating.Reason != "" {
		r.Reason = &in.Rating.Reason
	}
	w.NewRatings = append(w.NewRatings, *r)
	return nil
}

// rateLate makes the rating of a deferral: a confirmation takes the provisional rating or another, each
// with a reason; an outcome that waited is rated by the policy's method.
func rateLate(w *Waiting, a *Aggregate, in *RatingInput, r *Rating) error {
	provisional := ratingOf(w.Ratings, Decided)
	if w.WaitsFor == ForRating && provisional != nil {
		if in == nil || in.Reason == "" {
			return fault.Body("/rating/reason", "reason_required", "Say why the rating stands, or why it changes.")
		}
		r.Code, r.Derived = provisional.Code, provisional.Derived
		if in.Code == "" {
			return nil
		}
		r.Code = in.Code
		return onScale(w.Case, in.Code)
	}
	if len(w.Case.Rules().Outcome.Scale) > 0 && in == nil && w.Case.Rules().Outcome.Method != methodDerived {
		return fault.Body("/rating", "rating_required", "Give the rating of the outcome that waited.")
	}
	return byMethod(a, in, r)
}
