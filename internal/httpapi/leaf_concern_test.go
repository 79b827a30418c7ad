package httpapi_test

import (
	"strings"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// directRoute lets a serious concern go to a capability process at once.
const directRoute = `{"concern":{"direct":true}}`

func init() {
	leafTables["concern"] = []leafRow{
		{path: "concern.raised_by", a: `[]`, b: `["reviewer"]`, probe: raising, wantA: "no_concerns_here", wantB: "ok"},
		{path: "concern.informal", a: `true`, b: `false`, probe: raisingFormally, wantA: "informal_first", wantB: "ok"},
		{path: "concern.record", a: `"not_stated"`, b: `"written_after_meeting"`, under: `{"concern":{"must_cover":[]}}`, probe: confirming, wantA: "ok", wantB: "no_meeting_logged"},
		{path: "concern.must_cover", a: `["nature"]`, b: `["nature","previous_support"]`, under: `{"concern":{"record":"written_after_meeting"}}`, probe: missingInConcern, wantA: "", wantB: "previous_support"},
		{path: "concern.weeks_min", a: `4`, b: `2`, probe: watching(3), wantA: "reason_required", wantB: "ok"},
		{path: "concern.weeks_max", a: `8`, b: `10`, probe: watching(9), wantA: "reason_required", wantB: "ok"},
		{path: "concern.extension_weeks", a: `4`, b: `5`, probe: prolonging, wantA: "explanation_required", wantB: "ok"},
		{path: "concern.extension_reasons", a: `["significant_improvement"]`, b: `["significant_absence"]`, under: `{"concern":{"extension_weeks":5}}`, probe: prolonging, wantA: "unknown_reason", wantB: "ok"},
		{path: "concern.extra_targets", a: `true`, b: `false`, probe: targeting, wantA: "ok", wantB: "no_targets_here"},
		{path: "concern.direct", a: `true`, b: `false`, probe: capabilityOf("cho"), wantA: "ok", wantB: "monitoring_first"},
		{path: "concern.capability_by", a: `["head"]`, b: `["reviewer"]`, under: directRoute, probe: capabilityOf("ben"), wantA: "not_your_act", wantB: "ok"},
		{path: "concern.companion", a: `true`, b: `false`, probe: accompanying, wantA: "ok", wantB: "no_companion_here"},
		{path: "concern.capability", a: `"suspends"`, b: `"ends"`, under: directRoute, probe: followed, wantA: "suspended", wantB: "transferred"},
		{path: "concern.notice", a: `"written"`, b: `"not_stated"`, under: directRoute, probe: unnoticed, wantA: "notice_required", wantB: "ok"},
	}
}

func raising(p *apitest.Process) string {
	r, err := raiseConcern(p, "ben", false, false)
	return said(p, r, err)
}

func raisingFormally(p *apitest.Process) string {
	r, err := raiseConcern(p, "ben", true, false)
	return said(p, r, err)
}

func confirming(p *apitest.Process) string {
	r, err := raiseConcern(p, "ben", true, true)
	apitest.OK(p.T, r, err)
	c, err := confirmConcern(p, "ben", *r.JSON201)
	return said(p, c, err)
}

// missingInConcern names what a record of a concern still has to say.
func missingInConcern(p *apitest.Process) string {
	r, err := raiseConcern(p, "ben", true, true)
	apitest.OK(p.T, r, err)
	l, err := logMeeting(p, "ben", *r.JSON201, ptr(false))
	apitest.OK(p.T, l, err)
	c, err := confirmConcern(p, "ben", *l.JSON200)
	if said(p, c, err) == "ok" {
		return ""
	}
	var out []string
	for _, e := range apitest.Refused(p.T, c, err, 409, "concern_incomplete").Errors {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(e.Detail, "The record does not say: "), "."))
	}
	return strings.Join(out, " ")
}

// watching starts a monitoring of so many weeks without saying why so many.
func watching(weeks int) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		c := confirmedConcern(p, true)
		r, err := startMonitoring(p, "ben", c, api.StartMonitoring{StartsOn: c.RaisedOn, Weeks: weeks})
		return said(p, r, err)
	}
}

func prolonging(p *apitest.Process) string {
	r, err := extendMonitoring(p, "ben", monitoredConcern(p, 6), api.ExtendMonitoring{Weeks: 5, ReasonCode: "significant_absence"})
	return said(p, r, err)
}

func targeting(p *apitest.Process) string {
	c := confirmedConcern(p, true)
	r, err := startMonitoring(p, "ben", c, api.StartMonitoring{StartsOn: c.RaisedOn, Weeks: 6, Targets: []api.SetConcernTarget{{Text: "Books within a week."}}})
	return said(p, r, err)
}

// capabilityOf moves a serious concern to a capability process at once.
func capabilityOf(who string) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		r, err := moveToCapability(p, who, confirmedConcern(p, true), notice(p, "2026-09-01"))
		return said(p, r, err)
	}
}

func accompanying(p *apitest.Process) string {
	r, err := raiseConcern(p, "ben", false, false)
	apitest.OK(p.T, r, err)
	l, err := logMeeting(p, "ben", *r.JSON201, ptr(true))
	return said(p, l, err)
}

func followed(p *apitest.Process) string {
	r, err := moveToCapability(p, "cho", confirmedConcern(p, true), notice(p, "2026-09-01"))
	apitest.OK(p.T, r, err)
	return string(p.Appraisal("ada").Status)
}

func unnoticed(p *apitest.Process) string {
	r, err := moveToCapability(p, "cho", confirmedConcern(p, true), api.MoveToCapability{Reason: "It has not changed."})
	return said(p, r, err)
}
