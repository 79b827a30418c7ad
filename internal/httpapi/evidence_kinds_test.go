package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apitest"
)

func TestWhereNoKindIsADocumentTheUploadIsRefusedAsItsButtonSays(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, map[string]any{"evidence": map[string]any{"kinds": []any{map[string]any{"code": "note", "label": "Note", "form": "note"}}}})
	allowed := map[string]bool{}
	for _, a := range p.listed("ada").AllowedActions {
		allowed[a.Action] = a.Allowed
	}
	require.Equal(t, map[string]bool{"add": true, "upload": false}, allowed)
	r, err := p.upload("ada", "report.pdf", smallPDF)
	refused := apitest.Refused(t, r, err, 409, "no_such_evidence")
	require.Equal(t, "evidence.kinds", refused.Refusals[0].Policy.MustGet().Parameter)
	p.added("ada", p.note())
}
