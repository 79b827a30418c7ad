package httpapi

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/concern"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/dossier"
	"github.com/perennial-api/perennial/internal/evidence"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/moderation"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/privacy"
	"github.com/perennial-api/perennial/internal/rehearsal"
	"github.com/perennial-api/perennial/internal/report"
	"github.com/perennial-api/perennial/internal/retention"
	"github.com/perennial-api/perennial/internal/standards"
	"github.com/perennial-api/perennial/internal/transfer"
	"github.com/perennial-api/perennial/internal/yearend"
)

// services are the use cases behind the operations.
type services struct {
	callers     *callers
	appraisals  *appraisal.Service
	objectives  *objective.Service
	checkIns    *checkin.Service
	meetings    *meeting.Service
	evidence    *evidence.Service
	concerns    *concern.Service
	yearend     *yearend.Service
	moderation  *moderation.Service
	dossier     *dossier.Service
	directory   *directory.Service
	plan        *plan.Service
	standards   *standards.Service
	assessments *assessment.Service
	pay         *pay.Service
	privacy     *privacy.Service
	policies    *policy.Service
	cycles      *cycle.Service
	rehearsals  *rehearsal.Service
	transfer    *transfer.Service
	reports     *report.Service
	corrections *report.Corrections
	appeals     *appeal.Service
	retention   *retention.Service
}

func newServices(o Options) services {
	appraisals, cycles := appraisal.NewService(o.DB, o.DB.Now), cycle.NewService(o.DB)
	policies, steps := policy.NewService(o.DB), yearend.NewService(o.DB, o.DB.Now)
	return services{
		callers:     &callers{buckets: map[uuid.UUID]*bucket{}},
		appraisals:  appraisals,
		objectives:  objective.NewService(o.DB, o.DB.Now),
		checkIns:    checkin.NewService(o.DB, o.DB.Now),
		meetings:    meeting.NewService(o.DB, o.DB.Now),
		evidence:    evidence.NewService(o.DB, o.Files, o.DB.Now),
		concerns:    concern.NewService(o.DB, o.DB.Now),
		yearend:     steps,
		moderation:  moderation.NewService(o.DB, steps),
		dossier:     dossier.NewService(o.DB, cycles),
		directory:   directory.NewService(o.DB.Directory(), appraisals, cycles),
		plan:        plan.NewService(o.DB),
		standards:   standards.NewService(o.DB),
		assessments: assessment.NewService(o.DB, o.DB.Now),
		pay:         pay.NewService(o.DB),
		privacy:     privacy.NewService(o.DB),
		policies:    policies,
		cycles:      cycles,
		rehearsals:  rehearsal.NewService(o.DB, policies, cycles),
		transfer:    transfer.NewService(o.DB.Transfer(), appraisals, o.DB.Now),
		reports:     report.NewService(o.DB),
		corrections: report.NewCorrections(o.DB),
		appeals:     appeal.NewService(o.DB, o.DB.Now),
		retention:   retention.NewService(o.DB, o.Files, o.DB.Now),
	}
}
