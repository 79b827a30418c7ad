package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/audit"
)

// GetAuditHead handles GET /v1/audit-chain/head.
func (s *Server) GetAuditHead(ctx context.Context, _ server.GetAuditHeadRequestObject) (server.GetAuditHeadResponseObject, error) {
	head, err := s.privacy.AuditHead(ctx)
	if err != nil {
		return nil, err
	}
	return server.GetAuditHead200JSONResponse(toHead(head)), nil
}

// VerifyAuditChain handles GET /v1/audit-chain/verify.
func (s *Server) VerifyAuditChain(ctx context.Context, r server.VerifyAuditChainRequestObject) (server.VerifyAuditChainResponseObject, error) {
	n, hash := r.Params.AnchorN, r.Params.AnchorHash
	var anchor *audit.Anchor
	switch {
	case n != nil && hash != nil:
		anchor = &audit.Anchor{N: int64(*n), Hash: *hash}
	case n != nil || hash != nil:
		return nil, query("anchor_n", "anchor_incomplete", "The number of a noted head and its hash come together.")
	}
	check, err := s.privacy.VerifyChain(ctx, anchor)
	if err != nil {
		return nil, err
	}
	bad := nullable.NewNullNullable[api.AuditFault]()
	if check.Bad != nil {
		bad = nullable.NewNullableWithValue(api.AuditFault{Block: int(check.Bad.Block), What: api.AuditFaultWhat(check.Bad.What), Detail: check.Bad.Detail})
	}
	return server.VerifyAuditChain200JSONResponse(api.AuditVerification{Intact: check.Bad == nil, Anchored: anchor != nil,
		Blocks: int(check.Blocks), Events: int(check.Events), Head: toHead(check.Head), FirstBad: bad}), nil
}

func toHead(b audit.Block) api.AuditHead {
	at := nullable.NewNullNullable[nullTime]()
	if b.N > 0 {
		at = nullable.NewNullableWithValue(b.At)
	}
	return api.AuditHead{N: int(b.N), Hash: b.Hash, At: at}
}
