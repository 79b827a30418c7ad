package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/audit"
)

// verified asks for the chain to be recomputed, against a head where there is one.
func verified(t *testing.T, w *apitest.World, anchor *api.AuditHead) *api.AuditVerification {
	t.Helper()
	q := &api.VerifyAuditChainParams{}
	if anchor != nil {
		q.AnchorN, q.AnchorHash = &anchor.N, &anchor.Hash
	}
	r, err := w.HR.VerifyAuditChainWithResponse(t.Context(), q)
	apitest.OK(t, r, err)
	return r.JSON200
}

func auditHead(t *testing.T, w *apitest.World) *api.AuditHead {
	t.Helper()
	r, err := w.HR.GetAuditHeadWithResponse(t.Context())
	apitest.OK(t, r, err)
	return r.JSON200
}

func TestHRVerifiesTheChainOfTheirTrustAgainstItsNotedHead(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	_, head := planSchool(t, w, "Northfield School", "Ruth")
	none, err := head.VerifyAuditChainWithResponse(t.Context(), nil)
	apitest.Refused(t, none, err, 403, "role_not_admitted")
	hidden, err := head.GetAuditHeadWithResponse(t.Context())
	apitest.Refused(t, hidden, err, 403, "role_not_admitted")

	noted := auditHead(t, w)
	p := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "1", Title: "Reading"})
	all := verified(t, w, noted)
	require.True(t, all.Intact && all.Anchored && all.FirstBad.IsNull())
	require.Equal(t, []any{noted.N + 1, noted.N + 1}, []any{all.Head.N, all.Blocks})
	require.Equal(t, *auditHead(t, w), all.Head)
	half, err := w.HR.VerifyAuditChainWithResponse(t.Context(), &api.VerifyAuditChainParams{AnchorN: &noted.N})
	apitest.Refused(t, half, err, 400, "anchor_incomplete")

	last := auditHead(t, w)
	forge(t, w, p.ID)
	changed := verified(t, w, nil)
	require.False(t, changed.Intact)
	require.Equal(t, api.AuditFault{Block: last.N, What: audit.Changed, Detail: changed.FirstBad.MustGet().Detail}, changed.FirstBad.MustGet())
	require.Equal(t, "anchor_differs", string(verified(t, w, &api.AuditHead{N: 1, Hash: last.Hash}).FirstBad.MustGet().What))
	require.Equal(t, last.N, verified(t, w, &api.AuditHead{N: last.N + 5, Hash: last.Hash}).FirstBad.MustGet().Block, "the first stands")
}

// forge changes the event of a record as somebody with the database in their hands could.
func forge(t *testing.T, w *apitest.World, subject uuid.UUID) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), w.Stack.AdminURL)
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	require.NoError(t, pgx.BeginFunc(t.Context(), c, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "set local session_replication_role = replica"); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), "update events set body = replace(body, 'created', 'archived') where trust_id = $1 and subject_id = $2", w.Trust, subject)
		return err
	}))
}
