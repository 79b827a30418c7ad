package httpapi

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api/server"
)

// services are the use cases behind the operations.
type services struct {
	server.StrictServerInterface // operations that are not written yet
	callers                      *callers
}

func newServices(o Options) services {
	return services{
		callers: &callers{buckets: map[uuid.UUID]*bucket{}},
	}
}
