package concern

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

type act = appraisal.Act[*Aggregate]

// Acts are what may be done with a concern, in the order in which they are shown.
var Acts = []act{saving, sharing, formalising, confirming, commenting, logging, monitoring, extending, reviewing, closing, withdrawing, moving, handing}

// notHere refuses what the trust's policy gives to nobody.
func notHere(c *appraisal.Case, leaf *[]policy.Party, code, detail string) []fault.Refusal {
	if len(*leaf) > 0 {
		return nil
	}
	return []fault.Refusal{{Never: true, Code: code, Detail: detail, Policy: c.Policy.Cite(leaf)}}
}

// whoever is who may do what the leaf gives to parties. Where it gives it to nobody, the needs of the act
// say so.
func whoever(leaf *[]policy.Party) appraisal.Right {
	if len(*leaf) == 0 {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewer, policy.Head, policy.HR}, Leaf: leaf}
	}
	return appraisal.Right{Parties: *leaf, Leaf: leaf}
}

// Raising is the act of raising a concern by the formal record, at once.
var Raising = appraisal.Act[*appraisal.Case]{Name: "raise_concern", Operation: "RaiseConcern",
	By: func(c *appraisal.Case, _ *appraisal.Case) appraisal.Right {
		return whoever(&c.Rules().Concern.RaisedBy)
	},
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal { return raisable(c) }}

// RaisingInformally is the act of raising a concern by the informal stage, where the trust has one.
var RaisingInformally = appraisal.Act[*appraisal.Case]{Name: "raise_concern_informally", Operation: "RaiseConcern", By: Raising.By,
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal {
		out := raisable(c)
		if leaf := &c.Rules().Concern.Informal; !*leaf {
			out = append(out, fault.Refusal{Code: "no_informal_stage", Detail: "In this trust no informal stage comes before the formal record.",
				Policy: c.Policy.Cite(leaf), Unblock: "Raise it formally."})
		}
		return out
	}}

func raisable(c *appraisal.Case) []fault.Refusal {
	return append(c.UnderWay(), notHere(c, &c.Rules().Concern.RaisedBy, "no_concerns_here", "In this trust concerns are not kept here.")...)
}

// holder is whoever holds the concern. The person whom it is about never does.
func holder(_ *appraisal.Case, a *Aggregate) appraisal.Right {
	return appraisal.Right{People: slices.DeleteFunc([]uuid.UUID{a.HolderID}, func(p uuid.UUID) bool { return p == a.PersonID })}
}

func inStatus(e Event, unblock string) func(*appraisal.Case, *Aggregate) []fault.Refusal {
	return func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		return appraisal.InStatus(string(a.Status), from(e), unblock)
	}
}

var (
	saving      = act{Name: string(Save), Operation: "SaveConcern", By: holder, From: inStatus(Save, "")}
	formalising = act{Name: string(MakeFormal), Operation: "MakeConcernFormal", By: holder, From: inStatus(MakeFormal, "")}
	logging     = act{Name: string(Log), Operation: "LogConcernContact", By: holder, From: inStatus(Log, ""), Needs: room}
	monitoring  = act{Name: string(Monitor), Operation: "StartMonitoring", By: holder, From: inStatus(Monitor, "The record is confirmed first.")}
	reviewing   = act{Name: string(Review), Operation: "ReviewMonitoring", By: holder, From: inStatus(Review, "Monitoring is started first."), Needs: room}
	closing     = act{Name: string(Close), Operation: "CloseConcern", By: holder, From: inStatus(Close, "A drafted record is confirmed or withdrawn.")}
	withdrawing = act{Name: string(Withdraw), Operation: "CloseConcern", By: holder, From: inStatus(Withdraw, "")}
)

var sharing = act{Name: string(Share), Operation: "ShareConcern", By: holder, From: inStatus(Share, "A formal record is shared when it is confirmed."),
	Needs: func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		if a.SharedAt == nil {
			return nil
		}
		return []fault.Refusal{{Code: "already_shared", Detail: "The person sees it already."}}
	}}

// room refuses entries beyond what a concern may have.
func room(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
	if len(a.Entries) < MaxEntries {
		return nil
	}
	return []fault.Refusal{{Code: "log_full", Detail: "This concern has as many entries as one may have.", Unblock: "Close it, and raise another."}}
}

// A record is confirmed when it says what the trust has it say, and after the meeting that it records.
var confirming = act{Name: string(Confirm), Operation: "ConfirmConcern", By: holder, From: inStatus(Confirm, "It is made formal first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		rules := &c.Rules().Concern
		var out []fault.Refusal
		if len(a.missing()) > 0 {
			out = append(out, fault.Refusal{Code: "concern_incomplete", Detail: "The record does not say everything that it says in this trust.",
				Policy: c.Policy.Cite(&rules.MustCover), Unblock: "Save it; errors lists what is missing."})
		}
		if rules.Record == "written_after_meeting" && !a.met() {
			out = append(out, fault.Refusal{Code: "no_meeting_logged", Detail: "In this trust a concern is put in writing after a meeting, and none is logged.",
				Policy: c.Policy.Cite(&rules.Record), Unblock: "Log the meeting."})
		}
		return out
	}}

// What the person has to say is a right, which no policy takes away.
var commenting = act{Name: string(Comment), Operation: "CommentOnConcern",
	By: func(*appraisal.Case, *Aggregate) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewee}}
	}, From: inStatus(Comment, ""), Needs: room}

var extending = act{Name: string(Extend), Operation: "ExtendMonitoring", By: holder, From: inStatus(Extend, "Monitoring is started first."),
	Needs: func(c *appraisal.Case, _ *Aggregate) []fault.Refusal {
		leaf := &c.Rules().Concern.ExtensionReasons
		if len(*leaf) > 0 {
			return nil
		}
		return []fault.Refusal{{Code: "no_extension_here", Detail: "In this trust there is no reason for which monitoring is extended.", Policy: c.Policy.Cite(leaf)}}
	}}

var handing = act{Name: string(HandOver), Operation: "HandOverConcern",
	By: func(*appraisal.Case, *Aggregate) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Head, policy.HR}}
	}, From: inStatus(HandOver, "")}

// A capability process follows monitoring that ended in too little progress, or follows at once where
// the concern is serious and the trust has it so.
var moving = act{Name: string(Move), Operation: "MoveToCapability",
	By:   func(c *appraisal.Case, _ *Aggregate) appraisal.Right { return whoever(&c.Rules().Concern.CapabilityBy) },
	From: inStatus(Move, "The record is confirmed first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		rules := &c.Rules().Concern
		out := notHere(c, &rules.CapabilityBy, "no_capability_here", "In this trust nobody moves a concern to a capability process.")
		if rules.Capability == "not_stated" {
			out = append(out, fault.Refusal{Code: "capability_not_stated", Detail: "The trust has not said what a capability process does to the " + c.Terms().Process.One + ".",
				Policy: c.Policy.Cite(&rules.Capability), Unblock: "The trust's policy says whether it suspends or ends it."})
		}
		return append(out, tooEarly(c, a)...)
	}}

// tooEarly refuses a capability process that monitoring has not led to.
func tooEarly(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	leaf := &c.Rules().Concern.Direct
	last := a.LastReview()
	switch {
	case *leaf && a.Serious:
		return nil
	case a.Status == Confirmed && *leaf:
		return []fault.Refusal{{Code: "not_serious", Detail: "Only a serious concern goes to a capability process at once.", Policy: c.Policy.Cite(leaf), Unblock: "Monitoring comes first."}}
	case a.Status == Confirmed:
		return []fault.Refusal{{Code: "monitoring_first", Detail: "In this trust monitoring comes before a capability process.", Policy: c.Policy.Cite(leaf), Unblock: "Start monitoring."}}
	case a.MonitoringUntil.IsZero():
		return nil // the status says it
	case c.Today.Before(a.MonitoringUntil):
		return []fault.Refusal{{Code: "monitoring_not_over", Detail: "Monitoring lasts until " + a.MonitoringUntil.String() + ".", Policy: c.Policy.Cite(leaf), Unblock: "The day comes."}}
	case last == nil || *last.Progress != Insufficient:
		return []fault.Refusal{{Code: "progress_not_insufficient", Detail: "No review says that the progress is insufficient.", Policy: c.Policy.Cite(leaf), Unblock: "Review the monitoring."}}
	}
	return nil
}
