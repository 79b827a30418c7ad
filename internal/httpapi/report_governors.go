package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/report"
)

// GetGovernorsReport handles GET /v1/units/{unit_id}/governors-report.
func (s *Server) GetGovernorsReport(ctx context.Context, r server.GetGovernorsReportRequestObject) (server.GetGovernorsReportResponseObject, error) {
	g, err := s.reports.Governors(ctx, r.UnitID, r.Params.CycleID)
	if err != nil {
		return nil, err
	}
	return server.GetGovernorsReport200JSONResponse(api.GovernorsReport{UnitID: r.UnitID, CycleID: g.CycleID, AsOf: toDate(access.From(ctx).Today), SmallNumber: g.SmallNumber,
		People: toGovernorsCount("people", "People", g.People), Parts: mapped(g.Parts, toGovernorsPart), Individuals: mapped(g.Individuals, toGovernorsPerson)}), nil
}

func toGovernorsCount(code, label string, c report.Count) api.GovernorsCount {
	return api.GovernorsCount{Code: code, Label: clip(label, 200), Count: null(c.N), Withheld: c.Withheld}
}

var governorsParts = map[string]string{"completion": "How far the year is", "effectiveness": "Objectives", "development_needs": "Development needs", "ratings": "Ratings", "pay": "Pay",
	"appeals": "Appeals", "concerns": "Concerns"}

func toGovernorsPart(p report.Part) api.GovernorsPart {
	return api.GovernorsPart{Code: api.GovernorsPartCode(p.Code), Label: governorsParts[p.Code],
		Rows: mapped(p.Rows, func(r report.Row) api.GovernorsCount { return toGovernorsCount(r.Code.Code, r.Label, r.Count) })}
}

func toGovernorsPerson(p report.Individual) api.GovernorsPerson {
	out := api.GovernorsPerson{Letters: p.Letters, Rating: nullable.NewNullNullable[api.Coded](), Pay: nullText(p.Pay)}
	if p.Rating != nil {
		out.Rating = nullable.NewNullableWithValue(api.Coded{Code: p.Rating.Code, Label: p.Rating.Label})
	}
	return out
}
