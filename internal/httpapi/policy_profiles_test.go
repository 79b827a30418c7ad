package httpapi_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/policy"
)

// Whoever starts from a built-in policy sees of each value whose it is and where it was read, and
// what the published policy behind it leaves to them, until they have said it.
func TestABuiltInPolicyShowsWhereEachValueWasReadAndWhatItLeavesOpen(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-06-01")
	builtInPoliciesAreListed(t, w)
	for code := range leftOpen {
		require.NotEmpty(t, profileOf(t, w, code, nil).Values, code)
	}
	tlp := profileOf(t, w, "tlp", nil)
	open := eachValueSaysWhoseItIs(t, tlp)
	due := func(group *string) any {
		return valueAt(t, profileOf(t, w, "tlp", group), "objectives.due").Value.MustGet().(map[string]any)["month_day"]
	}
	require.Equal(t, "10-31", due(nil))
	require.Equal(t, "11-14", due(key("support")))
	whatIsSaidIsNoLongerOpen(t, w, tlp, open)

	require.Equal(t, map[string]bool{"trust_behaviours": true}, unknownFrameworks(t, w, "model", "tlp", "lt2", "canonium"), "the trust makes its own")

	none, err := w.HR.GetPolicyProfileWithResponse(t.Context(), "acme", nil)
	refusedWith(t, none, err, 404, "not_found")
	group, err := w.HR.GetPolicyProfileWithResponse(t.Context(), "tlp", &api.GetPolicyProfileParams{StaffGroup: key("gardeners")})
	refusedWith(t, group, err, 400, "unknown_staff_group")
}

// leftOpen is how many things each built-in policy leaves to the trust.
var leftOpen = map[string]int{"model": 0, "tlp": 5, "tsat": 8, "lt2": 4, "canonium": 4}

func builtInPoliciesAreListed(t *testing.T, w *apitest.World) {
	t.Helper()
	list, err := w.HR.ListPolicyProfilesWithResponse(t.Context())
	apitest.OK(t, list, err)
	brief := map[string]int{}
	for _, p := range list.JSON200.Items {
		require.NotEmpty(t, p.StaffGroups, p.Code)
		brief[p.Code] = p.ToFill
	}
	require.Equal(t, leftOpen, brief)
}

func profileOf(t *testing.T, w *apitest.World, code string, group *string) *api.PolicyProfile {
	t.Helper()
	r, err := w.HR.GetPolicyProfileWithResponse(t.Context(), code, &api.GetPolicyProfileParams{StaffGroup: group})
	apitest.OK(t, r, err)
	return r.JSON200
}

func valueAt(t *testing.T, p *api.PolicyProfile, path string) api.LeafValue {
	t.Helper()
	for _, v := range p.Values {
		if v.Path == path {
			return v
		}
	}
	require.Fail(t, "no value", path)
	return api.LeafValue{}
}

// eachValueSaysWhoseItIs gives the place, among what is to fill, of who decides a disagreement.
func eachValueSaysWhoseItIs(t *testing.T, tlp *api.PolicyProfile) int {
	t.Helper()
	approver := valueAt(t, tlp, "objectives.approver")
	require.Equal(t, "reviewee", approver.Value.MustGet())
	require.Equal(t, api.LeafValueOriginTrust, approver.Origin)
	require.Equal(t, "Line person guide to reviewing and approving objective 1", approver.Source.MustGet().Section.MustGet())
	open := valueAt(t, tlp, "objectives.on_disagreement")
	require.Equal(t, api.LeafValueOriginDefault, open.Origin)
	require.True(t, open.Source.IsNull())
	i := slices.IndexFunc(tlp.ToFill, func(f api.Finding) bool { return slices.Contains(f.Paths, "rules.objectives.on_disagreement") })
	require.GreaterOrEqual(t, i, 0, "what its source leaves open is for the trust to fill")
	require.Equal(t, api.FindingSeverityUnset, tlp.ToFill[i].Severity)
	return i
}

// whatIsSaidIsNoLongerOpen has HR say who decides a disagreement, which was the i-th thing to fill.
func whatIsSaidIsNoLongerOpen(t *testing.T, w *apitest.World, tlp *api.PolicyProfile, i int) {
	t.Helper()
	created, err := w.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "Ours", Profile: key("tlp")})
	apitest.OK(t, created, err)
	require.Equal(t, tlp.Document, created.JSON201.Draft)
	require.Equal(t, tlp.ToFill, created.JSON201.Findings)
	draft := tlp.Document
	draft["rules"].(map[string]any)["objectives"].(map[string]any)["on_disagreement"] = "head"
	saved, err := w.HR.UpdatePolicyWithResponse(t.Context(), created.JSON201.ID, &api.UpdatePolicyParams{IfMatch: created.HTTPResponse.Header.Get("ETag")}, api.UpdatePolicy{Document: draft})
	apitest.OK(t, saved, err)
	require.Equal(t, slices.Delete(slices.Clone(tlp.ToFill), i, i+1), saved.JSON200.Findings, "what was said is no longer to fill")
}

// unknownFrameworks lists the frameworks that profiles name and that are not there.
func unknownFrameworks(t *testing.T, w *apitest.World, profiles ...string) map[string]bool {
	t.Helper()
	limit := 200
	list, err := w.HR.ListFrameworksWithResponse(t.Context(), &api.ListFrameworksParams{Limit: &limit})
	apitest.OK(t, list, err)
	known, unknown := map[string]bool{}, map[string]bool{}
	for _, f := range list.JSON200.Items {
		known[f.Code] = true
	}
	for _, code := range profiles {
		p, _ := policy.ProfileNamed(code)
		for _, f := range p.Document.Resolve("", "").Rules.SelfAssessment.Frameworks {
			for _, name := range f.Frameworks {
				if !known[name] {
					unknown[name] = true
				}
			}
		}
	}
	return unknown
}

// A trust that starts from a built-in policy and fills its offices has a year that opens: everybody
// is in a group of the policy, and is reviewed by whom it names.
func TestAYearOpensOnEachBuiltInPolicy(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]map[string]string{ // group, who reviews, and what they have to fill
		"tlp":      {"eve": "support fay 3", "cho": "teacher eve 3", "ada": "teacher ben 3", "dov": "support ben 3"},
		"lt2":      {"eve": "ceo fay 1", "cho": "headteacher eve fay 1", "ada": "teacher 1", "dov": "associate 1"},
		"canonium": {"eve": "ceo fay 2", "cho": "headteacher eve:objectives fay 2", "ada": "class_teacher 4", "dov": "support 3"},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			profile, _ := policy.ProfileNamed(code)
			p := apitest.NewProcess(t, apitest.ProcessSetup{Document: asObject(t, profile.Document), Windows: [][2]string{}, Post: chiefExecutive, Before: officesAndTerms})
			have := map[string]string{}
			for who := range want {
				a := p.Appraisal(who)
				parts := []string{a.StaffGroup.Code}
				for _, s := range a.Seats {
					parts = append(parts, seatOf(p, s))
				}
				slices.Sort(parts[1:])
				have[who] = strings.Join(append(parts, strconv.Itoa(a.Progress.ObjectivesRequired)), " ")
			}
			require.Equal(t, want, have)
		})
	}
}

func chiefExecutive(key string, post *api.CreatePost) {
	if key == "eve" {
		post.RoleCode = &[]string{"ceo"}[0]
	}
}

// officesAndTerms gives the trust the office and the calendar that some policies need.
func officesAndTerms(p *apitest.Process) {
	from, ctx := apitest.Day("2024-09-01"), p.T.Context()
	o, err := p.World.HR.FillOfficeWithResponse(ctx, nil, api.FillOffice{Code: "board_nominee", UnitID: p.Root, PersonID: p.As("fay").ID, FromOn: &from})
	apitest.OK(p.T, o, err)
	set, err := p.World.HR.SetSchoolCalendarWithResponse(ctx, p.Root, &api.SetSchoolCalendarParams{IfMatch: `"0"`}, calendar2026("2026-10-26", "2026-10-30"))
	apitest.OK(p.T, set, err)
}

// seatOf names who sits, and for what where it is not the whole review.
func seatOf(p *apitest.Process, s api.Seat) string {
	for _, key := range []string{"ada", "ben", "cho", "dov", "eve", "fay"} {
		switch {
		case p.As(key).ID != s.PersonID:
		case s.Duty == "review":
			return key
		default:
			return key + ":" + string(s.Duty)
		}
	}
	return "somebody else"
}

func asObject(t *testing.T, d *policy.Document) map[string]any {
	t.Helper()
	object := map[string]any{}
	require.NoError(t, json.Unmarshal(d.Canonical(), &object))
	return object
}
