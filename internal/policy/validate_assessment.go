package policy

import (
	"fmt"
	"slices"
)

const (
	requiredBefore       = "required_before_objectives"
	selfAssessmentOff    = "off"
	visibleToAny         = "any"
	visibleToTheReviewer = "organisation_and_reviewer"
)

// selfAssessment checks that what is asked of people before their objectives can be done.
func (in *inspection) selfAssessment() {
	s := &in.Rules.SelfAssessment
	in.formExists(&s.Preparation)
	unique(in, s.Scale, func(v *ScaleValue) *string { return &v.Code })
	in.frameworks(s)
	in.requirement(s)
	in.visibility(s)
	if s.CPDMin > s.CPDMax {
		in.fault("bounds", "the fewest development activities are more than the most", "swap cpd_min and cpd_max", &s.CPDMin, &s.CPDMax)
	}
	if s.Requirement != selfAssessmentOff && len(s.Scale) == 0 {
		in.fault("scale_missing", "statements are rated and there is no scale", "define one, or switch self-assessment off", &s.Requirement, &s.Scale)
	}
}

func (in *inspection) frameworks(s *SelfAssessmentRules) {
	unique(in, s.Frameworks, func(f *FrameworkRule) *string { return &f.Code })
	for i := range s.Frameworks {
		f := &s.Frameworks[i]
		in.conditionAt(&f.When)
		if len(f.Frameworks) == 0 {
			in.fault("frameworks_missing", fmt.Sprintf("the rule %s names no framework", f.Code), "name one, or leave the rule out", &f.Frameworks)
		}
	}
}

// requirement checks the number that is required against whether any is, and against how many
// there can be.
func (in *inspection) requirement(s *SelfAssessmentRules) {
	switch before := s.Requirement == requiredBefore; {
	case s.Required > 0 && !before:
		in.fault("required_without_requirement", fmt.Sprintf("%d self-assessments come before the objectives and none is required", s.Required),
			"require them before objectives, or let required be 0", &s.Required, &s.Requirement)
	case before && s.Required == 0:
		in.fault("requirement_of_none", "self-assessments come before the objectives and their number is 0",
			"say how many, or let them be optional", &s.Required, &s.Requirement)
	case before && len(s.codes()) < s.Required:
		in.fault("required_over_frameworks", fmt.Sprintf("%d self-assessments are required and there are frameworks for %d", s.Required, len(s.codes())),
			"name more frameworks, or require fewer", &s.Required, &s.Frameworks)
	}
	if s.Requirement == requiredBefore {
		in.waitedFor(s)
		in.needsModule(ModuleSelfAssessment, "self-assessments come before the objectives", &s.Requirement)
	}
}

// waitedFor reports self-assessments that are to come before the objectives, and no objective waits
// for them: the requirement would refuse nothing.
func (in *inspection) waitedFor(s *SelfAssessmentRules) {
	slots := &in.Rules.Objectives.Slots
	if !slices.ContainsFunc(*slots, func(slot Slot) bool { return slot.SelfAssessment }) {
		in.fault("nothing_waits", "self-assessments come before the objectives and no slot waits for them",
			"give a slot self_assessment, or let self-assessments be optional", &s.Requirement, slots)
	}
}

// codes lists the frameworks that anybody is assessed against.
func (s *SelfAssessmentRules) codes() []string {
	var codes []string
	for _, f := range s.Frameworks {
		codes = append(codes, f.Frameworks...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// visibility checks that a self-assessment can be made as visible as it has to be.
func (in *inspection) visibility(s *SelfAssessmentRules) {
	if s.RequiredVisibility != visibleToAny && !slices.Contains(s.Visibility, s.RequiredVisibility) {
		in.fault("visibility_not_offered", fmt.Sprintf("a self-assessment must be visible to %s, which nobody can choose", s.RequiredVisibility),
			"offer it in visibility, or ask for less", &s.RequiredVisibility, &s.Visibility)
	}
	if s.ReviewerParallel && !slices.Contains(s.Visibility, visibleToTheReviewer) {
		in.fault("visibility_not_offered", "the reviewer rates the same statements, and nobody can let the reviewer see them",
			"offer organisation_and_reviewer in visibility, or switch reviewer_parallel off", &s.ReviewerParallel, &s.Visibility)
	}
}

// evidence checks that evidence which is required can be given.
func (in *inspection) evidence() {
	e := &in.Rules.Evidence
	unique(in, e.Kinds, func(k *EvidenceKind) *string { return &k.Code })
	if e.Expectation != evidenceRequired {
		return
	}
	if len(e.Kinds) == 0 {
		in.fault("evidence_without_kinds", "evidence is required and there is no kind of it", "name the kinds, or ask for less", &e.Expectation, &e.Kinds)
	}
	in.needsModule(ModuleEvidence, "evidence is required", &e.Expectation)
}
