package policy

import (
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/form"
)

type formSection = form.Section

// section checks one section of a form: that what it asks for can be answered, and that what it
// quotes is asked in the check-ins. A form that no step of the year's end fills quotes nothing, such
// as one of the model's that the trust does not use.
func (in *inspection) section(s *form.Section, quoting bool) {
	switch {
	case s.Kind == form.Choice && len(s.Options) == 0:
		in.fault("options_missing", fmt.Sprintf("the section %s offers nothing to choose", s.Code), "list its options", &s.Kind)
	case s.Kind != form.Choice && len(s.Options) > 0:
		in.fault("options_unused", fmt.Sprintf("the section %s has options and asks for no choice", s.Code),
			"make it a choice, or leave the options out", &s.Kind, &s.Options)
	}
	unique(in, s.Options, func(o *form.Option) *string { return &o.Code })
	if s.Min > s.Max {
		in.fault("bounds", fmt.Sprintf("the least number of %s is above the greatest", s.Code), "swap min and max", &s.Min, &s.Max)
	}
	for i := range s.Prefill {
		if quoting {
			in.quotes(&s.Prefill[i])
		}
	}
}

// filledAtYearEnd says whether a step of the outcome chain fills the form.
func (in *inspection) filledAtYearEnd(form string) bool {
	return slices.ContainsFunc(in.Rules.Outcome.Chain, func(s StepRule) bool { return s.Form == form })
}

// quotes checks that a section of the check-in form has the code. Without check-ins there is
// nothing to quote and nothing to check.
func (in *inspection) quotes(code *string) {
	checkIns := &in.Rules.CheckIns.Form
	asked, exists := in.Rules.Forms[*checkIns]
	if exists && asked.Section(*code) == nil {
		in.fault("prefill_unknown", fmt.Sprintf("the form of the check-ins has no section %s", *code),
			"name a section of "+*checkIns, code, checkIns, formNamed(*checkIns))
	}
}
