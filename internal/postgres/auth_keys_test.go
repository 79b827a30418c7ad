package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/auth"
)

func TestNewestTwoKeysAreKept(t *testing.T) {
	t.Parallel()
	keys := openOwnDB(t).Auth()
	rows, err := keys.LoadKeys(t.Context())
	require.NoError(t, err)
	require.Empty(t, rows)
	var saved []auth.KeyRow
	for g := 1; g <= 3; g++ {
		row := auth.KeyRow{Generation: g, KID: fmt.Sprint("key ", g), Sealed: []byte{byte(g)}, CreatedAt: time.Now().UTC().Truncate(time.Microsecond)}
		require.NoError(t, keys.SaveKey(t.Context(), row))
		saved = append(saved, row)
	}
	rows, err = keys.LoadKeys(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, saved[1:], rows)
	require.ErrorIs(t, keys.SaveKey(t.Context(), auth.KeyRow{Generation: 3, KID: "late", Sealed: []byte{9}, CreatedAt: time.Now()}), auth.ErrKeyExists)
	require.NoError(t, keys.SaveKey(t.Context(), auth.KeyRow{Generation: 1, KID: "key 1", Sealed: []byte{1}, CreatedAt: time.Now()}), "generation 1 was deleted")
}

func TestProcessesThatStartAtOnceEndWithTheSameKey(t *testing.T) {
	t.Parallel()
	keys := openOwnDB(t).Auth()
	sets := make([]*auth.KeySet, 6)
	for _, err := range atOnce(len(sets), func(i int) (err error) {
		sets[i], err = auth.OpenKeySet(t.Context(), keys, keySecret, time.Now)
		return err
	}) {
		require.NoError(t, err)
	}
	for _, set := range sets {
		require.Equal(t, sets[0].String(), set.String())
	}
}

var keySecret = auth.Conceal("a secret of at least thirty-two characters")
