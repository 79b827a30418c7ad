package auth

import (
	"context"

	"github.com/google/uuid"
)

// Sessions lists where the person is signed in, the last used first.
func (s *Service) Sessions(ctx context.Context, trustID, personID uuid.UUID) ([]Session, error) {
	return s.store.Sessions(ctx, trustID, personID, s.time())
}

// EndSession signs the person out in one place; NotFound if that is not theirs. The session's
// access token is refused from then on where sessions are asked for with the permissions, and at
// its expiry otherwise.
func (s *Service) EndSession(ctx context.Context, trustID, personID, sessionID uuid.UUID) error {
	return orGone(s.store.EndSession(ctx, trustID, personID, sessionID, Ending{At: s.time(), Reason: EndedByPerson}))
}
