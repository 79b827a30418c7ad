// Command perennial runs the product and does what only the person at the server may do: migrate,
// make a trust, play the demo. `perennial --help` lists the commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // trusts have time zones, and not every machine knows them

	"github.com/alecthomas/kong"

	"github.com/perennial-api/perennial/internal/app"
	"github.com/perennial-api/perennial/internal/config"
	"github.com/perennial-api/perennial/internal/fault"
)

type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the API. Without DATABASE_URL it runs a database of its own in DATA_DIR."`
	Migrate migrateCommand `cmd:"" help:"Bring the schema up to date through DATABASE_ADMIN_URL, and grant the role of DATABASE_URL what it needs."`
	Trust   struct {
		Create createTrustCommand `cmd:"" help:"Make a trust with its first HR person, and print the link by which they set a password."`
		Link   trustLinkCommand   `cmd:"" help:"Print a new one-time link for somebody who cannot sign in and whom no HR person can help."`
	} `cmd:"" help:"Make trusts."`
	Audit struct {
		Verify auditVerifyCommand `cmd:"" help:"Recompute the audit chain of a trust, and say what is wrong with it."`
	} `cmd:"" help:"Look at what was done."`
	Demo struct {
		Run   demoRunCommand   `cmd:"" help:"Serve the API with the demo trust."`
		Clock demoClockCommand `cmd:"" help:"Move the school day of the demo trust forward."`
	} `cmd:"" help:"Play with the demo trust."`
	Import  importCommand  `cmd:"" help:"Send a staff list, print what it would change, and with --apply change it."`
	Ready   readyCommand   `cmd:"" help:"Say whether the service answers; for health checks."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	// Handlers come before anything that a signal should stop. The first one stops in good order;
	// then the handler goes, so that a second one ends the process at once.
	ctx, unregister := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, unregister)
	var c commands
	parsed := kong.Parse(&c, kong.Name("perennial"), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Description("The API that runs a school trust's appraisal year. Settings come from the environment; `perennial serve --help` lists them."))
	if err := parsed.Run(&terminal{ctx: ctx, out: os.Stdout, log: os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "perennial: "+sentence(err))
		os.Exit(1)
	}
}

// sentence is what the person at the terminal is told, on one line; the codes of faults are for
// programs.
func sentence(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Message
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// terminal is what every command is given.
type terminal struct {
	ctx context.Context // ends with the first signal
	out io.Writer
	log io.Writer
}

// settings reads the environment, and makes the logger that it asks for.
func (t *terminal) settings() (config.Config, *slog.Logger, error) {
	c, err := config.Load()
	if err != nil {
		return c, nil, err
	}
	var handler slog.Handler = slog.NewTextHandler(t.log, &slog.HandlerOptions{Level: c.LogLevel})
	if c.LogFormat == "json" {
		handler = slog.NewJSONHandler(t.log, &slog.HandlerOptions{Level: c.LogLevel})
	}
	log := slog.New(handler)
	slog.SetDefault(log)
	return c, log, nil
}

func (t *terminal) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(t *terminal) error {
	t.say("perennial %s", app.Version)
	return nil
}

type migrateCommand struct{}

// Run migrates the database that the settings name.
func (migrateCommand) Run(t *terminal) error {
	c, _, err := t.settings()
	if err != nil {
		return err
	}
	d, err := app.OpenDatabase(t.ctx, c)
	if err != nil {
		return err
	}
	err = errors.Join(d.Migrate(t.ctx), d.Stop())
	if err == nil {
		t.say("The schema is up to date.")
	}
	return err
}
