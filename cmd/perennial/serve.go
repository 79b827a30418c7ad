package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/perennial-api/perennial/internal/apidocs"
	"github.com/perennial-api/perennial/internal/app"
	"github.com/perennial-api/perennial/internal/config"
	"github.com/perennial-api/perennial/internal/demo"
)

type serveCommand struct{}

// Help lists the settings.
func (serveCommand) Help() string {
	var help strings.Builder
	help.WriteString("The environment sets:\n\n")
	for _, s := range config.Settings() {
		fmt.Fprintf(&help, "  %s: %s", s.Name, s.About)
		if s.Default != "" {
			help.WriteString(" (" + s.Default + ")")
		}
		help.WriteString("\n")
	}
	return help.String()
}

// Run serves until it is stopped.
func (serveCommand) Run(t *terminal) error {
	c, log, err := t.settings()
	if err != nil {
		return err
	}
	return app.Run(t.ctx, c, log, app.Hooks{Demo: demo.Load, Ready: func(r app.Ready) { t.welcome(c, r) }})
}

type demoRunCommand struct{}

// Run serves with the demo trust until it is stopped.
func (demoRunCommand) Run(t *terminal) error {
	c, log, err := t.settings()
	if err != nil {
		return err
	}
	c.Demo = true
	return app.Run(t.ctx, c, log, app.Hooks{Demo: demo.Load, Ready: func(r app.Ready) { t.welcome(c, r) }})
}

// welcome says where the service is and how to get in.
func (t *terminal) welcome(c config.Config, r app.Ready) {
	t.say("\nPerennial %s is ready.\n", app.Version)
	t.say("  Address        %s", r.URL)
	t.say("  Documentation  %s/docs", r.URL)
	if c.Embedded() {
		dir, _ := filepath.Abs(c.DataDir) // fails without a working directory alone
		t.say("  Data           %s", dir)
	}
	if len(r.Accounts) > 0 {
		t.signIns(r)
	}
	t.say("\nCtrl-C stops it; the data stays.\n")
}

func (t *terminal) signIns(r app.Ready) {
	t.say("\nSign in to the demo as")
	table := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  \ttrust\tusername\tpassword")
	for _, a := range r.Accounts {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", a.Label, a.Trust, a.Username, a.Password)
	}
	_ = table.Flush() // a terminal that is gone reads nothing
	t.say("\nGet a token\n  %s", tokenRequest(r.URL, r.Accounts[0]))
	t.say("\nWalk through the year\n  %s demo clock %d-10-15 --url %s", os.Args[0], schoolYear(time.Now()), r.URL)
}

// schoolYear is the year in which the school year of the day began, as the demo's does.
func schoolYear(day time.Time) int {
	if day.Month() < time.September {
		return day.Year() - 1
	}
	return day.Year()
}

// tokenRequest is the curl line that signs in.
func tokenRequest(base string, a apidocs.Account) string {
	form := url.Values{"grant_type": {"password"}, "trust": {a.Trust}, "username": {a.Username}, "password": {a.Password}}
	return fmt.Sprintf("curl -s %s/v1/oauth/token -d '%s'", base, form.Encode())
}
