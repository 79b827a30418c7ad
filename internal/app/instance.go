package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/perennial-api/perennial/internal/config"
)

// An Instance is the product with its database.
type Instance struct {
	*App
	Database *Database
}

// Open starts or finds the database, brings it up to date where the settings give the role for
// that, and opens the product as it is reached at url.
func Open(ctx context.Context, c config.Config, url string, log *slog.Logger) (*Instance, error) {
	if err := c.CheckSecret(); err != nil {
		return nil, err
	}
	d, err := OpenDatabase(ctx, c)
	if err != nil {
		return nil, err
	}
	i, err := d.open(ctx, c, url, log)
	if err != nil {
		_ = d.Stop() // the first error says what is wrong
		return nil, err
	}
	return i, nil
}

func (d *Database) open(ctx context.Context, c config.Config, url string, log *slog.Logger) (*Instance, error) {
	secret, err := d.secret(c)
	if err == nil && d.AdminURL != "" {
		err = d.Migrate(ctx)
	}
	if err != nil {
		return nil, err
	}
	a, err := New(ctx, Options{DatabaseURL: d.URL, BlobURL: c.Blobs(), MaxConns: c.MaxConns, Secret: secret, PublicURL: url, Origins: c.Origins,
		PasswordGrant: c.PasswordGrant, RateLimit: c.RateLimit, Logger: log, Now: time.Now})
	if err != nil {
		return nil, err
	}
	return &Instance{App: a, Database: d}, nil
}

// Close ends the connections, and then the database if it is embedded.
func (i *Instance) Close() error {
	i.App.Close()
	return i.Database.Stop()
}

const keyReload = time.Minute

// reloadKeys takes over the signing keys that another process has made, until stop, which waits.
func (i *Instance) reloadKeys(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		tick := time.NewTicker(keyReload)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := i.Keys.Reload(ctx); err != nil && ctx.Err() == nil {
				log.Error("reload the signing keys", "error", err.Error())
			}
		}
	})
	return func() { cancel(); running.Wait() }
}
