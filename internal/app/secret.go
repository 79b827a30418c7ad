package app

import (
	"crypto/rand"
	"os"
)

// newSecret makes a secret and keeps it at path, for the owner alone. A crash leaves none or the
// whole of it.
func newSecret(path string) (string, error) {
	secret, half := rand.Text()+rand.Text(), path+".new"
	if err := os.WriteFile(half, []byte(secret), 0o600); err != nil {
		return "", err
	}
	return secret, os.Rename(half, path)
}
