package policy

import (
	"fmt"
	"slices"
)

// reports checks the written report, and what governors are told.
func (in *inspection) reports() {
	r := &in.Rules.Report
	unique(in, r.Sections, func(s *ReportSection) *string { return &s.Code })
	unique(in, r.Governors, func(s *string) *string { return s })
	unique(in, in.Rules.Outcome.Inputs, func(s *string) *string { return s })
	var steps []string
	for _, s := range in.Rules.Outcome.Chain {
		steps = append(steps, s.Code)
	}
	for i := range r.Sections {
		s := &r.Sections[i]
		in.reportSection(s)
		in.dateRule(&s.Due, steps)
	}
}

// reportSection checks that a section holds something and goes to somebody.
func (in *inspection) reportSection(s *ReportSection) {
	if len(s.To) == 0 {
		in.fault("report_to_nobody", fmt.Sprintf("nobody receives the section %s", s.Code), "say who does, or leave the section out", &s.To)
	}
	for i := range s.To {
		p := &s.To[i]
		if !slices.Contains(stepParties, *p) && !officePattern.MatchString(string(*p)) {
			in.fault("party_unknown", fmt.Sprintf("there is no party %.60q", string(*p)),
				"use reviewee, reviewer, reviewers_reviewer, head, hr, or office: and a code", p)
		}
	}
	if s.Holds != "answers" {
		if s.Step != "" || len(s.Parts) > 0 {
			in.fault("section_of_no_step", fmt.Sprintf("the section %s holds no answers and names a step or parts of its form", s.Code),
				"let it hold answers, or leave step and parts out", &s.Holds)
		}
		return
	}
	in.reportedStep(s)
}

// reportedStep checks the step whose answers a section holds, and the parts of its form.
func (in *inspection) reportedStep(s *ReportSection) {
	if s.Step == "" {
		if len(s.Parts) > 0 {
			in.fault("parts_of_no_step", fmt.Sprintf("the section %s names parts of a form and no step", s.Code), "name the step", &s.Parts)
		}
		return
	}
	step := stepNamed(in.Rules.Outcome.Chain, s.Step)
	if step == nil {
		in.fault("section_step_unknown", fmt.Sprintf("%.60q is no step of the outcome chain", s.Step), "name a step of outcome.chain", &s.Step)
		return
	}
	form, ok := in.Rules.Forms[step.Form]
	if !ok {
		in.fault("section_without_form", fmt.Sprintf("the step %s fills no form, so the section %s holds nothing", s.Step, s.Code),
			"give the step a form, or name another", &s.Step)
		return
	}
	for i := range s.Parts {
		part := &s.Parts[i]
		if !slices.ContainsFunc(form.Sections, func(f formSection) bool { return f.Code == *part }) {
			in.fault("part_unknown", fmt.Sprintf("%.60q is no section of the form %s", *part, step.Form), "name one of its sections", part)
		}
	}
}
