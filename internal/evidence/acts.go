package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Place is where evidence is to be added: a case, and one record of it or, for an overview, none.
type Place struct {
	Case  *appraisal.Case
	Items *int // how many pieces the record has; nil where no record is named
}

// Additions are the acts by which evidence is added, in the order in which they are shown.
var Additions = []appraisal.Act[Place]{adding, uploading}

var adding = appraisal.Act[Place]{Name: "add", Operation: "AddEvidence", By: theTwo, Needs: roomFor("link", "note")}

var uploading = appraisal.Act[Place]{Name: "upload", Operation: "UploadEvidence", By: theTwo, Needs: roomFor("document")}

func theTwo(*appraisal.Case, Place) appraisal.Right {
	return appraisal.Right{Parties: appraisal.Each(policy.Both)}
}

// roomFor says what stands against one more piece on the record, of a kind that is kept in one of
// the forms.
func roomFor(forms ...string) func(*appraisal.Case, Place) []fault.Refusal {
	return func(c *appraisal.Case, p Place) []fault.Refusal {
		out, kinds := room(c, p), &c.Rules().Evidence.Kinds
		if len(*kinds) > 0 && !slices.ContainsFunc(*kinds, func(k policy.EvidenceKind) bool { return slices.Contains(forms, k.Form) }) {
			out = append(out, fault.Refusal{Code: "no_such_evidence", Detail: "No kind of evidence here is kept as a " + strings.Join(forms, " or a ") + ".", Policy: c.Policy.Cite(kinds)})
		}
		return out
	}
}

// room says what stands against one more piece on the record, whatever its kind.
func room(c *appraisal.Case, p Place) []fault.Refusal {
	out := append(c.UnderWay(), c.ModuleOn(policy.ModuleEvidence)...)
	if c.Stage == appraisal.Released {
		out = append(out, fault.Refusal{Code: "outcome_released", Detail: "The outcome of the year is released, so nothing is added to it."})
	}
	if kinds := &c.Rules().Evidence.Kinds; len(*kinds) == 0 {
		out = append(out, fault.Refusal{Code: "no_evidence_kept", Detail: "No evidence is kept here.", Policy: c.Policy.Cite(kinds)})
	}
	if leaf := &c.Rules().Evidence.MaxItems; p.Items != nil && *p.Items >= *leaf {
		out = append(out, fault.Refusal{Code: "too_much_evidence", Detail: fmt.Sprintf("This record has %d pieces of evidence, which is as many as one may have.", *leaf),
			Policy: c.Policy.Cite(leaf), Unblock: "Whoever added one removes it."})
	}
	return out
}

// Acts are what may be done with a piece of evidence.
var Acts = []appraisal.Act[*Aggregate]{removing}

// removing is whoever added it, for as long as nobody may have built on it at the year's end.
var removing = appraisal.Act[*Aggregate]{Name: "remove", Operation: "RemoveEvidence",
	By: func(_ *appraisal.Case, a *Aggregate) appraisal.Right {
		return appraisal.Right{People: []uuid.UUID{a.AddedBy}}
	},
	Needs: func(c *appraisal.Case, _ *Aggregate) []fault.Refusal {
		out := c.UnderWay()
		if c.Begun() {
			out = append(out, fault.Refusal{Code: "year_end_begun", Detail: "The year end has begun, and what it rests on stays.", Unblock: "The steps of the year end are returned."})
		}
		return out
	}}

// tooLarge refuses a document above the policy's size, which it cites.
func tooLarge(c *appraisal.Case) error {
	leaf := &c.Rules().Evidence.MaxMB
	e := fault.New(fault.TooLarge, "document_too_large", "The document is larger than %d MiB.", *leaf)
	e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: c.Policy.Cite(leaf), Unblock: "Send a smaller one, or a link to it."}}
	return e
}
