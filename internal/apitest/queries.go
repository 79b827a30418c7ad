package apitest

import (
	"sync"
	"sync/atomic"

	"github.com/google/uuid"
)

// queries counts the statements of every trust and operation.
var queries sync.Map // of [2]any{trust, operation} to *atomic.Int64

func countQuery(trust uuid.UUID, operation string) {
	n, _ := queries.LoadOrStore([2]any{trust, operation}, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

// Queries counts the statements that an operation takes in this world while f runs.
func (w *World) Queries(operation string, f func()) int64 {
	n, _ := queries.LoadOrStore([2]any{w.Trust, operation}, new(atomic.Int64))
	before := n.(*atomic.Int64).Load()
	f()
	return n.(*atomic.Int64).Load() - before
}
