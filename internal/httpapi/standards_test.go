package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/standards"
)

// behaviours are the statements of a small framework of a test's own.
func behaviours(labels ...string) []api.FrameworkStatement {
	out := make([]api.FrameworkStatement, len(labels))
	for i, l := range labels {
		out[i] = api.FrameworkStatement{Code: fmt.Sprintf("b%d", i+1), Group: "Behaviours", Label: l}
	}
	return out
}

// published is a framework that somebody drafts and publishes.
func published(t testing.TB, who *apitest.Person, unit *uuid.UUID, code string, statements []api.FrameworkStatement) api.Framework {
	t.Helper()
	c, err := who.CreateFrameworkWithResponse(t.Context(), nil, api.CreateFramework{Code: code, Label: "Ours", UnitID: unit, Statements: statements})
	apitest.OK(t, c, err)
	p, err := who.PublishFrameworkWithResponse(t.Context(), c.JSON201.ID, &api.PublishFrameworkParams{IfMatch: etag(1)})
	apitest.OK(t, p, err)
	return *p.JSON200
}

func TestAFrameworkIsPublishedInVersionsThatNeverChange(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{})
	ctx, hr, cho := t.Context(), p.As("hr"), p.As("cho")
	first := behaviours("Respect", "Resilience")
	f := published(t, hr, nil, "our_behaviours", first)
	assert.Equal(t, api.FrameworkKind("trust"), f.Kind)
	one := f.NewestVersion.MustGet()
	assert.Equal(t, 1, one.Number)

	again, err := hr.PublishFrameworkWithResponse(ctx, f.ID, &api.PublishFrameworkParams{IfMatch: etag(f.Version)})
	apitest.Refused(t, again, err, conflict, "nothing_new")
	stale, err := hr.UpdateFrameworkWithResponse(ctx, f.ID, &api.UpdateFrameworkParams{IfMatch: etag(1)}, api.UpdateFramework{Label: "Ours", Statements: first})
	apitest.Refused(t, stale, err, http.StatusPreconditionFailed, "stale_version")
	doubled := append(behaviours("Respect"), behaviours("  ")...)
	bad, err := hr.UpdateFrameworkWithResponse(ctx, f.ID, &api.UpdateFrameworkParams{IfMatch: etag(f.Version)}, api.UpdateFramework{Label: "Ours", Statements: doubled})
	wrong := apitest.Refused(t, bad, err, invalid, "invalid_framework").Errors
	require.Len(t, wrong, 2)
	assert.Equal(t, "/statements/1/label", wrong[0].Pointer)
	assert.Equal(t, "/statements/1/code", wrong[1].Pointer)

	u, err := hr.UpdateFrameworkWithResponse(ctx, f.ID, &api.UpdateFrameworkParams{IfMatch: etag(f.Version)}, api.UpdateFramework{Label: "Ours", Summary: "How we work.", Statements: behaviours("Respect")})
	apitest.OK(t, u, err)
	assert.Len(t, u.JSON200.Statements.MustGet(), 2, "the published statements stay until the draft is published")
	head, err := cho.GetFrameworkWithResponse(ctx, f.ID)
	apitest.OK(t, head, err)
	assert.True(t, head.JSON200.Draft.IsNull(), "the trust's draft is HR's")
	assert.Empty(t, allowed(head.JSON200.AllowedActions))
	barred, err := cho.PublishFrameworkWithResponse(ctx, f.ID, &api.PublishFrameworkParams{IfMatch: etag(u.JSON200.Version)})
	apitest.Refused(t, barred, err, never, "out_of_reach")

	two, err := hr.PublishFrameworkWithResponse(ctx, f.ID, &api.PublishFrameworkParams{IfMatch: etag(u.JSON200.Version)})
	apitest.OK(t, two, err)
	assert.Equal(t, 2, two.JSON200.NewestVersion.MustGet().Number)
	assert.Len(t, two.JSON200.Versions, 2)
	old, err := p.As("ada").GetFrameworkVersionWithResponse(ctx, one.ID)
	apitest.OK(t, old, err)
	assert.Equal(t, first, old.JSON200.Statements, "version 1 says what it said")
}

func TestASchoolMakesAFrameworkOfItsOwnAndNobodyTouchesTheBuiltInOnes(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{})
	ctx, hr, cho := t.Context(), p.As("hr"), p.As("cho")
	unnamed, err := cho.CreateFrameworkWithResponse(ctx, nil, api.CreateFramework{Code: "harbour", Label: "Ours", Statements: behaviours("Calm")})
	apitest.Refused(t, unnamed, err, invalid, "required")
	f := published(t, cho, &p.School, "harbour", behaviours("Calm"))
	assert.Equal(t, api.FrameworkKind("unit"), f.Kind)
	taken, err := hr.CreateFrameworkWithResponse(ctx, nil, api.CreateFramework{Code: "harbour", Label: "Theirs", Statements: behaviours("Calm")})
	apitest.Refused(t, taken, err, conflict, "code_taken")
	shadow, err := hr.CreateFrameworkWithResponse(ctx, nil, api.CreateFramework{Code: "teachers_standards", Label: "Theirs", Statements: behaviours("Calm")})
	apitest.Refused(t, shadow, err, conflict, "code_taken")
	teacher, err := p.As("ada").CreateFrameworkWithResponse(ctx, nil, api.CreateFramework{Code: "mine", Label: "Mine", Statements: behaviours("Calm")})
	apitest.Refused(t, teacher, err, never, "role_not_admitted")

	var codes []string
	var cursor *string
	var builtIn api.Framework
	for {
		l, err := p.As("ada").ListFrameworksWithResponse(ctx, &api.ListFrameworksParams{Limit: ptr(5), Cursor: cursor})
		apitest.OK(t, l, err)
		for _, i := range l.JSON200.Items {
			if codes = append(codes, i.Code); i.Code == "headteachers_standards_2015" {
				builtIn = i
			}
		}
		if l.JSON200.NextCursor.IsNull() {
			break
		}
		cursor = ptr(l.JSON200.NextCursor.MustGet())
	}
	assert.IsIncreasing(t, codes)
	assert.Len(t, codes, len(standards.AllBuiltIn())+1)
	assert.Contains(t, codes, "harbour")
	assert.Equal(t, "headteachers_standards", builtIn.SupersededBy.MustGet())
	own, err := hr.ListFrameworksWithResponse(ctx, &api.ListFrameworksParams{Kind: ptr(api.ListFrameworksParamsKind("unit"))})
	apitest.OK(t, own, err)
	require.Len(t, own.JSON200.Items, 1)
	assert.Equal(t, f.ID, own.JSON200.Items[0].ID)

	got, err := hr.GetFrameworkWithResponse(ctx, builtIn.ID)
	apitest.OK(t, got, err)
	assert.Len(t, got.JSON200.Statements.MustGet(), 24)
	touched, err := hr.UpdateFrameworkWithResponse(ctx, builtIn.ID, &api.UpdateFrameworkParams{IfMatch: etag(1)}, api.UpdateFramework{Label: "Ours", Statements: behaviours("Calm")})
	apitest.Refused(t, touched, err, never, "built_in")
	other := apitest.NewWorld(t, "2026-09-01")
	foreign, err := other.HR.GetFrameworkWithResponse(ctx, f.ID)
	apitest.Refused(t, foreign, err, gone, "not_found")
	version, err := other.HR.GetFrameworkVersionWithResponse(ctx, f.NewestVersion.MustGet().ID)
	apitest.Refused(t, version, err, gone, "not_found")
}
