package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// The framework that the trust makes for itself, and the slots of the profile.
const (
	tlpBehaviours                      = "harbour_behaviours"
	forSchool, forBehaviour, forGrowth = "school_improvement", "behaviours", "personal_growth"
)

// tlpPosts gives everybody the role by which the policy finds their standard, but Dov: his is
// still to be entered.
func tlpPosts(key string, post *api.CreatePost) {
	if role := map[string]string{"eve": "senior_leader", "ben": "middle_leader"}[key]; role != "" {
		post.RoleCode = &role
	}
}

// tlpFill is what the trust says where the profile leaves it open. Its support staff have a standard
// by their role, and no other; and a judgement of its own leads to the top of its scale.
var tlpFill = map[string]any{
	"objectives.on_disagreement": "head",
	"reviewers.appointed_by":     []any{"head", "hr"},
	"cycle.backstop":             map[string]any{"anchor": "cycle_end", "months": 2},
	"outcome.objective_scale": func(offered any) any {
		return append(offered.([]any), map[string]any{"code": "exceeded", "label": "Exceeded"})
	},
	"outcome.derived": []any{
		map[string]any{"when": "all", "code": "not_achieved", "rating": "objectives_not_met"},
		map[string]any{"when": "any", "code": "not_achieved", "rating": "objectives_partially_met"},
		map[string]any{"when": "any", "code": "partially_achieved", "rating": "objectives_partially_met"},
		map[string]any{"when": "any", "code": "exceeded", "rating": "objectives_met_some_exceeded"},
		map[string]any{"when": "otherwise", "rating": "objectives_met"},
	},
	"self_assessment.frameworks": func(offered any) any {
		var own []any
		for _, each := range offered.([]any) {
			rule := each.(map[string]any)
			switch rule["code"] {
			case "other_support":
				continue
			case "everybody":
				rule["frameworks"] = []any{tlpBehaviours}
			}
			own = append(own, rule)
		}
		return own
	},
}

// tlpYear is the trust on the day before its year, with policy, standards, plan and calendar.
func tlpYear(t *testing.T) *replay {
	t.Helper()
	r := newReplay(t, "2026-06-15", tlpPosts)
	ben := r.As("ben").ID
	r.join("gil", api.CreatePerson{GivenName: "Gil", FamilyName: "Sand", Post: &api.CreatePost{UnitID: r.School, JobTitle: "Teacher of science", StaffType: "teaching",
		FromOn: apitest.Day("2026-09-01"), LineManagerID: &ben, InductionStartsOn: ptr(apitest.Day("2026-09-01")), InductionEndsOn: ptr(apitest.Day("2028-08-31"))}})
	f := published(t, r.World.HR, nil, tlpBehaviours, behaviours("Respect", "Resilience", "Communication"))
	r.ids[tlpBehaviours] = f.NewestVersion.MustGet().ID
	apitest.OK(t, setCalendar(t, r.World.HR, r.Root, `"0"`, calendar2026("2026-10-26", "2026-10-30")), nil)
	r.adopt("tlp", tlpFill)
	r.draftYear("2026-27", "2026-09-01")
	r.On("2026-09-01")
	require.Equal(t, api.EnrolmentResult{Created: 6}, r.openYear())
	return r
}

func TestAYearOnTheProfileTLPToItsEnd(t *testing.T) {
	t.Parallel()
	r := tlpYear(t)
	r.run(tlpPlanning)
	r.run(tlpAssessing)
	r.run(tlpTechnician)
	r.run(tlpAgreeing)
	r.run(tlpDisagreeing)
	r.run(tlpHeads)
	r.run(tlpMeeting)
	r.run(tlpEvidence)
	r.run(tlpAmending)
	r.run(tlpSummer)
	r.run(tlpTurning)
	r.run(tlpJudging)
	r.run(tlpAfterwards)
	r.run(tlpResults)
	tlpWords(r)
}

// tlpPlanning is the plan behind the first objective, the deadlines, and the first draft.
var tlpPlanning = []replayScene{
	{"2026-09-02", "hr", "reads the year's deadlines", func(r *replay) (client.Answer, error) {
		return r.who.ListCycleDatesWithResponse(r.T.Context(), r.CycleID, nil)
	}, ok, "", func(r *replay) {
		due := map[string]string{}
		for _, d := range replayed[api.CycleDateList](r).Items {
			if group, err := d.StaffGroup.Get(); err == nil {
				due[d.Code+" "+group] = d.DueOn.String()
			} else {
				due[d.Code] = d.DueOn.String()
			}
		}
		require.Equal(r.T, []string{"2026-10-31", "2026-11-14"}, []string{due["objectives"], due["objectives support"]}, "%v", due)
		require.Equal(r.T, "2026-12-18", due["meeting.half_term_2"], "the last school day of the half-term: %v", due)
	}},
	{"", "dov", "has the later deadline of support staff", tlpAssigned("dov"), ok, "", func(r *replay) {
		require.Equal(r.T, []string{"2026-11-14", "2026-10-31"}, []string{r.due("dov")["objectives"], r.due("ada")["objectives"]})
	}},
	{"", "ada", "cannot write the school's plan", tlpPriority("reading", nil), never, "role_not_admitted", nil},
	{"", "cho", "puts reading on the school's plan", tlpPriority("reading", nil), created, "", nil},
	{"", "hr", "enters what the partnership has in common", tlpPriority("workforce", ptr(api.CreatePriorityLevelPartnership)), created, "", nil},
	{"2026-09-07", "ada", "cannot draft: the line manager does", tlpDraft("ada", forSchool, "reading"), never, "not_your_act", func(r *replay) {
		citing("objectives.drafter")(r)
		require.Contains(r.T, string(r.last.GetBody()), "line manager", "the refusal has the trust's word")
	}},
	{"", "ben", "drafts the first objective before any self-assessment", tlpDraft("ada", forSchool, "reading"), created, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Equal(r.T, "reviewer", o.Origin)
		require.Equal(r.T, []string{"objective_needs_actions"}, advised(o), "fewer than three actions are remarked on")
	}},
	{"", "ben", "cannot draft the second yet", tlpDraft("ada", forBehaviour), conflict, "self_assessment_first", citing("objectives.slots[1].self_assessment")},
	{"", "ben", "cannot draft the third yet", tlpDraft("ada", forGrowth), conflict, "self_assessment_first", citing("objectives.slots[2].self_assessment")},
	{"", "ada", "sees what each place asks for", tlpSlots("ada"), ok, "", func(r *replay) {
		places := replayed[api.ObjectiveSlotList](r).Items
		require.Len(r.T, places, 3)
		require.Equal(r.T, []int{5, 0, 0}, []int{len(places[0].Smart), len(places[1].Smart), len(places[2].Smart)}, "SMART is asked of the first")
		require.Equal(r.T, []bool{false, true, true}, []bool{places[0].SelfAssessment, places[1].SelfAssessment, places[2].SelfAssessment})
		require.Equal(r.T, "self_assessment_first", places[1].Missing[0].Code)
	}},
	{"", "gil", "is in the year, against the framework of early career teachers", tlpAssigned("gil"), ok, "", func(r *replay) {
		require.Equal(r.T, []string{tlpBehaviours, "early_career"}, assignedCodes(replayed[api.AssignedFrameworkList](r)))
	}},
}

// tlpPriority makes a priority of the school, or of the level.
func tlpPriority(code string, level *api.CreatePriorityLevel) deed {
	return func(r *replay) (client.Answer, error) {
		body := api.CreatePriority{Code: code, Title: "What we do for " + code, Level: level}
		if level == nil {
			body.UnitID = &r.School
		}
		p, err := r.who.CreatePriorityWithResponse(r.T.Context(), nil, body)
		if err == nil && p.JSON201 != nil {
			r.ids[code] = p.JSON201.ID
		}
		return p, err
	}
}

// tlpContent is an objective with everything that the policy asks for but links and SMART points.
func tlpContent(r *replay, slot string, priorities ...string) api.ObjectiveContent {
	c := api.ObjectiveContent{Title: "A year of " + slot, Text: "What is to be reached in " + slot + ".", TargetOn: ptr(apitest.Day("2027-07-16")),
		Criteria: []api.Item{{Text: "Reading ages in June, from the school's own test."}}, Actions: []api.Action{{Text: "Read aloud every day."}, {Text: "Test in June."}},
		CpdSupport: ptr("Two mornings with the reading lead."), SupportingEvidence: ptr("The reading log.")}
	for _, code := range priorities {
		c.PriorityIds = append(c.PriorityIds, r.ids[code])
	}
	return c
}

// tlpDraft drafts an objective for somebody, which scenes call by both.
func tlpDraft(whose, slot string, priorities ...string) deed {
	return aim(whose+" "+slot).drafted(whose, slot, func(r *replay) api.ObjectiveContent { return tlpContent(r, slot, priorities...) })
}

func tlpSlots(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.ListObjectiveSlotsWithResponse(r.T.Context(), r.year(whose).ID)
	}
}

func tlpAssigned(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.ListAssignedFrameworksWithResponse(r.T.Context(), r.year(whose).ID)
	}
}

func assignedCodes(list api.AssignedFrameworkList) []string {
	var codes []string
	for _, a := range list.Items {
		codes = append(codes, a.Framework.Code)
	}
	return codes
}

func advised(o api.Objective) []string {
	var codes []string
	for _, a := range o.Advisories {
		codes = append(codes, a.Code)
	}
	return codes
}

// statementOf links an objective to a statement of the trust's behaviours.
func statementOf(r *replay, framework, statement string) []api.StatementLink {
	return []api.StatementLink{{FrameworkVersionID: r.version(framework), Statement: statement}}
}

// version is that of a framework which is in use.
func (r *replay) version(framework string) uuid.UUID {
	r.T.Helper()
	if id, known := r.ids[framework]; known {
		return id
	}
	limit := 200
	list, err := r.World.HR.ListFrameworksWithResponse(r.T.Context(), &api.ListFrameworksParams{Limit: &limit})
	apitest.OK(r.T, list, err)
	for _, f := range list.JSON200.Items {
		if f.Code == framework {
			r.ids[framework] = f.NewestVersion.MustGet().ID
		}
	}
	require.Contains(r.T, r.ids, framework)
	return r.ids[framework]
}
