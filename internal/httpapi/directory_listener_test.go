package httpapi_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// listening remembers what the directory tells, and refuses when it is told that somebody left.
type listening struct {
	heard   []string
	refusal error
}

func (l *listening) Hold(context.Context, []uuid.UUID, []uuid.UUID) error { return nil }

func (l *listening) LineManagerChanged(_ context.Context, post uuid.UUID, from schooltime.Date) error {
	l.heard = append(l.heard, "manager of "+post.String()+" from "+from.String())
	return nil
}

func (l *listening) OfficeChanged(_ context.Context, code string, from schooltime.Date) error {
	l.heard = append(l.heard, "office "+code+" from "+from.String())
	return nil
}

func (l *listening) PersonLeft(_ context.Context, person uuid.UUID, on schooltime.Date) error {
	l.heard = append(l.heard, "left "+person.String()+" on "+on.String())
	return l.refusal
}

func (l *listening) PostEnded(_ context.Context, post uuid.UUID, on schooltime.Date) error {
	l.heard = append(l.heard, "ended "+post.String()+" on "+on.String())
	return nil
}

// asHR runs a use case of the directory as the trust's HR person.
func (w dirWorld) asHR(t *testing.T, op string, l directory.Listener, do func(context.Context, *directory.Service) error) error {
	t.Helper()
	db := w.Stack.DB
	return db.InTx(t.Context(), w.Trust, func(ctx context.Context) error {
		a, err := db.LoadActor(ctx, w.Trust, w.HR.ID)
		require.NoError(t, err)
		return do(access.WithOperation(access.With(ctx, a), op), directory.NewService(db.Directory(), l, cycle.NewService(db)))
	})
}

func TestListenerHearsWhatAppraisalsNeed(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, bo := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Bo Lindqvist", w.North)
	l, on, bos, adas := &listening{}, schooltime.MustDate("2026-10-05"), bo.Posts[0].ID, ada.Posts[0].ID
	require.NoError(t, w.asHR(t, "SetLineManager", l, func(ctx context.Context, s *directory.Service) error {
		_, err := s.SetLineManager(ctx, 1, directory.Assignment{PostID: bos, ManagerID: ada.ID})
		return err
	}))
	require.NoError(t, w.asHR(t, "SetLineManager", l, func(ctx context.Context, s *directory.Service) error {
		_, err := s.SetLineManager(ctx, 2, directory.Assignment{PostID: bos, ManagerID: ada.ID})
		return err
	}), "nothing changes, and nothing is told")
	require.Equal(t, []string{"manager of " + bos.String() + " from 2026-10-05"}, l.heard)

	leave := func(ctx context.Context, s *directory.Service) error {
		_, err := s.Deactivate(ctx, ada.ID, 1, on)
		return err
	}
	told := []string{"manager of " + bos.String() + " from 2026-10-05", "ended " + adas.String() + " on 2026-10-05", "left " + ada.ID.String() + " on 2026-10-05"}
	refusing := &listening{refusal: errors.New("not now")}
	require.ErrorIs(t, w.asHR(t, "DeactivatePerson", refusing, leave), refusing.refusal)
	require.Equal(t, told, refusing.heard)
	require.Equal(t, api.PersonStatusActive, w.person(t, ada.ID).Status, "the listener's error undoes the whole change")
	require.Len(t, w.managers(t, bos), 1)

	l = &listening{}
	require.NoError(t, w.asHR(t, "DeactivatePerson", l, leave))
	require.Equal(t, told, l.heard)
	l = &listening{}
	require.NoError(t, w.asHR(t, "EndPost", l, func(ctx context.Context, s *directory.Service) error {
		_, err := s.EndPost(ctx, bos, 2, schooltime.MustDate("2027-01-01"))
		return err
	}))
	require.Equal(t, []string{"ended " + bos.String() + " on 2027-01-01"}, l.heard)
}
