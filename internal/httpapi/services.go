package httpapi

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/dossier"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/privacy"
	"github.com/perennial-api/perennial/internal/transfer"
	"github.com/perennial-api/perennial/internal/yearend"
)

// services are the use cases behind the operations.
type services struct {
	callers    *callers
	appraisals *appraisal.Service
	objectives *objective.Service
	checkIns   *checkin.Service
	meetings   *meeting.Service
	yearend    *yearend.Service
	dossier    *dossier.Service
	directory  *directory.Service
	plan       *plan.Service
	privacy    *privacy.Service
	policies   *policy.Service
	cycles     *cycle.Service
	transfer   *transfer.Service
}

func newServices(o Options) services {
	appraisals := appraisal.NewService(o.DB, o.DB.Now)
	return services{
		callers:    &callers{buckets: map[uuid.UUID]*bucket{}},
		appraisals: appraisals,
		objectives: objective.NewService(o.DB, o.DB.Now),
		checkIns:   checkin.NewService(o.DB, o.DB.Now),
		meetings:   meeting.NewService(o.DB, o.DB.Now),
		yearend:    yearend.NewService(o.DB, o.DB.Now),
		dossier:    dossier.NewService(o.DB),
		directory:  directory.NewService(o.DB.Directory(), appraisals),
		plan:       plan.NewService(o.DB),
		privacy:    privacy.NewService(o.DB),
		policies:   policy.NewService(o.DB),
		cycles:     cycle.NewService(o.DB),
		transfer:   transfer.NewService(o.DB.Transfer(), appraisals, o.DB.Now),
	}
}
