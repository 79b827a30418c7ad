package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/perennial-api/perennial/internal/apidocs"
	"github.com/perennial-api/perennial/internal/config"
)

// Ready is what the person at the terminal is told once requests are answered.
type Ready struct {
	URL      string
	Accounts []apidocs.Account // of the demo trust, when it is loaded
}

// Hooks are what a run does besides serving.
type Hooks struct {
	// Demo loads the demo trust where it is missing; it is called when the settings ask for that.
	Demo func(ctx context.Context, a *App, adminURL string) ([]apidocs.Account, error)
	// Ready is called once requests are answered.
	Ready func(Ready)
}

// Run serves until ctx ends, which is how it is stopped and no error. It then takes no further
// requests, lets running ones end, and stops what it started. The port is taken before anything
// else, so that a second instance fails at once. Errors are one sentence for the person at the
// terminal; an embedded database that ends by itself is one.
func Run(ctx context.Context, c config.Config, log *slog.Logger, h Hooks) error {
	l, err := listen(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }() // for a start that fails; the server closes it otherwise
	url := c.URL(l.Addr().(*net.TCPAddr).Port)
	i, err := Open(ctx, c, url, log)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	err = i.run(ctx, l, url, c, log, h)
	if stopped := i.Close(); err == nil {
		err = stopped
	}
	return err
}

func listen(ctx context.Context, c config.Config) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Address())
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use, perhaps by another Perennial: stop it first, or choose another port by PORT", c.Address())
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", c.Address(), errors.Unwrap(err))
	}
	return l, nil
}

// unlessStopped drops what a start that was stopped fails with.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (i *Instance) run(ctx context.Context, l net.Listener, url string, c config.Config, log *slog.Logger, h Hooks) error {
	ready := Ready{URL: url}
	if c.Demo {
		if i.Database.AdminURL == "" {
			return errors.New("loading the demo trust takes DATABASE_ADMIN_URL")
		}
		accounts, err := h.Demo(ctx, i.App, i.Database.AdminURL)
		if err != nil {
			return unlessStopped(ctx, err)
		}
		i.Offer(accounts)
		ready.Accounts = accounts
	}
	return i.serve(ctx, l, c.ShutdownGrace, log, func() { h.Ready(ready) })
}

// serve answers requests until ctx ends, the database ends or the listener fails.
func (i *Instance) serve(ctx context.Context, l net.Listener, grace time.Duration, log *slog.Logger, ready func()) error {
	requests, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	srv := &http.Server{
		Handler: i.Handler, BaseContext: func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	defer i.reloadKeys(requests, log)()
	defer i.sweepDocuments(requests, log)()
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	ready()
	select {
	case err := <-failed:
		return fmt.Errorf("the server ended by itself: %w", err)
	case <-i.Database.Ended():
		cut()
		_ = srv.Close()
		return i.Database.loss()
	case <-ctx.Done():
	}
	log.Info("stopping: running requests may end, new ones are not taken")
	within, cancel := context.WithTimeout(requests, grace)
	defer cancel()
	if err := srv.Shutdown(within); err != nil {
		log.Warn("requests that took longer than SHUTDOWN_GRACE were cut off")
		cut()
		_ = srv.Close()
	}
	return nil
}
