package objective

import (
	"maps"
	"slices"

	"github.com/perennial-api/perennial/internal/lifecycle"
)

// Approval says how far the agreement on an objective is.
type Approval string

// The statuses of approval. An objective that was live once stays live while a change to it is
// amending, proposed or escalated.
const (
	Draft            Approval = "draft"
	Proposed         Approval = "proposed"
	ChangesRequested Approval = "changes_requested"
	Escalated        Approval = "escalated"
	Agreed           Approval = "agreed"
	Amending         Approval = "amending"
	Withdrawn        Approval = "withdrawn" // it was agreed, and no longer makes sense
)

// Completion says whether an objective is complete, whatever its approval.
type Completion string

// The statuses of completion.
const (
	Incomplete Completion = "open"
	Complete   Completion = "complete"
)

// Validation says whether an objective was achieved, as validated at year end.
type Validation string

// The statuses of validation.
const (
	Unvalidated Validation = "none"
	Validated   Validation = "agreed"
	Disputed    Validation = "disagreed"
)

// Event is what moves an objective.
type Event string

// The events of an objective.
const (
	Edit           Event = "edit"
	Propose        Event = "propose"
	Sign           Event = "sign" // one of two signatures
	Approve        Event = "approve"
	RequestChanges Event = "request_changes"
	Escalate       Event = "escalate"
	Determine      Event = "determine"
	Amend          Event = "amend"
	Discard        Event = "discard"
	Finish         Event = "complete"
	Reopen         Event = "reopen"
	EditChange     Event = "edit_change" // of what is live already, once the change was proposed
	Adopt          Event = "adopt"       // a change that the policy lets go live without approval
	Withdraw       Event = "withdraw"
	Agree          Event = "agree"
	Disagree       Event = "disagree"
)

// ApprovalLifecycle is how approval moves. What is edited once it was proposed is proposed anew.
var ApprovalLifecycle = lifecycle.Table[Approval, Event]{
	Draft:            {Edit: Draft, Propose: Proposed},
	Proposed:         {Edit: Draft, EditChange: Amending, Sign: Proposed, Approve: Agreed, RequestChanges: ChangesRequested, Escalate: Escalated, Determine: Agreed, Discard: Agreed},
	ChangesRequested: {Edit: ChangesRequested, Propose: Proposed, Escalate: Escalated, Determine: Agreed, Discard: Agreed, Adopt: Agreed},
	Escalated:        {Determine: Agreed, Discard: Agreed},
	Agreed:           {Amend: Amending, Withdraw: Withdrawn},
	Amending:         {Edit: Amending, Propose: Proposed, Adopt: Agreed, Discard: Agreed},
	Withdrawn:        {},
}

// CompletionLifecycle is how completion moves.
var CompletionLifecycle = lifecycle.Table[Completion, Event]{
	Incomplete: {Finish: Complete},
	Complete:   {Reopen: Incomplete},
}

// ValidationLifecycle is how validation moves. Whoever disagreed may be convinced.
var ValidationLifecycle = lifecycle.Table[Validation, Event]{
	Unvalidated: {Agree: Validated, Disagree: Disputed},
	Disputed:    {Agree: Validated},
}

// from lists the statuses from which an event may happen.
func from(e Event) []string {
	var out []string
	for _, s := range slices.Sorted(maps.Keys(ApprovalLifecycle)) {
		if ApprovalLifecycle.Allows(s, e) {
			out = append(out, string(s))
		}
	}
	return out
}
