package apitest

import (
	"context"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/standards"
)

// framework publishes a framework of the unit's own.
func (y *Year) framework(unit uuid.UUID) (id, version uuid.UUID) {
	y.T.Helper()
	ctx, hr := y.T.Context(), y.World.HR
	c, err := hr.CreateFrameworkWithResponse(ctx, nil, api.CreateFramework{Code: "own_" + uuid.NewString()[:8], Label: "Of the unit", UnitID: &unit,
		Statements: []api.FrameworkStatement{{Code: "calm", Group: "Ours", Label: "Calm"}}})
	OK(y.T, c, err)
	p, err := hr.PublishFrameworkWithResponse(ctx, c.JSON201.ID, &api.PublishFrameworkParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	OK(y.T, p, err)
	return p.JSON200.ID, p.JSON200.NewestVersion.MustGet().ID
}

// selfAssessment is one that is open to whom it can be. The year's policy has none, so that it is
// one of those that were begun under another.
func (y *Year) selfAssessment(p *Person, of uuid.UUID) uuid.UUID {
	y.T.Helper()
	var id uuid.UUID
	require.NoError(y.T, y.Stack.DB.InTx(y.T.Context(), y.World.Trust, func(ctx context.Context) error {
		a, err := y.Stack.DB.LoadActor(ctx, y.World.Trust, p.ID)
		if err != nil {
			return err
		}
		ctx = access.WithOperation(access.With(ctx, a), "StartSelfAssessment")
		s, err := y.Stack.DB.StartSelfAssessment(ctx, of, "teachers_standards", openTo)
		if err == nil {
			id = s.ID
		}
		return err
	}))
	return id
}

func openTo(c *appraisal.Case, f *standards.Aggregate) (*assessment.SelfAssessment, audit.Event, error) {
	v := f.Newest()
	return &assessment.SelfAssessment{PersonID: c.PersonID, CycleID: c.CycleID, AppraisalID: c.ID, FrameworkCode: f.Code, FrameworkLabel: f.Label,
		FrameworkVersionID: v.ID, FrameworkNumber: v.Number, Statements: v.Statements, Scale: []policy.ScaleValue{{Code: "secure", Label: "Secure"}},
		State: assessment.Started, Visibility: appraisal.OrganisationAndReviewer, Ratings: []assessment.Rating{{Statement: v.Statements[0].Code, Rating: "secure"}},
		CPD: []assessment.Proposal{}, ReviewerRatings: []assessment.Rating{}}, audit.Event{Type: "self_assessment.started"}, nil
}
