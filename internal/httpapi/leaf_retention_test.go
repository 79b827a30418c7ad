package httpapi_test

import (
	"strconv"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func init() {
	leafTables["retention"] = []leafRow{
		{path: "privacy.retention", a: `[{"class":"appraisal","months":12,"from":"cycle_end"}]`, b: `[]`, probe: dueInTime, wantA: "5", wantB: "0"},
	}
}

// dueInTime says how many records would be erased a year and a day after a year that was closed.
func dueInTime(p *apitest.Process) string {
	p.T.Helper()
	endYear(p)
	asOf := day("2028-09-01")
	r, err := p.World.HR.PreviewRetentionWithResponse(p.T.Context(), &api.PreviewRetentionParams{AsOf: &asOf})
	apitest.OK(p.T, r, err)
	return strconv.Itoa(len(r.JSON200.Items))
}

// endYear ends every year of the process that is still open, and closes the cycle.
func endYear(p *apitest.Process) {
	p.T.Helper()
	ctx, hr := p.T.Context(), p.World.HR
	open := api.ListAppraisalsParamsStatus("open")
	left, err := hr.ListAppraisalsWithResponse(ctx, &api.ListAppraisalsParams{CycleID: &p.CycleID, Status: &open})
	apitest.OK(p.T, left, err)
	for _, a := range left.JSON200.Items {
		if a.Stage == "released" {
			continue
		}
		e, err := hr.EndAppraisalWithResponse(ctx, a.ID, &api.EndAppraisalParams{IfMatch: etag(a.Version)}, api.EndAppraisal{Reason: "The trust is wound up."})
		apitest.OK(p.T, e, err)
	}
	c, err := hr.GetCycleWithResponse(ctx, p.CycleID)
	apitest.OK(p.T, c, err)
	shut, err := hr.CloseCycleWithResponse(ctx, p.CycleID, &api.CloseCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	apitest.OK(p.T, shut, err)
	require.Equal(p.T, api.CycleStatusClosed, shut.JSON200.Status)
}
