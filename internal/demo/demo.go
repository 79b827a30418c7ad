// Package demo makes the demo trust: invented people of an invented trust, for newcomers to try
// the product with. Its passwords are on the documentation page for everybody to read.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/apidocs"
	"github.com/perennial-api/perennial/internal/app"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/postgres"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/pkg/client"
)

const (
	slug     = "brightwater"
	password = "brightwater demo 2026" // of everybody in it
	domain   = "brightwater.example"
)

// HR is the account that may do everything in the demo trust.
var HR = account("Ruth Okafor, HR", "ruth.okafor")

// accounts are the people to sign in as: one for each role, and whoever else the tour needs.
var accounts = []apidocs.Account{
	HR,
	account("Tom Birch, reviewee", brightwater.Reviewee),
	account("Ines Okoro, his reviewer", brightwater.Reviewer),
	account("Dev Anand, her reviewer", brightwater.ReviewersReviewer),
	account("Marta Lind, head of Northfield School", brightwater.HeadOf),
}

func account(label, key string) apidocs.Account {
	return apidocs.Account{Label: label, Trust: slug, Username: key + "@" + domain, Password: password}
}

// Load makes the demo trust where it is missing, and returns the accounts to sign in with. What
// is there stays as its users left it.
func Load(ctx context.Context, a *app.App, adminURL string) ([]apidocs.Account, error) {
	trust, err := a.DB.TrustBySlug(ctx, slug)
	if fault.KindOf(err) == fault.NotFound {
		err = create(ctx, a, adminURL, time.Now())
	} else if err == nil {
		err = whole(ctx, a, trust)
	}
	if err != nil {
		return nil, fmt.Errorf("load the demo trust: %w", err)
	}
	return accounts, nil
}

// create sets the trust up through the API, as its HR person would, on the first day of the school
// year that it is now, with the year before finished for two people. Whoever has no part in that can
// sign in when everything is there.
func create(ctx context.Context, a *app.App, adminURL string, now time.Time) error {
	year := now.Year()
	if now.Month() < time.September {
		year--
	}
	made, err := a.DB.CreateTrust(ctx, adminURL, postgres.NewTrust{Slug: slug, Name: brightwater.Name, Demo: true,
		SchoolDay: schooltime.NewDate(year-1, time.September, 1), HRGivenName: "Ruth", HRFamilyName: "Okafor", HREmail: HR.Username})
	if err != nil {
		return err
	}
	hash, err := a.Passwords.Hash(ctx, auth.Conceal(password))
	if err != nil {
		return err
	}
	if err := setPasswords(ctx, a, made.TrustID, hash, made.HRID); err != nil {
		return err
	}
	hr, err := clientOf(a, HR.Username)
	if err != nil {
		return err
	}
	signIn := func(ctx context.Context, person uuid.UUID, email string) (*client.ClientWithResponses, error) {
		if err := setPasswords(ctx, a, made.TrustID, hash, person); err != nil {
			return nil, err
		}
		return clientOf(a, email)
	}
	t, err := brightwater.SetUpAfterAYear(ctx, hr, made.UnitID, domain, year, signIn)
	if err != nil {
		return err
	}
	var people []uuid.UUID
	for _, id := range t.People {
		people = append(people, id)
	}
	return setPasswords(ctx, a, made.TrustID, hash, people...)
}

// clientOf is a client of the process itself, signed in with the demo's password.
func clientOf(a *app.App, username string) (*client.ClientWithResponses, error) {
	return client.New("http://in.process", client.WithCredentials(client.Password(slug, username, password)), client.WithTransport(inProcess{a.Handler}))
}

// setPasswords gives everybody the demo's one password; one hash serves all, for hashing is slow.
func setPasswords(ctx context.Context, a *app.App, trust uuid.UUID, hash auth.PasswordHash, people ...uuid.UUID) error {
	return a.DB.InTx(ctx, trust, func(ctx context.Context) error {
		for _, p := range people {
			if err := a.DB.SetPasswordHash(ctx, trust, p, hash); err != nil {
				return err
			}
		}
		return nil
	})
}

// whole refuses a trust that only happens to bear the demo's name, for everybody could sign in to
// it, and one whose making was interrupted.
func whole(ctx context.Context, a *app.App, trust uuid.UUID) error {
	err := a.DB.InTx(ctx, trust, func(ctx context.Context) error {
		day, err := a.DB.SchoolDay(ctx, trust)
		if err == nil && !day.Demo {
			err = errors.New("there is a trust with the slug " + slug + " that is no demo")
		}
		return err
	})
	if err != nil {
		return err
	}
	dev, err := a.DB.Auth().AccountByEmail(ctx, trust, accounts[3].Username) // who gets a password last
	if errors.Is(err, auth.ErrNotFound) || err == nil && dev.Password == "" {
		return errors.New("an earlier start was interrupted before the demo trust was whole: start with an empty database, such as another DATA_DIR")
	}
	return err
}
