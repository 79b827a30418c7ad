package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestADossierPutsTheYearTogetherFromItsParts(t *testing.T) {
	t.Parallel()
	d := newDossierYear(t)
	id := d.reading.String()
	d.On("2026-11-04")
	sent := d.checkIn("ada", 0, map[string]any{"progress": map[string]any{id: "Half the class reads."}, "notes": "More time for pairs.", "thanks": []any{d.As("dov").ID.String()}}, true)
	d.checkIn("dov", 0, map[string]any{"notes": "Well.", "thanks": []any{d.As("ada").ID.String()}}, true)
	section := "notes"
	r, err := d.As("ben").RespondToCheckInWithResponse(t.Context(), sent, &api.RespondToCheckInParams{IfMatch: etag(3)}, api.RespondToCheckIn{Comments: []api.CheckInComment{{Section: &section, Text: "Pairs it is."}}})
	apitest.OK(t, r, err)
	d.On("2027-01-12")
	d.checkIn("ada", 1, map[string]any{"notes": "Nobody has read this draft."}, false)
	d.note("ben", "Seen in period 3.", true)
	piece := d.evidence("ada", "Reading ages")
	progress, err := d.As("ada").SetObjectiveProgressWithResponse(t.Context(), d.reading, &api.SetObjectiveProgressParams{IfMatch: etag(d.read(d.reading).Version)}, api.SetObjectiveProgress{Progress: 40, Remark: ptr("Ahead of plan.")})
	apitest.OK(t, progress, err)
	d.On("2027-02-01")
	m := d.met(map[string]any{"notes": "A long talk.", "each": map[string]any{id: "Go on like this."}})
	for _, who := range []string{"ada", "ben", "cho"} {
		require.Empty(t, d.dossier(who).Meetings, "%s: a record that is drafted is nobody's yet", who)
	}
	shared, err := shareMeeting(d.Process, "ben", m)
	apitest.OK(t, shared, err)
	d.note("ben", "A steady year.", false)

	y := d.dossier("ada")
	require.Len(t, y.Objectives, 1)
	o := y.Objectives[0]
	require.Equal(t, []string{
		"answer of check_in on 2026-11-04 by Ada Finch (reviewee) Where is it?: Half the class reads.",
		"note of note on 2027-01-12 by Ben Reed (reviewer) Note: Seen in period 3.",
		"note of note on 2027-01-12 by Ada Finch (reviewee) On progress: Ahead of plan.",
		"evidence of evidence on 2027-01-12 by Ada Finch (reviewee) Note: Reading ages",
		"change of objective on 2027-01-12 by Ada Finch (reviewee) Progress: 40 %, after 0 %",
		"answer of meeting on 2027-02-01 by Ben Reed (reviewer) On this objective: Go on like this.",
	}, entryLines(o.Entries))
	require.Equal(t, "/v1/evidence/"+piece.String(), o.Entries[3].Source.Href)
	require.Equal(t, "Of level 1a", o.Priorities[0].Title)
	require.Len(t, o.Revisions, 1)
	require.Equal(t, "Reading aloud", o.Content.Title)
	require.Equal(t, []string{
		"answer of check_in on 2026-11-04 by Ada Finch (reviewee) What else?: More time for pairs.",
		"answer of check_in on 2026-11-04 by Ada Finch (reviewee) Whom do you thank?: Dov Pike",
		"response of note on 2026-11-04 by Ben Reed (reviewer) What else?: Pairs it is.",
		"note of note on 2027-02-01 by Ben Reed (reviewer) Note: A steady year.",
	}, entryLines(y.General))
	require.Equal(t, "/v1/check-ins/"+sent.String(), y.General[2].Source.Href, "a comment is read with its check-in")
	require.Len(t, y.Meetings, 1)
	require.Equal(t, []string{"answer of meeting on 2027-02-01 by Ben Reed (reviewer) What was discussed: A long talk."}, entryLines(y.Meetings[0].Entries))
	require.Len(t, y.Praise, 1)
	require.Equal(t, "Dov Pike", y.Praise[0].By.DisplayName)
	require.Empty(t, d.dossier("ben").Praise, "praise is for those who are thanked")
	require.Equal(t, entryLines(y.General), entryLines(d.dossier("ben").General), "the reviewer reads the same")
	require.Empty(t, y.Suggestions, "no step is open")
	require.False(t, y.EarlierYears.Included)
	require.False(t, y.Truncated)
	d.readByOthers(t)
	d.quotedAtTheEnd(t)
}

// readByOthers: the head leaves a disclosure, a colleague finds nothing, and more material takes no
// more queries.
func (d *dossierYear) readByOthers(t *testing.T) {
	d.dossier("cho")
	list, err := d.As("ada").ListDisclosuresWithResponse(t.Context(), nil)
	apitest.OK(t, list, err)
	kinds := []string{}
	for _, v := range list.JSON200.Items {
		kinds = append(kinds, v.SubjectKind)
	}
	require.Contains(t, kinds, "dossier")
	for _, operation := range []string{"dossier", "timeline"} {
		var status int
		if operation == "dossier" {
			r, err := d.As("dov").GetDossierWithResponse(t.Context(), d.appraisal)
			require.NoError(t, err)
			status = r.StatusCode()
		} else {
			r, err := d.As("dov").GetTimelineWithResponse(t.Context(), d.appraisal, nil)
			require.NoError(t, err)
			status = r.StatusCode()
		}
		require.Equal(t, http.StatusNotFound, status, operation)
	}
	few := d.World.Queries("GetDossier", func() { d.dossier("ben") })
	for _, text := range []string{"One.", "Two.", "Three."} {
		d.note("ben", text, true)
		d.evidence("ada", text)
	}
	many := d.World.Queries("GetDossier", func() { d.dossier("ben") })
	require.Equal(t, few, many, "more notes and evidence take more queries")
}

// quotedAtTheEnd: what is suggested fits the step as it is, and stands in nobody else's.
func (d *dossierYear) quotedAtTheEnd(t *testing.T) {
	d.On("2027-07-05")
	y := d.dossier("ada")
	got := suggested(y, "outcome.reflect")
	require.Equal(t, "Check-in 1 (2026-11-04): More time for pairs.", got["achievements"])
	require.True(t, strings.HasPrefix(got["progress"], "Check-in 1 (2026-11-04): Half the class reads.\nNote (2027-01-12): Seen in period 3.\n"), got["progress"])
	for _, said := range []string{"Note (2027-01-12): Reading ages", "Mid-year review (2027-02-01): Go on like this."} {
		require.Contains(t, got["progress"], said)
	}
	for _, q := range y.Suggestions[0].Sections {
		require.Len(t, q.Sources, strings.Count(q.Text, "\n")+1, "a source for each line of %s", q.Section)
	}
	require.Empty(t, d.dossier("ben").Suggestions, "it is not his turn")
	id := d.reading.String()
	d.judges(t, "ada", 0, api.JudgeObjective{Code: ptr("met"), Text: ptr("The class reads.")})
	require.Empty(t, d.judged("ben"), "she may still judge otherwise")
	d.stepDone("ada", "outcome.reflect", api.SaveStep{Answers: map[string]any{"achievements": got["achievements"], "progress": map[string]any{id: got["progress"]}, "complete": map[string]any{id: true}}})
	require.Equal(t, "Mid-year review (2027-02-01): A long talk.\nComment (2026-11-04): Pairs it is.\nNote (2027-02-01): A steady year.", suggested(d.dossier("ben"), "outcome.state")["statement"])
	d.timelineSaysNothingEarly(t)
}

// judges judges the objective as somebody, who knows how often it was judged before.
func (d *dossierYear) judges(t *testing.T, who string, before int, in api.JudgeObjective) {
	t.Helper()
	r, err := d.As(who).JudgeObjectiveWithResponse(t.Context(), d.reading, &api.JudgeObjectiveParams{IfMatch: etag(before)}, in)
	apitest.OK(t, r, err)
}

// judged are the judgements that somebody sees in the dossier.
func (d *dossierYear) judged(who string) []string {
	out := []string{}
	for _, j := range d.dossier(who).Objectives[0].Judgements {
		text, _ := j.Text.Get()
		out = append(out, j.Party+" "+j.Judgement.MustGet().Code+" "+text)
	}
	return out
}

// timelineSaysNothingEarly: what happened is told of in order, and neither drafts nor ratings are.
func (d *dossierYear) timelineSaysNothingEarly(t *testing.T) {
	require.Equal(t, []string{"reviewee met The class reads."}, d.judged("ben"))
	d.judges(t, "ben", 1, api.JudgeObjective{Agrees: ptr(true)})
	require.Len(t, d.judged("cho"), 1, "he may still judge otherwise")
	d.stepDone("ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "It went well."}, Rating: &api.RatingInput{Code: ptr("exceeded")}})
	require.Equal(t, []string{"reviewee met The class reads.", "reviewer met "}, d.judged("cho"))
	require.Len(t, d.judged("ada"), 1, "the outcome is not released")
	all := d.timeline("ada", 200)
	require.Equal(t, all, d.timeline("ada", 3), "page by page it is the same")
	require.Equal(t, []string{"2027-07-05 Ben Reed: Statement is done.", "2027-07-05 Ada Finch: Reflection is done."}, all[:2])
	require.Equal(t, []string{"2026-09-01 Ben Reed: An objective was agreed.", "2026-09-01 Ada Finch: An objective was proposed.", "2026-09-01 Ada Finch: An objective was begun.", "2026-09-01 Hana Reyes: The appraisal began."}, all[len(all)-4:])
	for _, sentence := range []string{"2026-11-04 Ada Finch: A check-in was sent.", "2026-11-04 Ben Reed: A check-in was acknowledged.", "2027-01-12 Ada Finch: A piece of evidence was added.",
		"2027-01-12 Ada Finch: An objective came to 40 %.", "2027-02-01 Ben Reed: The record of a meeting was shared."} {
		require.Contains(t, all, sentence)
	}
	whole := strings.Join(append(all, d.timeline("cho", 200)...), "\n")
	require.NotContains(t, whole, "exceeded", "the rating is not told of before its time")
	require.Equal(t, 2, strings.Count(whole, "A check-in was sent."), "a draft is not told of")
	require.NotContains(t, whole, "Pay was decided")
}

func TestADossierShowsASelfAssessmentToThoseWhoMayReadIt(t *testing.T) {
	t.Parallel()
	d := newDossierYear(t)
	ctx, ada := t.Context(), d.As("ada")
	s, err := ada.StartSelfAssessmentWithResponse(ctx, nil, api.StartSelfAssessment{AppraisalID: d.appraisal, Framework: "teachers_standards"})
	apitest.OK(t, s, err)
	a := *s.JSON201
	require.Empty(t, d.dossier("ada").SelfAssessments, "it is not complete")
	var given []api.RateStatement
	for _, v := range a.Statements.MustGet() {
		given = append(given, api.RateStatement{Statement: v.Code, Rating: "secure"})
	}
	rated, err := ada.RateStatementsWithResponse(ctx, a.ID, &api.RateStatementsParams{IfMatch: etag(a.Version)}, api.RateStatements{Ratings: given})
	apitest.OK(t, rated, err)
	done, err := ada.CompleteSelfAssessmentWithResponse(ctx, a.ID, &api.CompleteSelfAssessmentParams{IfMatch: etag(rated.JSON200.Version)}, api.CompleteSelfAssessment{})
	apitest.OK(t, done, err)
	count := func(who string) []int {
		return []int{len(d.dossier(who).SelfAssessments), strings.Count(strings.Join(d.timeline(who, 50), "\n"), "A self-assessment was completed.")}
	}
	require.Equal(t, [][]int{{1, 1}, {0, 0}, {0, 0}}, [][]int{count("ada"), count("ben"), count("cho")}, "a private one is its author's alone")
	seen, err := ada.SetSelfAssessmentVisibilityWithResponse(ctx, a.ID, &api.SetSelfAssessmentVisibilityParams{IfMatch: etag(done.JSON200.Version)}, api.SetSelfAssessmentVisibility{Visibility: "organisation_and_reviewer"})
	apitest.OK(t, seen, err)
	require.Equal(t, [][]int{{1, 1}, {1, 1}, {1, 1}}, [][]int{count("ada"), count("ben"), count("cho")})
	of := d.dossier("ben").SelfAssessments[0]
	require.Equal(t, len(given), of.Statements)
	require.Equal(t, []int{0, len(given), 0}, []int{of.Counts[0].Own, of.Counts[1].Own, of.Counts[2].Own})
}

func TestAnAppraisalNamesThoseOfTheYearsBeside(t *testing.T) {
	t.Parallel()
	d := newDossierYear(t)
	require.True(t, d.own().PreviousAppraisalID.IsNull())
	require.True(t, d.own().NextAppraisalID.IsNull())
	d.On("2027-09-01")
	next := nextYear(d.goals)
	ids := map[uuid.UUID]uuid.UUID{}
	list, err := d.As("ada").ListAppraisalsWithResponse(t.Context(), nil)
	apitest.OK(t, list, err)
	for _, a := range list.JSON200.Items {
		if v, err := a.NextAppraisalID.Get(); err == nil {
			ids[a.CycleID] = v
		} else {
			ids[a.CycleID] = a.PreviousAppraisalID.MustGet()
		}
	}
	require.Equal(t, d.appraisal, ids[next])
	require.Equal(t, ids[d.CycleID], d.own().NextAppraisalID.MustGet())
	limit, order := 1, api.ListAppraisalsParamsSort("-updated_at")
	q := &api.ListAppraisalsParams{PersonID: &d.As("ada").ID, Limit: &limit, Sort: &order}
	first, err := d.As("ada").ListAppraisalsWithResponse(t.Context(), q)
	apitest.OK(t, first, err)
	q.Cursor = ptr(first.JSON200.NextCursor.MustGet())
	second, err := d.As("ada").ListAppraisalsWithResponse(t.Context(), q)
	apitest.OK(t, second, err)
	require.Equal(t, ids[first.JSON200.Items[0].CycleID], second.JSON200.Items[0].ID, "also page by page, the latest change first")
	hers, err := d.As("dov").ListAppraisalsWithResponse(t.Context(), nil)
	apitest.OK(t, hers, err)
	for _, a := range hers.JSON200.Items {
		require.NotEqual(t, d.appraisal, a.PreviousAppraisalID)
	}
}
