package auth

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/perennial-api/perennial/internal/fault"
)

// RefreshGrace is how long a rotated refresh token still answers, for two tabs that refresh at
// once. It answers with a sibling of the successor. Whichever of the siblings is used first
// retires the others, so that a thief who was that quick is still found out.
const RefreshGrace = 10 * time.Second

func (s *Service) refresh(ctx context.Context, r TokenRequest) (TokenPair, error) {
	if r.RefreshToken.Empty() {
		return TokenPair{}, badRequest("refresh_token")
	}
	trustID, digest, ok := openOpaque(r.RefreshToken)
	if !ok {
		return TokenPair{}, badRefresh()
	}
	var pair TokenPair
	refused := true
	err := s.store.RotateRefresh(ctx, trustID, digest, func(p Presented) (Rotation, error) {
		now := s.time()
		session, good := p.rotate(r.ClientID, now)
		if refused = !good; refused {
			return Rotation{Session: session}, nil
		}
		access, err := s.access(p.Account, p.Grant, session.ID)
		refresh, token := session.issue(now)
		pair = session.pair(access, refresh)
		return Rotation{Session: session, Issue: &token}, err
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return TokenPair{}, badRefresh()
	case err != nil:
		return TokenPair{}, err
	case refused:
		return TokenPair{}, badRefresh()
	}
	return pair, nil
}

// rotate decides about a refresh token from its generation and its session's: the same is good
// and moves the session on; the one before is good within the grace; an older one has been used
// twice, by its owner and by somebody else, and nobody can say by whom first: the session ends.
func (p Presented) rotate(clientID string, now time.Time) (next Session, good bool) {
	next = p.Session
	late := now.Sub(next.RotatedAt) > RefreshGrace
	behind := next.Generation - p.Generation
	switch {
	case !next.Live(now):
		return next, false
	case !p.Account.Active:
		next.end(Ending{At: now, Reason: EndedByLeaving})
		return next, false
	case behind > 1 || behind == 1 && late:
		next.end(Ending{At: now, Reason: EndedByReuse})
		return next, false
	case clientID != next.ClientID: // RFC 6749 section 6: bound to the client it was issued to
		return next, false
	case behind == 0:
		next.Generation++
		next.RotatedAt = now
	}
	next.use(now)
	return next, true
}

// Revoke ends the session of a refresh token (RFC 7009). An unknown token is no error: what the
// client wants is so already. Access tokens cannot be revoked singly, and are refused as RFC 7009
// section 2.2.1 has it.
func (s *Service) Revoke(ctx context.Context, token Secret) error {
	if token.Empty() {
		return badRequest("token")
	}
	if strings.Count(token.Reveal(), ".") == 2 {
		return fault.New(fault.Malformed, UnsupportedTokenType, "Revoke the refresh token: that ends the session.")
	}
	trustID, digest, ok := openOpaque(token)
	if !ok {
		return nil
	}
	err := s.store.EndByRefresh(ctx, trustID, digest, Ending{At: s.time(), Reason: EndedByClient})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
