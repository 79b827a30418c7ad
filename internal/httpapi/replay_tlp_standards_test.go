package httpapi_test

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

const standardsOfTeachers = "teachers_standards"

// tlpAssessing is Ada's two self-assessments: private until she opens them, and what Ben sees beside.
var tlpAssessing = []replayScene{
	{"2026-09-08", "ada", "is told what comes first", tlpMe, ok, "", func(r *replay) {
		w := waitsOf(r, "ada")["assess_yourself"]
		require.Equal(r.T, []any{2, "2026-10-31", "ListAssignedFrameworks"}, []any{w.Count, w.DueOn.MustGet().String(), w.Operation})
	}},
	{"", "ben", "is not told to draft what cannot be drafted yet", tlpMe, ok, "", func(r *replay) {
		require.NotContains(r.T, waitsOf(r, "ada"), "draft_objectives")
		require.Equal(r.T, 1, waitsOf(r, "ada")["propose_objectives"].Count)
	}},
	{"2026-09-09", "ada", "begins with the trust's behaviours", tlpBegin("ada", tlpBehaviours), created, "", func(r *replay) {
		s := replayed[api.SelfAssessment](r)
		require.Equal(r.T, api.SelfAssessmentVisibility("private"), s.Visibility)
		require.Equal(r.T, []string{"a", "b", "c", "d"}, []string{s.Scale[0].Code, s.Scale[1].Code, s.Scale[2].Code, s.Scale[3].Code})
	}},
	{"", "ada", "rates each behaviour", tlpRate("ada", tlpBehaviours, "a", "c", "d"), ok, "", nil},
	{"", "ada", "must write an overview", tlpFinish("ada", tlpBehaviours, "", "A course."), invalid, "required", citing("self_assessment.overview")},
	{"", "ada", "must propose development", tlpFinish("ada", tlpBehaviours, "I speak too fast."), invalid, "too_few", citing("self_assessment.cpd_min")},
	{"", "ada", "proposes no more than three", tlpFinish("ada", tlpBehaviours, "I speak too fast.", "1", "2", "3", "4"), invalid, "too_many", citing("self_assessment.cpd_max")},
	{"", "ada", "completes it", tlpFinish("ada", tlpBehaviours, "I speak too fast.", "Shadow a colleague.", "A course."), ok, "", nil},
	{"", "ada", "rates the standards of her role", tlpWhole("ada", standardsOfTeachers, "b"), ok, "", nil},
	{"2026-09-10", "ada", "has done both, and neither counts yet", tlpAssigned("ada"), ok, "", func(r *replay) {
		list := replayed[api.AssignedFrameworkList](r)
		require.Equal(r.T, []string{tlpBehaviours, standardsOfTeachers}, assignedCodes(list))
		require.Equal(r.T, []int{0, 2}, []int{list.Done, list.Required})
	}},
	{"", "ben", "cannot read what is private", tlpRead("ada", tlpBehaviours), gone, "not_found", nil},
	{"", "ben", "finds none in a list", tlpList, ok, "", nobodyAssessed},
	{"", "cho", "finds none either", tlpList, ok, "", nobodyAssessed},
	{"", "hr", "nor does HR", tlpList, ok, "", nobodyAssessed},
	{"", "hr", "is not told of it in the assignment", tlpAssigned("ada"), ok, "", func(r *replay) {
		list := replayed[api.AssignedFrameworkList](r)
		require.Equal(r.T, []int{0, 2}, []int{list.Done, list.Required})
		for _, a := range list.Items {
			require.Equal(r.T, api.AssignedFrameworkState("not_started"), a.State)
		}
	}},
	{"", "ada", "opens the standards to the line manager", tlpOpen("ada", standardsOfTeachers, "organisation_and_reviewer"), ok, "", nil},
	{"", "ada", "opens the behaviours to the organisation alone", tlpOpen("ada", tlpBehaviours, "organisation"), ok, "", nil},
	{"", "ben", "waits still: that is not open enough", tlpDraft("ada", forBehaviour), conflict, "self_assessment_first", nil},
	{"", "ben", "cannot rate beside it", tlpBeside("ada", tlpBehaviours, true, "a", "b", "d"), gone, "not_found", nil},
	{"2026-09-11", "ada", "opens the behaviours too", tlpOpen("ada", tlpBehaviours, "organisation_and_reviewer"), ok, "", nil},
	{"", "ben", "finds that two objectives are to be drafted now", tlpMe, ok, "", func(r *replay) {
		require.Equal(r.T, 2, waitsOf(r, "ada")["draft_objectives"].Count)
	}},
	{"", "ben", "reads overview and proposals", tlpRead("ada", tlpBehaviours), ok, "", func(r *replay) {
		s := replayed[api.SelfAssessment](r)
		require.Equal(r.T, "I speak too fast.", s.Overview.MustGet())
		require.Len(r.T, s.Cpd.MustGet(), 2)
	}},
	{"", "ben", "begins to rate the same statements", tlpBeside("ada", tlpBehaviours, false, "a", "b", "d"), ok, "", nil},
	{"", "ada", "does not see them before they are complete", tlpCompare("ada", tlpBehaviours), ok, "", func(r *replay) {
		require.Zero(r.T, replayed[api.SelfAssessmentComparison](r).Differing)
	}},
	{"", "ben", "completes them", tlpBeside("ada", tlpBehaviours, true), ok, "", nil},
	{"", "ada", "sees where the two differ, and that an objective is expected", tlpCompare("ada", tlpBehaviours), ok, "", func(r *replay) {
		c := replayed[api.SelfAssessmentComparison](r)
		require.Equal(r.T, 1, c.Differing)
		require.Equal(r.T, -1, c.Statements[1].Difference.MustGet())
		require.Equal(r.T, []string{"b1"}, c.Areas)
		require.Len(r.T, c.Advisories, 1)
		require.Equal(r.T, []any{"objective_expected", "b1", "self_assessment.scale"}, []any{c.Advisories[0].Code, c.Advisories[0].Statement.MustGet(), c.Advisories[0].Policy.Parameter})
	}},
	{"2026-09-14", "ben", "drafts the second, for the behaviour to develop", adas(forBehaviour).drafted("ada", forBehaviour, func(r *replay) api.ObjectiveContent {
		c := tlpContent(r, forBehaviour)
		c.Statements = statementOf(r, tlpBehaviours, "b1")
		return c
	}), created, "", nil},
	{"", "ada", "sees that it is taken up", tlpCompare("ada", tlpBehaviours), ok, "", func(r *replay) {
		require.Empty(r.T, replayed[api.SelfAssessmentComparison](r).Advisories)
	}},
}

// tlpTechnician is Dov, whose post does not say yet what he is: without a standard of his role the
// objectives that build on it wait.
var tlpTechnician = []replayScene{
	{"2026-09-14", "ben", "drafts his first objective", aim("dov "+forSchool).drafted("dov", forSchool, func(r *replay) api.ObjectiveContent {
		c := tlpContent(r, forSchool, "reading")
		c.Smart = tlpSmart
		return c
	}), created, "", nextIs("dov", "propose_objectives", "reviewer")},
	{"", "ben", "proposes it", aim("dov " + forSchool).proposed(), ok, "", nextIs("dov", "approve_objectives", "reviewee")},
	{"", "dov", "approves it: it waits for no self-assessment", aim("dov " + forSchool).signed(), ok, "", nextIs("dov", "enter_role", "hr")},
	{"2026-09-15", "dov", "rates every behaviour as a strength", tlpWhole("dov", tlpBehaviours, "d"), ok, "", nil},
	{"", "dov", "opens it", tlpOpen("dov", tlpBehaviours, "organisation_and_reviewer"), ok, "", nil},
	{"", "ben", "is told that everything has the top rating", tlpCompare("dov", tlpBehaviours), ok, "", func(r *replay) {
		c := replayed[api.SelfAssessmentComparison](r)
		require.Len(r.T, c.Advisories, 1)
		require.Equal(r.T, []any{"all_top", "self_assessment.all_top_flag", true}, []any{c.Advisories[0].Code, c.Advisories[0].Policy.Parameter, c.Advisories[0].Statement.IsNull()})
	}},
	{"", "dov", "sees that one more is asked for than he has", tlpAssigned("dov"), ok, "", func(r *replay) {
		list := replayed[api.AssignedFrameworkList](r)
		require.Equal(r.T, []string{tlpBehaviours}, assignedCodes(list))
		require.Equal(r.T, []int{1, 2}, []int{list.Done, list.Required})
	}},
	{"", "ben", "cannot draft the third: his role has no standard", tlpDraft("dov", forGrowth), conflict, "no_standard", citing("self_assessment.frameworks")},
	{"2026-09-16", "hr", "enters his role", func(r *replay) (client.Answer, error) {
		p, err := r.who.GetPostWithResponse(r.T.Context(), r.Posts["dov"])
		apitest.OK(r.T, p, err)
		body := api.UpdatePost{}
		body.RoleCode.Set("technician")
		return r.who.UpdatePostWithApplicationMergePatchPlusJSONBodyWithResponse(r.T.Context(), r.Posts["dov"], &api.UpdatePostParams{IfMatch: etag(p.JSON200.Version)}, body)
	}, ok, "", nextIs("dov", "assess_yourself", "reviewee")},
	{"", "ben", "is told what is missing now", tlpDraft("dov", forGrowth), conflict, "self_assessment_first", nil},
	{"2026-09-17", "dov", "rates the standards of technicians", tlpWhole("dov", "technician", "b"), ok, "", nil},
	{"", "dov", "opens them", tlpOpen("dov", "technician", "organisation_and_reviewer"), ok, "", nextIs("dov", "propose_objectives", "reviewer")},
	{"2026-09-18", "ben", "drafts the third", tlpDraft("dov", forGrowth), created, "", nil},
}

func tlpMe(r *replay) (client.Answer, error) { return r.who.GetMeWithResponse(r.T.Context()) }

// waitsOf is what waits for whoever is on stage in somebody's year, by kind.
func waitsOf(r *replay, whose string) map[string]api.Waiting {
	r.T.Helper()
	out := map[string]api.Waiting{}
	for _, w := range replayed[api.Me](r).Waiting {
		if id, err := w.PersonID.Get(); err == nil && id == r.As(whose).ID {
			out[w.Kind] = w
		}
	}
	return out
}

// nextIs holds what comes next in somebody's year, and whose turn it is.
func nextIs(whose, action, party string) func(*replay) {
	return func(r *replay) {
		r.T.Helper()
		next := r.year(whose).Next.MustGet()
		require.Equal(r.T, []string{action, party}, []string{next.Action, next.Party})
	}
}

func nobodyAssessed(r *replay) { require.Empty(r.T, replayed[api.SelfAssessmentList](r).Items) }

func tlpList(r *replay) (client.Answer, error) {
	return r.who.ListSelfAssessmentsWithResponse(r.T.Context(), nil)
}

// selfOf is a self-assessment as its author sees it now.
func (r *replay) selfOf(whose, framework string) api.SelfAssessment {
	r.T.Helper()
	s, err := r.As(whose).GetSelfAssessmentWithResponse(r.T.Context(), r.ids[whose+" "+framework])
	apitest.OK(r.T, s, err)
	return *s.JSON200
}

func tlpBegin(whose, framework string) deed {
	return func(r *replay) (client.Answer, error) {
		s, err := r.who.StartSelfAssessmentWithResponse(r.T.Context(), nil, api.StartSelfAssessment{AppraisalID: r.year(whose).ID, Framework: framework})
		if err == nil && s.JSON201 != nil {
			r.ids[whose+" "+framework] = s.JSON201.ID
		}
		return s, err
	}
}

// tlpRatings are the letters for the statements in order; one letter is for all of them.
func tlpRatings(s api.SelfAssessment, letters []string) []api.RateStatement {
	out := []api.RateStatement{}
	for i, statement := range s.Statements.MustGet() {
		switch {
		case len(letters) == 1:
			out = append(out, api.RateStatement{Statement: statement.Code, Rating: letters[0]})
		case i < len(letters):
			out = append(out, api.RateStatement{Statement: statement.Code, Rating: letters[i]})
		}
	}
	return out
}

func tlpRate(whose, framework string, letters ...string) deed {
	return func(r *replay) (client.Answer, error) {
		s := r.selfOf(whose, framework)
		return r.who.RateStatementsWithResponse(r.T.Context(), s.ID, &api.RateStatementsParams{IfMatch: etag(s.Version)}, api.RateStatements{Ratings: tlpRatings(s, letters)})
	}
}

func tlpFinish(whose, framework, overview string, proposals ...string) deed {
	return func(r *replay) (client.Answer, error) {
		s, body := r.selfOf(whose, framework), api.CompleteSelfAssessment{}
		if overview != "" {
			body.Overview = &overview
		}
		for _, p := range proposals {
			body.Cpd = append(body.Cpd, api.DevelopmentProposal{Text: p})
		}
		return r.who.CompleteSelfAssessmentWithResponse(r.T.Context(), s.ID, &api.CompleteSelfAssessmentParams{IfMatch: etag(s.Version)}, body)
	}
}

// tlpWhole begins, rates and completes a self-assessment with one letter for every statement.
func tlpWhole(whose, framework, letter string) deed {
	return func(r *replay) (client.Answer, error) {
		for _, act := range []func(*replay) (client.Answer, error){tlpBegin(whose, framework), tlpRate(whose, framework, letter)} {
			if a, err := act(r); err != nil || a.StatusCode() >= 300 {
				return a, err
			}
		}
		return tlpFinish(whose, framework, "I want to go further.", "A course.")(r)
	}
}

func tlpOpen(whose, framework, visibility string) deed {
	return func(r *replay) (client.Answer, error) {
		s := r.selfOf(whose, framework)
		return r.who.SetSelfAssessmentVisibilityWithResponse(r.T.Context(), s.ID, &api.SetSelfAssessmentVisibilityParams{IfMatch: etag(s.Version)},
			api.SetSelfAssessmentVisibility{Visibility: api.SetSelfAssessmentVisibilityVisibility(visibility)})
	}
}

func tlpBeside(whose, framework string, complete bool, letters ...string) deed {
	return func(r *replay) (client.Answer, error) {
		s := r.selfOf(whose, framework)
		return r.who.RateStatementsAsReviewerWithResponse(r.T.Context(), s.ID, &api.RateStatementsAsReviewerParams{IfMatch: etag(s.Version)},
			api.RateStatementsAsReviewer{Ratings: tlpRatings(s, letters), Complete: &complete})
	}
}

func tlpRead(whose, framework string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetSelfAssessmentWithResponse(r.T.Context(), r.ids[whose+" "+framework])
	}
}

func tlpCompare(whose, framework string) deed {
	return func(r *replay) (client.Answer, error) {
		id := r.ids[whose+" "+framework]
		require.NotEqual(r.T, uuid.Nil, id)
		return r.who.CompareSelfAssessmentWithResponse(r.T.Context(), id)
	}
}
