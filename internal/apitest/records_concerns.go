package apitest

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
)

// concern is a concern about somebody that their reviewer holds, or where they have none whoever heads
// their unit, and that they have been shown.
func (y *Year) concern(p *Person, appraisal uuid.UUID) uuid.UUID {
	y.T.Helper()
	ctx := y.T.Context()
	by := y.keeper(p, appraisal)
	r, err := by.RaiseConcernWithResponse(ctx, nil, api.RaiseConcern{AppraisalID: appraisal, Stage: "informal", Contents: []api.ConcernContent{{Code: "nature", Text: "Marking is late."}}})
	OK(y.T, r, err)
	s, err := by.ShareConcernWithResponse(ctx, r.JSON201.ID, &api.ShareConcernParams{IfMatch: r.HTTPResponse.Header.Get("ETag")})
	OK(y.T, s, err)
	return r.JSON201.ID
}

// keeper is who reviews an appraisal, or heads its unit.
func (y *Year) keeper(p *Person, appraisal uuid.UUID) *Person {
	y.T.Helper()
	a, err := p.GetAppraisalWithResponse(y.T.Context(), appraisal, nil)
	OK(y.T, a, err)
	for _, s := range a.JSON200.Seats {
		if s.Duty == "review" && s.UntilOn.IsNull() {
			return y.named(s.PersonID)
		}
	}
	offices, err := y.World.HR.ListOfficesWithResponse(y.T.Context(), nil)
	OK(y.T, offices, err)
	for _, o := range offices.JSON200.Items {
		if o.Code == "head" && o.UnitID == a.JSON200.UnitID && o.UntilOn.IsNull() && o.PersonID != p.ID {
			return y.named(o.PersonID)
		}
	}
	require.Fail(y.T, "nobody reviews or heads", p.Name)
	return nil
}

// named is somebody of the world by id, of the cast or beside it.
func (y *Year) named(id uuid.UUID) *Person {
	for key, person := range y.Trust.People {
		if person == id {
			return y.As(key)
		}
	}
	require.Contains(y.T, y.known, id)
	return y.known[id]
}
