package httpapi_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestPolicyStartsFromAProfileWithWhatIsStillToFill(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	found, err := y.HR.GetPolicyProfileWithResponse(t.Context(), "tsat", nil)
	require.NoError(t, err)
	require.NotNil(t, found.JSON200, string(found.Body))
	tsat := *found.JSON200
	require.NotEmpty(t, tsat.ToFill)

	r, err := y.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "  Brightwater  ", Profile: key("tsat")})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	p := *r.JSON201
	require.Equal(t, "Brightwater", p.Name)
	require.Equal(t, tsat.Document, p.Draft)
	require.Equal(t, tsat.ToFill, p.Findings)
	require.Equal(t, "tsat", p.Profile.MustGet())
	require.True(t, p.Published.IsNull())
	require.Equal(t, `"1"`, r.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, "/v1/policies/"+p.ID.String(), r.HTTPResponse.Header.Get("Location"))

	plain, err := y.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "Our own"})
	require.NoError(t, err)
	require.Equal(t, "model", plain.JSON201.Profile.MustGet())
	unknown, err := y.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "Odd", Profile: key("nobody")})
	require.Equal(t, []string{"/profile unknown_profile"}, violationsAt(refusedWith(t, unknown, err, 422, "unknown_profile")))
	both, err := y.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "Odd", Profile: key("tsat"), Document: tsat.Document})
	refusedWith(t, both, err, 422, "profile_and_document")
	blank, err := y.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "   "})
	require.Equal(t, []string{"/name required"}, violationsAt(refusedWith(t, blank, err, 422, "required")))

	one := 1
	first, err := y.HR.ListPoliciesWithResponse(t.Context(), &api.ListPoliciesParams{Limit: &one})
	require.NoError(t, err)
	require.Equal(t, p.ID, first.JSON200.Items[0].ID)
	next := first.JSON200.NextCursor.MustGet()
	require.Contains(t, first.HTTPResponse.Header.Get("Link"), `rel="next"`)
	second, err := y.HR.ListPoliciesWithResponse(t.Context(), &api.ListPoliciesParams{Limit: &one, Cursor: &next})
	require.NoError(t, err)
	require.Equal(t, plain.JSON201.ID, second.JSON200.Items[0].ID)
	require.True(t, second.JSON200.NextCursor.IsNull())
}

func TestWhatIsNoPolicyIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	p := y.policy("model")
	doc := rules(t, "model", `{"objectives":{"maximum":3,"counted":"many"},"outcome":{"chain":[{"code":"reflect"}]}}`)
	r, err := y.HR.UpdatePolicyWithResponse(t.Context(), p.ID, &api.UpdatePolicyParams{IfMatch: etag(1)}, api.UpdatePolicy{Document: doc})
	problem := refusedWith(t, r, err, 422, "not_a_policy")
	at := map[string]bool{}
	for _, v := range problem.Errors {
		require.Equal(t, api.ViolationInBody, v.In)
		at[v.Pointer] = true
	}
	require.True(t, at["/document/rules/objectives/maximum"], string(r.Body))
	require.True(t, at["/document/rules/objectives/counted"], string(r.Body))
	require.True(t, at["/document/rules/outcome/chain/0/label"] || at["/document/rules/outcome/chain/0"], string(r.Body))
	require.Equal(t, p.Draft, y.getPolicy(p.ID).Draft, "nothing was stored")
	require.Equal(t, 1, y.getPolicy(p.ID).Version)

	created, err := y.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "Odd", Document: doc})
	require.Len(t, refusedWith(t, created, err, 422, "not_a_policy").Errors, len(problem.Errors))
}

func TestFaultyDraftIsStoredAndCannotBePublished(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	faulty := document(t, `{"schema":1,"profile":"model","rules":{"objectives":{"counted":9}},"groups":{"caretakers":{"objectives":{"counted":2}}}}`)
	p := y.draft(y.policy("model"), faulty)
	require.Equal(t, faulty, p.Draft)
	require.Equal(t, 2, p.Version)

	v, err := y.HR.ValidatePolicyWithResponse(t.Context(), p.ID)
	require.NoError(t, err)
	require.NotNil(t, v.JSON200, string(v.Body))
	require.False(t, v.JSON200.Publishable)
	require.Equal(t, p.Findings, v.JSON200.Findings)

	r, err := y.HR.PublishPolicyWithResponse(t.Context(), p.ID, &api.PublishPolicyParams{IfMatch: etag(2)})
	problem := refusedWith(t, r, err, 409, "policy_has_errors")
	require.Contains(t, refusalCodes(problem), "group_unknown")
	errors := 0
	for _, f := range p.Findings {
		if f.Severity == api.FindingSeverityError {
			errors++
		}
	}
	require.Len(t, problem.Refusals, errors, "every error, and only errors")
	require.Equal(t, 2, y.getPolicy(p.ID).Version)
}

func TestPublishedVersionsAreNumberedAndNeverChange(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	p := y.policy("tsat") // with unset cells, which do not keep it from being published
	r, err := y.HR.PublishPolicyWithResponse(t.Context(), p.ID, &api.PublishPolicyParams{IfMatch: etag(p.Version)})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	first := *r.JSON201
	require.Equal(t, 1, first.Number)
	require.Equal(t, y.HR.ID, first.PublishedBy)
	require.Equal(t, p.Draft, first.Document)
	require.Equal(t, "/v1/policy-versions/"+first.ID.String(), r.HTTPResponse.Header.Get("Location"))
	raw, err := json.Marshal(first.Document)
	require.NoError(t, err)
	sum := sha256.Sum256(raw)
	require.Equal(t, hex.EncodeToString(sum[:]), first.Sha256)

	got := y.getPolicy(p.ID)
	require.Equal(t, 1, got.Published.MustGet())
	require.Equal(t, first.ID, got.PublishedVersionID.MustGet())
	again, err := y.HR.PublishPolicyWithResponse(t.Context(), p.ID, &api.PublishPolicyParams{IfMatch: etag(got.Version)})
	refusedWith(t, again, err, 409, "policy_unchanged")

	y.draft(p, rules(t, "tsat", `{"objectives":{"bank":false}}`))
	second := y.publish(p)
	require.Equal(t, 2, second.Number)
	require.NotEqual(t, first.Sha256, second.Sha256)
	kept, err := y.HR.GetPolicyVersionWithResponse(t.Context(), first.ID)
	require.NoError(t, err)
	require.Equal(t, first, *kept.JSON200)

	one := 1
	newest, err := y.HR.ListPolicyVersionsWithResponse(t.Context(), p.ID, &api.ListPolicyVersionsParams{Limit: &one})
	require.NoError(t, err)
	require.Equal(t, second.ID, newest.JSON200.Items[0].ID)
	cursor := newest.JSON200.NextCursor.MustGet()
	oldest, err := y.HR.ListPolicyVersionsWithResponse(t.Context(), p.ID, &api.ListPolicyVersionsParams{Limit: &one, Cursor: &cursor})
	require.NoError(t, err)
	require.Equal(t, first.ID, oldest.JSON200.Items[0].ID)
	require.True(t, oldest.JSON200.NextCursor.IsNull())

	y.draft(p, first.Document)
	require.Equal(t, 3, y.publish(p).Number, "going back to what an older version said is a new version")
	require.Equal(t, 3, y.count("select count(*) from events where trust_id = $1 and type = 'policy.published' and subject_id = $2", y.Trust, p.ID))
}

func TestEverybodyReadsPoliciesAndOnlyHRWritesThem(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	person, _ := y.staff("Tomas", "Adeyemi", held{})
	teacher := y.as(person)
	p := y.policy("model")
	v := y.publish(p)

	read, err := teacher.GetPolicyWithResponse(t.Context(), p.ID)
	require.NoError(t, err)
	require.NotNil(t, read.JSON200, string(read.Body))
	values, err := teacher.GetPolicyValuesWithResponse(t.Context(), v.ID, nil)
	require.NoError(t, err)
	require.NotNil(t, values.JSON200, string(values.Body))
	schema, err := teacher.GetPolicySchemaWithResponse(t.Context())
	require.NoError(t, err)
	require.Equal(t, "https://json-schema.org/draft/2020-12/schema", schema.JSON200.Schema["$schema"])

	create, err := teacher.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "Mine"})
	refusedWith(t, create, err, 403, "role_not_admitted")
	update, err := teacher.UpdatePolicyWithResponse(t.Context(), p.ID, &api.UpdatePolicyParams{IfMatch: etag(2)}, api.UpdatePolicy{Document: p.Draft})
	refusedWith(t, update, err, 403, "role_not_admitted")
	validate, err := teacher.ValidatePolicyWithResponse(t.Context(), p.ID)
	refusedWith(t, validate, err, 403, "role_not_admitted")
	publish, err := teacher.PublishPolicyWithResponse(t.Context(), p.ID, &api.PublishPolicyParams{IfMatch: etag(2)})
	refusedWith(t, publish, err, 403, "role_not_admitted")

	stale, err := y.HR.UpdatePolicyWithResponse(t.Context(), p.ID, &api.UpdatePolicyParams{IfMatch: etag(1)}, api.UpdatePolicy{Document: p.Draft})
	require.Equal(t, 2, refusedWith(t, stale, err, 412, "stale_version").CurrentVersion.MustGet())
	unmatched, err := y.HR.PublishPolicyWithResponse(t.Context(), p.ID, &api.PublishPolicyParams{}, droppingIfMatch)
	refusedWith(t, unmatched, err, 428, "version_required")
}

func droppingIfMatch(_ context.Context, r *http.Request) error { r.Header.Del("If-Match"); return nil }

func TestPolicyOfAnotherTrustIsNotThere(t *testing.T) {
	t.Parallel()
	y, other := newYear(t, "2026-06-01"), newYear(t, "2026-06-01")
	p := other.policy("model")
	v := other.publish(p)
	theirs, err := y.HR.GetPolicyWithResponse(t.Context(), p.ID)
	require.NoError(t, err)
	nobodys, err := y.HR.GetPolicyWithResponse(t.Context(), uuid.New())
	require.NoError(t, err)
	sameAbsence(t, theirs, nobodys)
	for _, r := range []client.Answer{
		first(y.HR.GetPolicyVersionWithResponse(t.Context(), v.ID)),
		first(y.HR.GetPolicyValuesWithResponse(t.Context(), v.ID, nil)), // which the process has read for the other trust
		first(y.HR.ListPolicyVersionsWithResponse(t.Context(), p.ID, nil)),
		first(y.HR.ValidatePolicyWithResponse(t.Context(), p.ID)),
		first(y.HR.UpdatePolicyWithResponse(t.Context(), p.ID, &api.UpdatePolicyParams{IfMatch: etag(2)}, api.UpdatePolicy{Document: p.Draft})),
		first(y.HR.PublishPolicyWithResponse(t.Context(), p.ID, &api.PublishPolicyParams{IfMatch: etag(2)})),
	} {
		sameAbsence(t, r, nobodys)
	}
}

func TestTwoWhoPublishAtOnceMakeOneVersion(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	p := y.policy("model")
	var wait sync.WaitGroup
	statuses := make([]int, 4)
	for i := range statuses {
		wait.Go(func() {
			if r, err := y.HR.PublishPolicyWithResponse(t.Context(), p.ID, &api.PublishPolicyParams{IfMatch: etag(1)}); err == nil {
				statuses[i] = r.StatusCode()
			}
		})
	}
	wait.Wait()
	require.ElementsMatch(t, []int{201, 412, 412, 412}, statuses)
	require.Equal(t, 1, y.count("select count(*) from policy_versions where trust_id = $1", y.Trust))
}

func TestPublishingAgainWithTheSameKeyAnswersTheSameVersion(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	p := y.policy("model")
	params := &api.PublishPolicyParams{IfMatch: etag(1), IdempotencyKey: key("publish-1")}
	a, err := y.HR.PublishPolicyWithResponse(t.Context(), p.ID, params)
	require.NoError(t, err)
	b, err := y.HR.PublishPolicyWithResponse(t.Context(), p.ID, params)
	require.NoError(t, err)
	require.Equal(t, *a.JSON201, *b.JSON201)
	require.Equal(t, "true", b.HTTPResponse.Header.Get("Idempotent-Replayed"))
	require.Equal(t, a.HTTPResponse.Header.Get("Location"), b.HTTPResponse.Header.Get("Location"))
}

func TestPolicyValuesSayWhoseTheyAre(t *testing.T) {
	t.Parallel()
	y := newYear(t, "2026-06-01")
	p := y.policy("tsat")
	tsat := y.publish(p)
	y.draft(p, document(t, `{"schema":1,"profile":"model","rules":{"objectives":{"counted":2}},
		"groups":{"support":{"objectives":{"counted":1}}},"schools":{"`+y.School.String()+`":{"rules":{"objectives":{"bank":false}}}}}`))
	v := y.publish(p)
	value := func(version uuid.UUID, path string, unit *uuid.UUID, group *string) api.LeafValue {
		t.Helper()
		r, err := y.HR.GetPolicyValuesWithResponse(t.Context(), version, &api.GetPolicyValuesParams{UnitID: unit, StaffGroup: group})
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		for _, l := range r.JSON200.Items {
			if l.Path == path {
				return l
			}
		}
		t.Fatalf("no %s", path)
		return api.LeafValue{}
	}
	counted := value(v.ID, "objectives.counted", nil, nil)
	require.EqualValues(t, 2, counted.Value.MustGet())
	require.Equal(t, api.LeafValueOriginTrust, counted.Origin)
	require.Equal(t, "T,G", counted.Scope)
	require.NotEmpty(t, counted.Doc)
	counted = value(v.ID, "objectives.counted", nil, key("support"))
	require.EqualValues(t, 1, counted.Value.MustGet())
	require.Equal(t, api.LeafValueOriginGroup, counted.Origin)
	require.Equal(t, true, value(v.ID, "objectives.bank", nil, nil).Value.MustGet())
	require.Equal(t, false, value(v.ID, "objectives.bank", &y.School, nil).Value.MustGet())
	bank := value(v.ID, "objectives.bank", &y.Maths, nil)
	require.Equal(t, false, bank.Value.MustGet(), "a department has its school's")
	require.Equal(t, api.LeafValueOriginSchool, bank.Origin)
	require.Contains(t, value(tsat.ID, "cycle.starts_on", nil, nil).Source.MustGet().Title.MustGet(), "Guide")

	unknown, err := y.HR.GetPolicyValuesWithResponse(t.Context(), v.ID, &api.GetPolicyValuesParams{StaffGroup: key("caretakers")})
	require.Equal(t, []string{"staff_group unknown_staff_group"}, violationsAt(refusedWith(t, unknown, err, 400, "unknown_staff_group")))
	elsewhere := uuid.New()
	r, err := y.HR.GetPolicyValuesWithResponse(t.Context(), v.ID, &api.GetPolicyValuesParams{UnitID: &elsewhere})
	refusedWith(t, r, err, 404, "not_found")
}
