package app

import (
	"context"
	"log/slog"
	"sync"

	"github.com/perennial-api/perennial/internal/evidence"
)

// sweepDocuments deletes the documents that a crash has left behind, once, beside the first
// requests, until stop, which waits.
func (i *Instance) sweepDocuments(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		n, err := evidence.NewService(i.DB, i.Blobs, i.DB.Now).Sweep(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("sweep documents that no evidence names", "error", err.Error())
		}
		if n > 0 {
			log.Info("swept documents that no evidence names", "count", n)
		}
	})
	return func() { cancel(); running.Wait() }
}
