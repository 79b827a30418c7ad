package main

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/app"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/postgres"
)

type createTrustCommand struct {
	Slug     string `required:"" help:"The trust's name in sign-ins: small letters, digits and hyphens."`
	Name     string `required:"" help:"The trust's name."`
	HRGiven  string `required:"" name:"hr-given" help:"Given name of the first HR person."`
	HRFamily string `required:"" name:"hr-family" help:"Their family name."`
	HREmail  string `required:"" name:"hr-email" help:"Their e-mail address, by which they sign in."`
	TimeZone string `default:"Europe/London" help:"The trust's time zone."`
	Demo     bool   `help:"Let HR move the trust's clock."`
}

var slugs = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}$`)

// Validate refuses what the database would, in words.
func (c *createTrustCommand) Validate() error {
	_, zone := time.LoadLocation(c.TimeZone)
	switch {
	case !slugs.MatchString(c.Slug):
		return errors.New("--slug takes 2 to 63 small letters, digits and hyphens, and begins with none of the latter")
	case !fits(c.Name, 200) || !fits(c.HRGiven, 100) || !fits(c.HRFamily, 100):
		return errors.New("a name is empty or too long")
	case !isAddress(c.HREmail):
		return errors.New("--hr-email is not an e-mail address")
	case c.TimeZone == "" || zone != nil:
		return errors.New("--time-zone is not a time zone such as Europe/London")
	}
	return nil
}

func fits(name string, limit int) bool {
	return strings.TrimSpace(name) != "" && len([]rune(name)) <= limit
}

func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= 254
}

// Run makes the trust and prints the link.
func (c *createTrustCommand) Run(t *terminal) error {
	return t.atTheServer(func(i *app.Instance, url string) error {
		if i.Database.AdminURL == "" {
			return errors.New("making a trust takes DATABASE_ADMIN_URL")
		}
		made, err := i.DB.CreateTrust(t.ctx, i.Database.AdminURL, postgres.NewTrust{Slug: c.Slug, Name: strings.TrimSpace(c.Name),
			TimeZone: c.TimeZone, Demo: c.Demo, HRGivenName: strings.TrimSpace(c.HRGiven), HRFamilyName: strings.TrimSpace(c.HRFamily), HREmail: c.HREmail})
		if err != nil {
			return err
		}
		t.say("Made the trust %s.", c.Slug)
		return t.link(i, url, auth.LinkRequest{TrustID: made.TrustID, PersonID: made.HRID, Purpose: auth.Invitation})
	})
}

type trustLinkCommand struct {
	Slug  string `required:"" help:"The trust."`
	Email string `required:"" help:"The e-mail address of the person."`
}

// Run prints a link: the first password's, or a reset's where there is a password.
func (c *trustLinkCommand) Run(t *terminal) error {
	return t.atTheServer(func(i *app.Instance, url string) error {
		trust, err := i.DB.TrustBySlug(t.ctx, c.Slug)
		if err != nil {
			return fmt.Errorf("there is no trust %s", c.Slug)
		}
		account, err := i.DB.Auth().AccountByEmail(t.ctx, trust, strings.ToLower(strings.TrimSpace(c.Email)))
		if err != nil {
			return errors.New("the trust has nobody with this e-mail address")
		}
		purpose := auth.Invitation
		if account.Password != "" {
			purpose = auth.PasswordReset
		}
		return t.link(i, url, auth.LinkRequest{TrustID: trust, PersonID: account.PersonID, Purpose: purpose})
	})
}

// atTheServer opens the product without serving it.
func (t *terminal) atTheServer(do func(i *app.Instance, url string) error) error {
	c, log, err := t.settings()
	if err != nil {
		return err
	}
	url := c.URL(c.Port)
	i, err := app.Open(t.ctx, c, url, log)
	if err != nil {
		return err
	}
	return errors.Join(do(i, url), i.Close())
}

// link makes a one-time link and says how to use it. Nobody of the trust asked for it.
func (t *terminal) link(i *app.Instance, url string, r auth.LinkRequest) error {
	r.By = uuid.Nil
	l, err := i.Auth.CreateLink(t.ctx, r)
	if err != nil {
		return err
	}
	t.say("\nOne-time link, until %s:\n\n  %s", l.ExpiresAt.Format("2 January 2006, 15:04 UTC"), l.Token.Reveal())
	t.say("\nSet the password with it, at least %d characters:\n", auth.PasswordMinCharacters)
	t.say("  curl -s %s/v1/auth/redeem-link -H 'Content-Type: application/json' \\\n    -d '{\"link\": \"%s\", \"new_password\": \"…\"}'", url, l.Token.Reveal())
	return nil
}
