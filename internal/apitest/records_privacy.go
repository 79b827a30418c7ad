package apitest

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
)

// privacyRecords are what was read of somebody's appraisal, by whom who was let in, what of it was
// reported, and that they asked what is held about them.
func (y *Year) privacyRecords(p *Person, appraisal uuid.UUID) map[string]string {
	y.T.Helper()
	ctx, hr := y.T.Context(), y.World.HR
	reader := y.Invited(api.CreatePerson{GivenName: "Gil", FamilyName: "R" + uuid.NewString()[:8]})
	me, err := p.GetMeWithResponse(ctx)
	OK(y.T, me, err)
	today := me.JSON200.Trust.Today
	g, err := hr.CreateAccessGrantWithResponse(ctx, nil, api.CreateAccessGrant{AppraisalID: appraisal, ReaderID: reader.ID, Purpose: "quality_assurance", UntilOn: today})
	OK(y.T, g, err)
	read, err := reader.GetAppraisalWithResponse(ctx, appraisal, nil)
	OK(y.T, read, err)
	seen, err := p.ListDisclosuresWithResponse(ctx, nil)
	OK(y.T, seen, err)
	require.NotEmpty(y.T, seen.JSON200.Items)
	b, err := p.ReportBreachWithResponse(ctx, nil, api.ReportBreach{PersonID: p.ID, WhatHappened: "Left on the copier.", DiscoveredOn: today})
	OK(y.T, b, err)
	e, err := p.CreateSubjectAccessExportWithResponse(ctx, p.ID, nil)
	OK(y.T, e, err)
	return map[string]string{"export_id": e.JSON201.ID.String(), "grant_id": g.JSON201.ID.String(), "breach_id": b.JSON201.ID.String(), "disclosure_id": seen.JSON200.Items[0].ID.String()}
}
