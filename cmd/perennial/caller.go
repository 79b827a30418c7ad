package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/demo"
	"github.com/perennial-api/perennial/pkg/client"
)

// patience bounds every request of the command line.
const patience = 70 * time.Second

// at says where the service is: --url, or else where the settings would start it.
type at struct {
	URL string `help:"Where the service is; by default on this machine, where the settings would start it." placeholder:"URL"`
}

func (a at) base(t *terminal) (string, error) {
	if a.URL != "" {
		return strings.TrimSuffix(a.URL, "/"), nil
	}
	c, _, err := t.settings()
	return c.LocalURL(c.Port), err
}

// failed says in one sentence why a request was not answered.
func failed(base string, err error) error {
	var refusal *client.SignInError
	var network *net.OpError
	switch {
	case errors.As(err, &refusal):
		return fmt.Errorf("signing in was refused: %s", refusal.Description)
	case errors.As(err, &network) && network.Op == "dial":
		return fmt.Errorf("nothing answers at %s: start it with `make run` or `perennial serve`, or say where it is by --url", base)
	case errors.Is(err, context.Canceled):
		return errors.New("stopped")
	}
	return err
}

// refused says what a problem says, every fault of it.
func refused(status int, body []byte) error {
	var p api.Problem
	if json.Unmarshal(body, &p) != nil || p.Detail == "" {
		return fmt.Errorf("the service answered %d %s", status, http.StatusText(status))
	}
	said := []string{p.Detail}
	for _, e := range p.Errors {
		said = append(said, e.Detail)
	}
	for _, r := range p.Refusals {
		said = append(said, r.Detail)
	}
	return errors.New(strings.Join(unrepeated(said), " "))
}

func unrepeated(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			out, seen[s] = append(out, s), true
		}
	}
	return out
}

type readyCommand struct{ at }

// Run asks once.
func (c *readyCommand) Run(t *terminal) error {
	base, err := c.base(t)
	if err != nil {
		return err
	}
	cl, err := client.New(base, client.WithRetries(0), client.WithTimeout(5*time.Second))
	if err != nil {
		return err
	}
	r, err := cl.GetReadinessWithResponse(t.ctx)
	if err != nil {
		return failed(base, err)
	}
	if r.JSON200 == nil {
		return refused(r.HTTPResponse.StatusCode, r.Body)
	}
	t.say("ready")
	return nil
}

type demoClockCommand struct {
	Day time.Time `arg:"" format:"2006-01-02" help:"The school day to move to, such as 2027-06-01. The clock only moves forward."`
	at
}

// Run moves the clock as the demo's HR person.
func (c *demoClockCommand) Run(t *terminal) error {
	base, err := c.base(t)
	if err != nil {
		return err
	}
	cl, err := client.New(base, client.WithTimeout(patience), client.WithCredentials(client.Password(demo.HR.Trust, demo.HR.Username, demo.HR.Password)))
	if err != nil {
		return err
	}
	key := uuid.NewString()
	r, err := cl.SetDemoClockWithResponse(t.ctx, &api.SetDemoClockParams{IdempotencyKey: &key}, api.SetDemoClock{Today: types.Date{Time: c.Day}})
	if err != nil {
		return failed(base, err)
	}
	if r.JSON200 == nil {
		return refused(r.HTTPResponse.StatusCode, r.Body)
	}
	t.say("In the demo trust it is now %s.", r.JSON200.Today.Format("Monday, 2 January 2006"))
	return nil
}
