package appeal

import (
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/lifecycle"
)

// Status is how an appeal stands.
type Status string

// The statuses of an appeal.
const (
	AwaitingAdmission Status = appraisal.AppealAwaitsAdmission // it came late
	Lodged            Status = appraisal.AppealLodged          // it is to be heard
	AwaitingConsent   Status = appraisal.AppealAwaitsConsent   // an amendment is proposed to whoever made the statement
	Decided           Status = "decided"
	Refused           Status = "refused" // it came late and was not admitted
	Withdrawn         Status = "withdrawn"
)

// Event is what moves an appeal.
type Event string

// The events of an appeal.
const (
	Admit         Event = "admit"
	Refuse        Event = "refuse"
	Schedule      Event = "schedule"
	Decide        Event = "decide"
	Propose       Event = "propose" // an amendment
	Consent       Event = "consent"
	RefuseConsent Event = "refuse_consent"
	Continue      Event = "continue" // before the next stage
	ContinueLate  Event = "continue_late"
	Withdraw      Event = "withdraw"
)

// Lifecycle is how an appeal moves. One that is decided goes on where the person takes it before the
// next stage. Whoever hears it may propose an amendment, and decide otherwise while nobody answers.
var Lifecycle = lifecycle.Table[Status, Event]{
	AwaitingAdmission: {Admit: Lodged, Refuse: Refused, Withdraw: Withdrawn},
	Lodged:            {Schedule: Lodged, Decide: Decided, Propose: AwaitingConsent, Withdraw: Withdrawn},
	AwaitingConsent:   {Decide: Decided, Propose: AwaitingConsent, Consent: Decided, RefuseConsent: Lodged, Withdraw: Withdrawn},
	Decided:           {Continue: Lodged, ContinueLate: AwaitingAdmission},
}

func from(e Event) []string {
	var out []string
	for _, s := range Lifecycle.Sources(e) {
		out = append(out, string(s))
	}
	return out
}
