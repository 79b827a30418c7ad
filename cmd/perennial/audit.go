package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/perennial-api/perennial/internal/app"
	"github.com/perennial-api/perennial/internal/audit"
)

type auditVerifyCommand struct {
	Slug string `required:"" help:"The trust."`
	N    int64  `name:"anchor-n" help:"The number of a head that was noted; comes with --anchor-hash."`
	Hash string `name:"anchor-hash" help:"The hash of that head."`
}

// Validate refuses half an anchor.
func (c *auditVerifyCommand) Validate() error {
	if (c.N > 0) != (c.Hash != "") {
		return errors.New("--anchor-n and --anchor-hash come together")
	}
	return nil
}

// Run recomputes the audit chain of a trust. It fails where something is wrong with it.
func (c *auditVerifyCommand) Run(t *terminal) error {
	return t.atTheServer(func(i *app.Instance, _ string) error {
		trust, err := i.DB.TrustBySlug(t.ctx, c.Slug)
		if err != nil {
			return fmt.Errorf("there is no trust %s", c.Slug)
		}
		var anchor *audit.Anchor
		if c.N > 0 {
			anchor = &audit.Anchor{N: c.N, Hash: c.Hash}
		}
		var check *audit.Check
		err = i.DB.InTx(t.ctx, trust, func(ctx context.Context) (err error) {
			check, err = i.DB.VerifyChain(ctx, anchor)
			return err
		})
		if err != nil {
			return err
		}
		if bad := check.Bad; bad != nil {
			return fmt.Errorf("block %d: %s (%s)", bad.Block, bad.Detail, bad.What)
		}
		t.say("The chain of %s is whole: %d blocks, %d events. Its head is block %d, %s.", c.Slug, check.Blocks, check.Events, check.Head.N, check.Head.Hash)
		return nil
	})
}
