// Package demo makes the demo trust: invented people of an invented trust, for newcomers to try
// the product with. Its passwords are on the documentation page for everybody to read.
package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/apidocs"
	"github.com/perennial-api/perennial/internal/app"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/postgres"
	"github.com/perennial-api/perennial/internal/schooltime"
)

const (
	slug     = "brightwater"
	password = "brightwater demo 2026" // of everybody in it
	firstDay = "2026-09-01"            // of school time there, when it is made
)

// HR is the account that may do everything in the demo trust.
var HR = apidocs.Account{Label: "Ruth Okafor, HR", Trust: slug, Username: "ruth.okafor@brightwater.example", Password: password}

// Load makes the demo trust where it is missing, and returns the accounts to sign in with. What
// is there stays as its users left it.
func Load(ctx context.Context, a *app.App, adminURL string) ([]apidocs.Account, error) {
	trust, err := a.DB.TrustBySlug(ctx, slug)
	if fault.KindOf(err) == fault.NotFound {
		trust, err = create(ctx, a, adminURL)
	}
	if err == nil {
		err = open(ctx, a, trust)
	}
	if err != nil {
		return nil, fmt.Errorf("load the demo trust: %w", err)
	}
	return []apidocs.Account{HR}, nil
}

func create(ctx context.Context, a *app.App, adminURL string) (uuid.UUID, error) {
	made, err := a.DB.CreateTrust(ctx, adminURL, postgres.NewTrust{Slug: slug, Name: "Brightwater Learning Trust", Demo: true,
		SchoolDay: schooltime.MustDate(firstDay), HRGivenName: "Ruth", HRFamilyName: "Okafor", HREmail: HR.Username})
	if errors.Is(err, postgres.ErrTrustExists) { // another process was quicker
		return a.DB.TrustBySlug(ctx, slug)
	}
	return made.TrustID, err
}

// open gives HR the demo password unless there is one. A trust that happens to bear the demo's
// name is left alone: everybody could sign in to it.
func open(ctx context.Context, a *app.App, trust uuid.UUID) error {
	if err := isDemo(ctx, a, trust); err != nil {
		return err
	}
	account, err := a.DB.Auth().AccountByEmail(ctx, trust, HR.Username)
	if errors.Is(err, auth.ErrNotFound) {
		return errors.New("it was left half made, or its HR person was taken out: start with an empty database")
	}
	if err != nil || account.Password != "" {
		return err
	}
	hash, err := a.Passwords.Hash(ctx, auth.Conceal(password))
	if err != nil {
		return err
	}
	return a.DB.InTx(ctx, trust, func(ctx context.Context) error {
		return a.DB.SetPasswordHash(ctx, trust, account.PersonID, hash)
	})
}

func isDemo(ctx context.Context, a *app.App, trust uuid.UUID) error {
	return a.DB.InTx(ctx, trust, func(ctx context.Context) error {
		day, err := a.DB.SchoolDay(ctx, trust)
		if err == nil && !day.Demo {
			err = errors.New("there is a trust with the slug " + slug + " that is no demo")
		}
		return err
	})
}
