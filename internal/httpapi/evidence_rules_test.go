package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// seen is the status with which somebody reads a piece, which is listed where it is 200 and nowhere else.
func (p *portfolio) seen(who string, id uuid.UUID) int {
	p.T.Helper()
	r, err := p.read(who, id)
	require.NoError(p.T, err)
	list, err := p.As(who).ListEvidenceWithResponse(p.T.Context(), p.appraisal, nil)
	require.NoError(p.T, err)
	listed := false
	if list.JSON200 != nil {
		for _, e := range list.JSON200.Items {
			listed = listed || e.ID == id
		}
	}
	require.Equal(p.T, r.StatusCode() == 200, listed, "%s: list and read agree", who)
	return r.StatusCode()
}

// readers are those of these people who read a piece.
func (p *portfolio) readers(id uuid.UUID, people ...string) []string {
	p.T.Helper()
	out := []string{}
	for _, who := range people {
		if status := p.seen(who, id); status == 200 {
			out = append(out, who)
		} else {
			require.Equal(p.T, gone, status, who)
		}
	}
	return out
}

func TestEvidenceOnAPrivateSelfAssessmentIsAsPrivateAsItIs(t *testing.T) {
	t.Parallel()
	a := newAssessing(t, map[string]any{})
	s := a.rated(a.begun(), "secure", "strong")
	p := &portfolio{Process: a.Process, appraisal: a.appraisal}
	body := api.AddEvidence{SubjectKind: "self_assessment_statement", SubjectID: s.ID, Statement: ptr("b1"), Kind: "note", Title: "What pupils say", Text: ptr("They feel heard.")}
	everyone := []string{"ada", "ben", "cho", "dov", "eve", "hr"}

	r, err := p.add("ada", body)
	apitest.OK(t, r, err)
	note := *r.JSON201
	require.Equal(t, "/v1/evidence/"+note.ID.String(), r.HTTPResponse.Header.Get("Location"))
	require.Equal(t, "b1", note.Subject.Statement.MustGet())
	up, err := p.send("ada", part{field: "subject_kind", value: "self_assessment_statement"}, part{field: "subject_id", value: s.ID.String()}, part{field: "statement", value: "b2"},
		part{field: "kind", value: "document"}, part{field: "title", value: "A survey"}, part{"file", smallPDF, "survey.pdf"})
	apitest.OK(t, up, err)
	document := *up.JSON201
	require.Equal(t, "/v1/evidence/"+document.ID.String(), up.HTTPResponse.Header.Get("Location"))
	for code, change := range map[string]func(*api.AddEvidence){
		"unknown_subject":              func(b *api.AddEvidence) { b.Statement = ptr("b9") },
		"statement_of_self_assessment": func(b *api.AddEvidence) { b.Statement = nil },
	} {
		bad := body
		change(&bad)
		r, err := p.add("ada", bad)
		apitest.Refused(t, r, err, invalid, code)
	}
	blind, err := p.add("ben", body)
	apitest.Refused(t, blind, err, invalid, "unknown_subject")
	require.Equal(t, []string{"ada"}, p.readers(note.ID, everyone...))
	require.Equal(t, []string{"ada"}, p.readers(document.ID, everyone...))
	none, err := p.download("hr", document.ID)
	apitest.Refused(t, none, err, gone, "not_found")
	require.Empty(t, p.trail(note.ID), "not even that it is there")

	s = a.opened(s, "organisation")
	require.Equal(t, []string{"ada", "cho", "eve", "hr"}, p.readers(note.ID, everyone...), "open to head and HR, not to the reviewer")
	require.Equal(t, []string{"evidence.added"}, p.trail(note.ID))
	none, err = p.download("ben", document.ID)
	apitest.Refused(t, none, err, gone, "not_found")
	blind, err = p.add("ben", body)
	apitest.Refused(t, blind, err, invalid, "unknown_subject")

	s = a.opened(s, "organisation_and_reviewer")
	require.Equal(t, []string{"ada", "ben", "cho", "eve", "hr"}, p.readers(document.ID, everyone...))
	got, err := p.download("ben", document.ID)
	apitest.OK(t, got, err)
	bens := p.added("ben", body)

	a.opened(s, "private")
	for _, id := range []uuid.UUID{note.ID, document.ID, bens.ID} {
		require.Equal(t, []string{"ada"}, p.readers(id, everyone...), "what was opened is closed again, also to who added it")
		require.Empty(t, p.trail(id))
	}
	removing, err := p.remove("ben", bens.ID, bens.Version)
	apitest.Refused(t, removing, err, gone, "not_found")
}

func TestWhereEvidenceIsNotInUseNoneIsAddedAndWhatIsThereStays(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	ctx, hr := t.Context(), p.As("hr")
	note, document := p.added("ada", p.note()), p.uploaded("ada", "readers.pdf", smallPDF)
	drafts(t, p.Process, `{"modules":{"on":["self_assessment","check_ins","meetings"]}}`)
	d, err := hr.GetPolicyWithResponse(ctx, p.PolicyID)
	apitest.OK(t, d, err)
	v, err := hr.PublishPolicyWithResponse(ctx, p.PolicyID, &api.PublishPolicyParams{IfMatch: d.HTTPResponse.Header.Get("ETag")})
	apitest.OK(t, v, err)
	c, err := hr.GetCycleWithResponse(ctx, p.CycleID)
	apitest.OK(t, c, err)
	moved, err := hr.UpdateCycleWithResponse(ctx, p.CycleID, &api.UpdateCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")}, api.UpdateCycle{PolicyVersionID: &v.JSON201.ID})
	apitest.OK(t, moved, err)

	r, err := p.add("ada", p.note())
	parameter, _ := cited(t, apitest.Refused(t, r, err, conflict, "module_off"), "module_off")
	require.Equal(t, "modules.on", parameter)
	u, err := p.upload("ben", "more.pdf", smallPDF)
	parameter, _ = cited(t, apitest.Refused(t, u, err, conflict, "module_off"), "module_off")
	require.Equal(t, "modules.on", parameter)
	list := p.listed("ben")
	require.Len(t, list.Items, 2)
	for _, act := range list.AllowedActions {
		require.False(t, act.Allowed, act.Action)
		require.Equal(t, "module_off", act.Refusals[0].Code)
	}
	require.Equal(t, []string{"ben", "hr"}, p.readers(note.ID, "ben", "hr"))
	got, err := p.download("ben", document.ID)
	apitest.OK(t, got, err)
	gone, err := p.remove("ada", note.ID, note.Version)
	apitest.OK(t, gone, err)
}

// Where the policy shows drafts to the reviewee, what the drafter hung on one is shown with it.
func TestEvidenceOnADraftThatTheRevieweeReadsIsReadByThem(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, map[string]any{"meetings": map[string]any{"draft_visible": true}})
	m, err := p.As("ben").ScheduleMeetingWithResponse(t.Context(), nil, api.ScheduleMeeting{AppraisalID: p.appraisal, PlanCode: "mid_year", ScheduledAt: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)})
	apitest.OK(t, m, err)
	bens := p.added("ben", api.AddEvidence{SubjectKind: "meeting", SubjectID: m.JSON201.ID, Kind: "note", Title: "What I saw", Text: ptr("Three lessons.")})
	require.Equal(t, []string{"ada", "ben"}, p.readers(bens.ID, "ada", "ben", "cho", "dov", "hr"))
}
