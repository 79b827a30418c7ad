package httpapi

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/dossier"
	"github.com/perennial-api/perennial/internal/policy"
)

// toStanding is the record in which something of an appraisal stands, with where to read it.
func toStanding(appraisal uuid.UUID, s dossier.Source) api.DossierSource {
	if !api.DossierSourceKind(s.Kind).Valid() { // it is read with the appraisal
		s = dossier.Source{Kind: "appraisal", ID: appraisal}
	}
	return api.DossierSource{Kind: api.DossierSourceKind(s.Kind), ID: s.ID, Href: hrefOf(appraisal, s)}
}

// collections are where the records of a kind are read, by id.
var collections = map[string]string{"appraisal": "/v1/appraisals/", "objective": "/v1/objectives/", "check_in": "/v1/check-ins/", "meeting": "/v1/meetings/",
	"evidence": "/v1/evidence/", "self_assessment": "/v1/self-assessments/"}

// hrefOf is where a source is read: what is no resource of its own, within what it belongs to.
func hrefOf(appraisal uuid.UUID, s dossier.Source) string {
	if path, ok := collections[s.Kind]; ok {
		return path + s.ID.String()
	}
	if s.On != nil && s.On.Kind == "appraisal" {
		appraisal = s.On.ID
	}
	at := "/v1/appraisals/" + appraisal.String()
	switch {
	case s.Kind == "step" && s.Step != "":
		return at + "/steps/" + s.Step
	case s.Kind == "pay_decision":
		return at + "/pay"
	case s.Kind == "deferral":
		return at + "/deferrals"
	case s.Kind != "note" || s.On == nil:
		return at
	case s.On.Kind == "check_in" || s.On.Kind == "meeting":
		return collections[s.On.Kind] + s.On.ID.String()
	}
	return at + "/notes?subject_kind=" + s.On.Kind + "&subject_id=" + s.On.ID.String()
}

// toDossierSelfAssessment is a self-assessment in numbers: how many statements have which rating.
func toDossierSelfAssessment(a *assessment.Aggregate) api.DossierSelfAssessment {
	return api.DossierSelfAssessment{ID: a.ID, Href: collections["self_assessment"] + a.ID.String(), Framework: api.Coded{Code: a.FrameworkCode, Label: clip(a.FrameworkLabel, 200)},
		Statements: len(a.Statements), Overview: null(a.Overview), Counts: mapped(a.Scale, func(v policy.ScaleValue) api.DossierCount {
			return api.DossierCount{Rating: api.Coded{Code: v.Code, Label: clip(v.Label, 200)}, Own: rated(a.Ratings, v.Code), Reviewer: rated(a.SeenOfReviewer(), v.Code)}
		})}
}

func rated(all []assessment.Rating, code string) (n int) {
	for _, r := range all {
		if r.Rating == code {
			n++
		}
	}
	return n
}
