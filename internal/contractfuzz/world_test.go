package contractfuzz

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// canary marks every text of the other trust. No answer to somebody of this one may hold it.
const canary = "Kingfisher-Canary"

// draws is how many requests are drawn for each operation and kind.
var draws = 25

func TestMain(m *testing.M) {
	flag.Parse()
	set := func(name, value string) {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	set("rapid.nofailfile", "true")
	set("rapid.shrinktime", "2s")
	set("rapid.seed", "20260901") // the same requests in every run, unless asked for others
	if seed := os.Getenv("FUZZ_SEED"); seed != "" {
		set("rapid.seed", seed)
	}
	if n, err := strconv.Atoi(os.Getenv("FUZZ_DRAWS")); err == nil && n > 0 {
		draws = n
	}
	set("rapid.checks", strconv.Itoa(draws))
	apitest.Main(m)
}

// somebody is who sends requests, with a token that does not grow old in a long run.
type somebody struct {
	*apitest.Person
	roles  []string
	token  string
	signed time.Time
}

// bearer renews the token in time. Somebody whom the fuzz has deactivated keeps the last one.
func (s *somebody) bearer() string {
	if time.Since(s.signed) > 10*time.Minute {
		s.renew()
	}
	return s.token
}

func (s *somebody) renew() bool {
	t, err := s.SignIn()
	if err == nil {
		s.token, s.signed, s.roles = t.AccessToken, time.Now(), rolesOf(t.AccessToken)
	}
	return err == nil
}

// rolesOf reads the roles that a token claims: the fuzz gives people roles, and takes them away.
func rolesOf(token string) []string {
	var claims struct{ Roles []string }
	if parts := strings.Split(token, "."); len(parts) == 3 {
		if b, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
			_ = json.Unmarshal(b, &claims) // a token that says nothing admits to nothing
		}
	}
	return claims.Roles
}

// world is a trust in its year, and the ids that requests may name: its own and another trust's.
type world struct {
	people []*somebody
	known  []map[string]string
	theirs map[string]string

	document map[string]any // the trust's policy, for others like it
}

func newWorld(t *testing.T) *world {
	t.Helper()
	y, other := apitest.NewYear(t), apitest.NewYear(t)
	y.On("2026-10-30")
	other.On("2026-10-30")
	widen(t, y)
	w := &world{theirs: mark(t, other)}
	for _, key := range []string{"tom.birch", "ines.okoro"} {
		w.known = append(w.known, y.Records(y.As(key), y.Units["science"]))
	}
	more := maps.Clone(w.known[0])
	maps.Copy(more, begun(t, y))
	w.known = append(w.known, more)
	w.document = written(t, y)
	w.add("hr", y.World.HR)
	for role, key := range map[string]string{"head": "marta.lind", "reviewer": "ines.okoro", "reviewee": "tom.birch"} {
		w.add(role, y.As(key))
	}
	w.add("any", y.Invited(api.CreatePerson{GivenName: "Bo", FamilyName: "Lake"}))
	return w
}

func (w *world) add(role string, p *apitest.Person) {
	held := map[string][]string{"hr": {"hr"}, "head": {"head", "reviewer", "reviewee"}, "reviewer": {"reviewer", "reviewee"}, "reviewee": {"reviewee"}}
	w.people = append(w.people, &somebody{Person: p, roles: held[role], token: p.Token(), signed: time.Now()})
}

// written is a policy document that says every value of the trust's rules.
func written(t *testing.T, y *apitest.Year) map[string]any {
	t.Helper()
	r, err := y.World.HR.GetPolicyValuesWithResponse(t.Context(), y.PolicyVersion, nil)
	apitest.OK(t, r, err)
	rules := map[string]any{}
	for _, leaf := range r.JSON200.Items {
		section, name, ok := strings.Cut(leaf.Path, ".")
		if leaf.Value.IsNull() || !ok || strings.Contains(name, ".") {
			continue
		}
		if rules[section] == nil {
			rules[section] = map[string]any{}
		}
		rules[section].(map[string]any)[name] = leaf.Value.MustGet()
	}
	require.NotEmpty(t, rules)
	return map[string]any{"schema": 1, "profile": "tsat", "rules": rules}
}

// widen moves the year to a policy with every form of evidence, in the words of the contract's examples.
func widen(t *testing.T, y *apitest.Year) {
	t.Helper()
	ctx, hr := t.Context(), y.World.HR
	p, err := hr.GetPolicyWithResponse(ctx, y.PolicyID)
	apitest.OK(t, p, err)
	document := p.JSON200.Draft
	rules, _ := document["rules"].(map[string]any)
	if rules == nil {
		rules = map[string]any{}
	}
	var kinds []any
	for code, form := range map[string]string{"link": "link", "document": "document", "note": "note", "check_in": "note", "recognition": "note"} {
		kinds = append(kinds, map[string]any{"code": code, "label": code, "form": form})
	}
	rules["evidence"] = map[string]any{"kinds": kinds, "expectation": "optional"}
	document["rules"] = rules
	u, err := hr.UpdatePolicyWithResponse(ctx, y.PolicyID, &api.UpdatePolicyParams{IfMatch: p.HTTPResponse.Header.Get("ETag")}, api.UpdatePolicy{Document: document})
	apitest.OK(t, u, err)
	v, err := hr.PublishPolicyWithResponse(ctx, y.PolicyID, &api.PublishPolicyParams{IfMatch: u.HTTPResponse.Header.Get("ETag")})
	apitest.OK(t, v, err)
	c, err := hr.GetCycleWithResponse(ctx, y.CycleID)
	apitest.OK(t, c, err)
	moved, err := hr.UpdateCycleWithResponse(ctx, y.CycleID, &api.UpdateCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")}, api.UpdateCycle{PolicyVersionID: &v.JSON201.ID})
	apitest.OK(t, moved, err)
	y.PolicyVersion = v.JSON201.ID
}

// begun is Tom's again, with a check-in that is still a draft and an objective that waits for Ines.
func begun(t *testing.T, y *apitest.Year) map[string]string {
	t.Helper()
	y.On("2026-11-16")
	tom := y.As("tom.birch")
	a := y.Appraisal("tom.birch").ID
	k, err := tom.StartCheckInWithResponse(t.Context(), nil, api.StartCheckIn{AppraisalID: a, WindowID: y.Windows[1].ID})
	apitest.OK(t, k, err)
	o, err := tom.CreateObjectiveWithResponse(t.Context(), nil, api.CreateObjective{AppraisalID: a, Slot: "impact_on_others", Content: api.ObjectiveContent{Title: "Talk", Text: "Talk in pairs.",
		Criteria: []api.Item{{Text: "A measure"}, {Text: "Work"}, {Text: "Voices"}}, PriorityIds: []uuid.UUID{y.Priorities["1a"]}, Checklist: map[string]bool{"link": true}}})
	apitest.OK(t, o, err)
	ct, body := apitest.Form(map[string]any{"subject_kind": "objective", "subject_id": o.JSON201.ID, "kind": "document", "title": "Reading ages", "file": "%PDF-1.7\n"})
	e, err := tom.UploadEvidenceWithBodyWithResponse(t.Context(), a, ct, bytes.NewReader(body))
	apitest.OK(t, e, err)
	m, err := tom.ScheduleMeetingWithResponse(t.Context(), nil, api.ScheduleMeeting{AppraisalID: a, PlanCode: "setting", ScheduledAt: time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)})
	apitest.OK(t, m, err)
	return map[string]string{"appraisal_id": a.String(), "check_in_id": k.JSON201.ID.String(), "objective_id": o.JSON201.ID.String(), "meeting_id": m.JSON201.ID.String(), "evidence_id": e.JSON201.ID.String(),
		"priority_id": y.Priorities["1a"].String(), "window_id": y.Windows[2].ID.String(), "cycle_id": y.CycleID.String(), "person_id": y.People["mia.frost"].String(), "post_id": y.Posts["mia.frost"].String()}
}

// mark writes the canary into every text of the other trust that there is to read.
func mark(t *testing.T, y *apitest.Year) map[string]string {
	t.Helper()
	who := y.As("tom.birch")
	ids := y.Records(who, y.Units["science"])
	hr, name := y.World.HR, canary
	p, err := hr.GetPersonWithResponse(t.Context(), who.ID)
	apitest.OK(t, p, err)
	u, err := hr.UpdatePersonWithResponse(t.Context(), who.ID, &api.UpdatePersonParams{IfMatch: p.HTTPResponse.Header.Get("ETag")}, api.UpdatePerson{FamilyName: &name})
	apitest.OK(t, u, err)
	a, err := who.ListAppraisalsWithResponse(t.Context(), nil)
	apitest.OK(t, a, err)
	require.NotEmpty(t, a.JSON200.Items)
	o, err := who.CreateObjectiveWithResponse(t.Context(), nil, api.CreateObjective{AppraisalID: a.JSON200.Items[0].ID, Slot: "impact_on_others",
		Content: api.ObjectiveContent{Title: canary, Text: canary}})
	apitest.OK(t, o, err)
	n, err := who.AddNoteWithResponse(t.Context(), a.JSON200.Items[0].ID, nil, api.AddNote{SubjectKind: "appraisal", Text: canary})
	apitest.OK(t, n, err)
	priority, err := hr.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "c", Title: canary})
	apitest.OK(t, priority, err)
	unit, err := hr.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: y.Root, Kind: "school", Name: canary})
	apitest.OK(t, unit, err)
	ids["objective_id"], ids["priority_id"], ids["unit_id"] = o.JSON201.ID.String(), priority.JSON201.ID.String(), unit.JSON201.ID.String()
	return ids
}
