package brightwater

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// fill answers a form: with the story's words where it has some, and what else is required in a plain
// way.
func (y *lastYear) fill(s *story, f api.Form) map[string]any {
	out := map[string]any{}
	for _, section := range f.Sections {
		words, known := s.texts[section.Code]
		var v any
		switch {
		case section.Kind == "people" && s.thanked != "":
			v = []uuid.UUID{y.t.People[s.thanked]}
		case section.Kind == "text" && known:
			v = words
		case section.Required:
			v = plainly(section)
		default:
			continue
		}
		if section.Per.IsNull() {
			out[section.Code] = v
			continue
		}
		each := map[string]any{}
		for _, id := range s.objectives {
			each[id.String()] = v
		}
		out[section.Code] = each
	}
	return out
}

// plainly is an answer of a section's kind: yes, the last option, the highest number, or a word.
func plainly(s api.FormSection) any {
	switch s.Kind {
	case "yes_no":
		return true
	case "number":
		if most, err := s.Max.Get(); err == nil {
			return most
		}
		return 1
	case "choice":
		return s.Options[len(s.Options)-1].Code
	}
	return "As agreed."
}

// end is the year's end: reflection, statement, decision and approval, and pay where nothing waits.
func (y *lastYear) end() error {
	return y.on("07-08", func(s *story, own, reviewer *client.ClientWithResponses) error {
		head, err := y.as(HeadOf)
		if err != nil {
			return err
		}
		if err := y.postpone(s, reviewer); err != nil {
			return err
		}
		if err := y.judge(s, own); err != nil {
			return err
		}
		steps := []turn{{own, "outcome.reflect", &api.RatingInput{Code: &s.own}}, {reviewer, "outcome.state", &s.rating}, {head, "outcome.decide", s.decided}, {y.hr, "outcome.approve", nil}}
		if s.waits == "" {
			steps = append(steps, turn{y.hr, "pay.decide_pay", nil})
		}
		for _, step := range steps {
			if err := y.step(s, step); err != nil {
				return fmt.Errorf("%s: %w", step.name, err)
			}
		}
		return nil
	})
}

// turn is a step, by whom it is done, and their rating where they give one.
type turn struct {
	by     *client.ClientWithResponses
	name   string
	rating *api.RatingInput
}

// judge has the person judge each objective that does not wait as highly as the scale goes, where the
// policy asks them.
func (y *lastYear) judge(s *story, own *client.ClientWithResponses) error {
	list, err := own.ListObjectiveOutcomesWithResponse(y.ctx, s.appraisal)
	if err := done(list, err); err != nil {
		return err
	}
	for _, o := range list.JSON200.Items {
		if !slices.Contains(o.Asked, "reviewee") || !o.DeferralID.IsNull() {
			continue
		}
		scale := list.JSON200.Scale
		r, err := own.JudgeObjectiveWithResponse(y.ctx, o.ObjectiveID, &api.JudgeObjectiveParams{IfMatch: strconv.Quote(strconv.Itoa(o.Version))}, api.JudgeObjective{Code: &scale[len(scale)-1].Code})
		if err := done(r, err); err != nil {
			return err
		}
	}
	return nil
}

// step saves a step with everything weighed that the trust has it weigh, and completes it.
func (y *lastYear) step(s *story, t turn) error {
	by, name, rating := t.by, t.name, t.rating
	v, err := by.GetStepWithResponse(y.ctx, s.appraisal, name)
	if err := done(v, err); err != nil {
		return err
	}
	tag := v.HTTPResponse.Header.Get("ETag")
	if rating != nil {
		body := api.SaveStep{Rating: rating}
		if f, err := v.JSON200.Form.Get(); err == nil {
			body.Answers = y.fill(s, f)
		}
		for _, in := range v.JSON200.Inputs {
			body.Weighed = append(body.Weighed, in.Code)
		}
		w, err := by.SaveStepWithResponse(y.ctx, s.appraisal, name, &api.SaveStepParams{IfMatch: tag}, body)
		if err := done(w, err); err != nil {
			return err
		}
		tag = w.HTTPResponse.Header.Get("ETag")
	}
	c, err := by.CompleteStepWithResponse(y.ctx, s.appraisal, name, &api.CompleteStepParams{IfMatch: tag}, api.CompleteStep{})
	return done(c, err)
}

// turn closes the year and moves the clock to the first day of the next.
func (y *lastYear) turn() error {
	next := &builder{year: y.year + 1}
	r, err := y.hr.SetDemoClockWithResponse(y.ctx, nil, api.SetDemoClock{Today: toDate(next.day("09-01"))})
	if err := done(r, err); err != nil {
		return err
	}
	c, err := y.hr.GetCycleWithResponse(y.ctx, y.cycle)
	if err := done(c, err); err != nil {
		return err
	}
	closed, err := y.hr.CloseCycleWithResponse(y.ctx, y.cycle, &api.CloseCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	return done(closed, err)
}

// tagOf is the write token of the record that was answered.
func tagOf(r *http.Response) string { return r.Header.Get("ETag") }
