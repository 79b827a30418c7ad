// Package app puts the product together: the database, the use cases and the API. cmd/perennial
// and the tests start the same thing.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/apidocs"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/blobs"
	"github.com/perennial-api/perennial/internal/httpapi"
	"github.com/perennial-api/perennial/internal/postgres"
)

// Version is set when a release is built.
var Version = "0.1.0-dev"

// Options are what an instance of the product needs.
type Options struct {
	DatabaseURL   string
	BlobURL       string // where documents are kept
	MaxConns      int
	Secret        string
	PublicURL     string
	Origins       []string
	PasswordGrant bool
	RateLimit     int
	Logger        *slog.Logger
	Now           func() time.Time
	OnQuery       func(trust uuid.UUID, operation string) // told of every statement, for tests that count them
}

// App is one running instance, without its listener.
type App struct {
	Handler   http.Handler
	DB        *postgres.DB
	Blobs     *blobs.Store
	Auth      *auth.Service
	Passwords *auth.Passwords
	Keys      *auth.KeySet
	Access    access.Table

	docs atomic.Pointer[http.Handler]
}

const audience = "perennial"

// New opens the database, which must be up to date, and builds the API. Close ends it.
func New(ctx context.Context, o Options) (*App, error) {
	doc, err := httpapi.LoadContract()
	if err != nil {
		return nil, err
	}
	table, err := access.Load(doc)
	if err != nil {
		return nil, err
	}
	db, err := postgres.Open(ctx, postgres.Options{URL: o.DatabaseURL, MaxConns: o.MaxConns, Access: table, Now: o.Now, OnQuery: o.OnQuery})
	if err != nil {
		return nil, err
	}
	a := &App{DB: db, Access: table}
	a.Offer(nil)
	if err := a.open(ctx, o); err != nil {
		a.Close()
		return nil, err
	}
	a.Handler, err = httpapi.New(httpapi.Options{DB: db, Files: a.Blobs, Auth: a.Auth, Keys: a.Keys, Access: table, Contract: doc,
		Verifier:  auth.NewVerifier(a.Keys, auth.TokenConfig{Issuer: o.PublicURL, Audience: audience, Now: o.Now}),
		PublicURL: o.PublicURL, Origins: o.Origins, Version: Version, Logger: o.Logger, Metrics: prometheus.NewRegistry(),
		Now: o.Now, RateLimit: o.RateLimit, Docs: http.HandlerFunc(a.documentation)})
	if err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// open checks the database, and opens the place of documents and the keys.
func (a *App) open(ctx context.Context, o Options) (err error) {
	if err = sound(ctx, a.DB); err != nil {
		return err
	}
	if a.Blobs, err = blobs.Open(o.BlobURL); err != nil {
		return err
	}
	return a.signIn(ctx, o)
}

// sound refuses a database that waits for migrations, or whose row security somebody has loosened.
func sound(ctx context.Context, db *postgres.DB) error {
	if err := db.CheckSchema(ctx); err != nil {
		return err
	}
	open, err := db.Unguarded(ctx)
	if err == nil && len(open) > 0 {
		err = fmt.Errorf("the database does not keep trusts apart: %s", strings.Join(open, "; "))
	}
	return err
}

func (a *App) signIn(ctx context.Context, o Options) error {
	store := a.DB.Auth()
	keys, err := auth.OpenKeySet(ctx, store, auth.Conceal(o.Secret), o.Now)
	if err != nil {
		return err
	}
	passwords, err := auth.NewPasswords()
	if err != nil {
		return err
	}
	issuer := auth.NewIssuer(keys, auth.TokenConfig{Issuer: o.PublicURL, Audience: audience, Now: o.Now})
	a.Keys, a.Passwords = keys, passwords
	a.Auth = auth.NewService(store, issuer, passwords, auth.Options{PasswordGrant: o.PasswordGrant, Now: o.Now})
	return nil
}

// Offer puts accounts of the demo trust on the documentation page, for anybody to sign in as.
func (a *App) Offer(accounts []apidocs.Account) {
	page := apidocs.Handler(apidocs.Options{Title: "Perennial API", DemoAccounts: accounts})
	a.docs.Store(&page)
}

func (a *App) documentation(w http.ResponseWriter, r *http.Request) { (*a.docs.Load()).ServeHTTP(w, r) }

// Close ends every connection to the database, and the use of the place of documents.
func (a *App) Close() {
	a.DB.Close()
	if a.Blobs != nil {
		_ = a.Blobs.Close()
	}
}
