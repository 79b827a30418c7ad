package httpapi_test

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// term is a row of a word of the trust's own: what is said holds it, and the model's word otherwise.
func term(name, model, under string, probe func(*apitest.Process) string) leafRow {
	heard := func(p *apitest.Process) string {
		text := probe(p)
		for _, word := range []string{"zebra", model} {
			if strings.Contains(strings.ToLower(text), word) {
				return word
			}
		}
		return text
	}
	return leafRow{path: "terms." + name, a: fmt.Sprintf(`{"one":%q,"many":%q}`, model, model+"s"), b: `{"one":"zebra","many":"zebras"}`,
		under: under, probe: heard, wantA: model, wantB: "zebra"}
}

func init() {
	const nothingOn = `{"modules":{"on":[]}}`
	leafTables["terms"] = []leafRow{
		term("process", "appraisal", "", endedYear),
		term("reviewee", "colleague", "", func(p *apitest.Process) string { return whoDoes(p, "ben", "respond") }),
		term("reviewer", "mentor", "", func(p *apitest.Process) string { return whoDoes(p, "ada", "save") }),
		term("head", "principal", "", handsOver),
		term("hr", "personnel", "", handsOver),
		term("objective", "target", "", waitsForObjectives),
		term("check_in", "snapshot", nothingOn, func(p *apitest.Process) string {
			r, err := startCheckIn(p)
			return detail(p, r, err, "module_off")
		}),
		term("meeting", "talk", nothingOn, func(p *apitest.Process) string {
			r, err := scheduleMeeting(p, "ada", "mid_year", talkTime)
			return detail(p, r, err, "module_off")
		}),
		term("self_assessment", "mirror", nothingOn, func(p *apitest.Process) string {
			r, err := p.As("ada").StartSelfAssessmentWithResponse(p.T.Context(), nil, api.StartSelfAssessment{AppraisalID: p.Appraisal("ada").ID, Framework: "teachers_standards"})
			return detail(p, r, err, "module_off")
		}),
		term("evidence", "proof", nothingOn, func(p *apitest.Process) string {
			o, err := p.As("ada").CreateObjectiveWithResponse(p.T.Context(), nil, api.CreateObjective{AppraisalID: p.Appraisal("ada").ID, Slot: "practice",
				Content: api.ObjectiveContent{Title: "Coaching", Text: "Coach a colleague."}})
			apitest.OK(p.T, o, err)
			r, err := p.As("ada").AddEvidenceWithResponse(p.T.Context(), p.Appraisal("ada").ID, nil, api.AddEvidence{SubjectKind: "objective", SubjectID: o.JSON201.ID, Kind: "note", Title: "A visit", Text: ptr("We met.")})
			return detail(p, r, err, "module_off")
		}),
	}
}

// endedYear says why nothing is scheduled in a year that has ended.
func endedYear(p *apitest.Process) string {
	a := p.Appraisal("ada")
	r, err := p.World.HR.EndAppraisalWithResponse(p.T.Context(), a.ID, &api.EndAppraisalParams{IfMatch: etag(a.Version)}, api.EndAppraisal{Reason: "They leave."})
	apitest.OK(p.T, r, err)
	m, err := scheduleMeeting(p, "ada", "mid_year", talkTime)
	return detail(p, m, err, "appraisal_ended")
}

// whoDoes says by whom an act on a meeting is done, as somebody else is told.
func whoDoes(p *apitest.Process, who, action string) string {
	m, err := scheduleMeeting(p, "ada", "mid_year", talkTime)
	apitest.OK(p.T, m, err)
	r, err := p.As(who).GetMeetingWithResponse(p.T.Context(), m.JSON201.ID)
	apitest.OK(p.T, r, err)
	return notYours(p, r.JSON200.AllowedActions, action)
}

// handsOver says who names another reviewer.
func handsOver(p *apitest.Process) string {
	return notYours(p, p.Appraisal("ada").AllowedActions, "hand_over")
}

func waitsForObjectives(p *apitest.Process) string {
	me, err := p.As("ada").GetMeWithResponse(p.T.Context())
	apitest.OK(p.T, me, err)
	for _, w := range me.JSON200.Waiting {
		if w.Kind == "draft_objectives" {
			return w.Detail
		}
	}
	require.Fail(p.T, "no objectives wait")
	return ""
}

func notYours(p *apitest.Process, actions []api.AllowedAction, action string) string {
	p.T.Helper()
	for _, a := range actions {
		for _, r := range a.Refusals {
			if a.Action == action && r.Code == "not_your_act" {
				return r.Detail
			}
		}
	}
	require.Fail(p.T, "the action is not refused: "+action)
	return ""
}

// detail is the sentence of the refusal with the code.
func detail(p *apitest.Process, r client.Answer, err error, code string) string {
	p.T.Helper()
	require.NoError(p.T, err)
	var refused *client.ProblemError
	require.ErrorAs(p.T, client.Check(r), &refused)
	for _, each := range refused.Refusals {
		if each.Code == code {
			return each.Detail
		}
	}
	require.Failf(p.T, "another refusal", "%s", r.GetBody())
	return ""
}
