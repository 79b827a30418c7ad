package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apitest"
)

func init() {
	leafTables["policy"] = []leafRow{{
		path: "review.months", a: "0", b: "12", setup: apitest.ProcessSetup{Draft: true},
		probe: func(p *apitest.Process) string {
			v, err := p.As("hr").GetPolicyVersionWithResponse(p.T.Context(), p.PolicyVersion)
			apitest.OK(p.T, v, err)
			if v.JSON200.ReviewOn.IsNull() {
				return "never"
			}
			day, err := v.JSON200.ReviewOn.Get()
			require.NoError(p.T, err)
			return day.String()
		},
		wantA: "never", wantB: "2027-09-01",
	}}
}
