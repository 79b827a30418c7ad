package auth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNothingSecretIsPrintedLoggedOrMarshalled(t *testing.T) {
	const canary = "canary-7f3a"
	store, c := &fakeKeys{}, newClock()
	keys, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	seed := keys.signing().private.Seed()
	type unexported struct{ inner Secret }

	for _, v := range []any{
		Conceal(canary), unexported{Conceal(canary)}, PasswordHash(canary), digestOf(canary),
		TokenPair{Access: Conceal(canary), Refresh: Conceal(canary)},
		TokenRequest{Password: Conceal(canary), RefreshToken: Conceal(canary)},
		PasswordUpdate{Current: Conceal(canary), New: Conceal(canary)},
		Account{Password: canary}, PasswordChange{Password: canary}, IssuedLink{Token: Conceal(canary)},
		Link{Digest: digestOf(canary)}, RefreshToken{Digest: digestOf(canary)},
		keys, store.rows[0], NewIssuer(keys, testConfig(c)),
	} {
		var out bytes.Buffer
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		fmt.Fprintf(&out, "%v %+v %#v %s %q", v, v, v, v, v)
		if _, row := v.(KeyRow); !row { // its sealed seed is ciphertext
			text, err := json.Marshal(v)
			require.NoError(t, err)
			out.Write(text)
		}
		digest := digestOf(canary)
		for _, secret := range []string{canary, string(digest[:]), fmt.Sprint(digest[:]), string(seed), fmt.Sprint(seed), fmt.Sprintf("%#v", seed)[7:]} {
			require.NotContains(t, out.String(), secret, "%T", v)
		}
	}
}

// A driver that finds a Stringer stores what it says: Value has to come first.
func TestHashesAreStoredAsTheyAre(t *testing.T) {
	v, err := PasswordHash("$argon2id$…").Value()
	require.NoError(t, err)
	require.Equal(t, "$argon2id$…", v)
	d := digestOf("x")
	stored, err := d.Value()
	require.NoError(t, err)
	var back Digest
	require.NoError(t, back.Scan(stored))
	require.Equal(t, d, back)
	require.Error(t, back.Scan([]byte("short")))
	require.Error(t, back.Scan(nil))
}
