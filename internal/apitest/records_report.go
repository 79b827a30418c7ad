package apitest

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
)

// correction is what somebody asks to be put right in a year of theirs that is over.
func (y *Year) correction(p *Person) uuid.UUID {
	y.T.Helper()
	ctx, released := y.T.Context(), "released"
	a, err := p.ListAppraisalsWithResponse(ctx, &api.ListAppraisalsParams{PersonID: &p.ID, Stage: &released})
	OK(y.T, a, err)
	require.NotEmpty(y.T, a.JSON200.Items, "%s has a year that is over", p.Name)
	c, err := p.RequestCorrectionWithResponse(ctx, a.JSON200.Items[0].ID, nil, api.RequestCorrection{Part: "rating", Text: "It was not rated.", Reason: "The record says otherwise."})
	OK(y.T, c, err)
	return c.JSON201.ID
}
