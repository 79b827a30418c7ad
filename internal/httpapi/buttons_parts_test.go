package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// Every action of a self-assessment, open to the reviewer, does what its button says, for each who
// reads it and before and after it is complete.
func TestTheButtonsOfASelfAssessmentDoWhatTheySay(t *testing.T) {
	t.Parallel()
	a := newAssessing(t, map[string]any{"reviewer_parallel": true})
	s := a.opened(a.rated(a.begun(), "secure", "strong"), "organisation_and_reviewer")
	id, one := s.ID, api.RateStatement{Statement: "b1", Rating: "secure"}
	read := func(who string) api.SelfAssessment {
		r, err := a.As(who).GetSelfAssessmentWithResponse(t.Context(), id)
		apitest.OK(t, r, err)
		return *r.JSON200
	}
	acts := []struct {
		name string
		do   func(string, api.SelfAssessment) (client.Answer, error)
	}{
		{"rate_as_reviewer", func(who string, s api.SelfAssessment) (client.Answer, error) { return a.beside(who, s, false, one) }},
		{"set_visibility", func(who string, s api.SelfAssessment) (client.Answer, error) {
			return a.open(who, s, "organisation_and_reviewer")
		}},
		{"complete", func(who string, s api.SelfAssessment) (client.Answer, error) {
			return a.As(who).CompleteSelfAssessmentWithResponse(t.Context(), s.ID, &api.CompleteSelfAssessmentParams{IfMatch: etag(s.Version)}, api.CompleteSelfAssessment{})
		}},
		{"rate", func(who string, s api.SelfAssessment) (client.Answer, error) { return a.rate(who, s, one) }},
		{"reset", func(who string, s api.SelfAssessment) (client.Answer, error) {
			return a.As(who).ResetSelfAssessmentWithResponse(t.Context(), s.ID, &api.ResetSelfAssessmentParams{IfMatch: etag(s.Version)})
		}},
	}
	for _, who := range []string{"hr", "cho", "ben", "ada"} { // ada last, whose reset closes it to the others
		for range 2 {
			for _, act := range acts {
				shown := read(who)
				require.Len(t, shown.AllowedActions, len(acts), "an action is missing here")
				for _, button := range shown.AllowedActions {
					if button.Action == act.name {
						r, err := act.do(who, shown)
						require.NoError(t, err)
						agree(t, button, r, who+" "+act.name)
					}
				}
			}
		}
	}
}
