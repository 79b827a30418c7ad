package httpapi

import (
	"context"
	"math/big"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/pay"
)

// GetPayPoints handles GET /v1/cycles/{cycle_id}/pay-points.
func (s *Server) GetPayPoints(ctx context.Context, r server.GetPayPointsRequestObject) (server.GetPayPointsResponseObject, error) {
	p, err := s.pay.Points(ctx, r.CycleID)
	if err != nil {
		return nil, err
	}
	return server.GetPayPoints200JSONResponse{Body: toPayPoints(p)}, nil
}

// SetPayPoints handles PUT /v1/cycles/{cycle_id}/pay-points.
func (s *Server) SetPayPoints(ctx context.Context, r server.SetPayPointsRequestObject) (server.SetPayPointsResponseObject, error) {
	p, err := s.pay.SetPoints(ctx, r.CycleID, version(r.Params.IfMatch), pay.Points{
		Items: mapped(r.Body.Items, func(v api.SetPayPoint) pay.Point {
			return pay.Point{Area: deref(v.Area), PayRange: v.Range, Point: v.Point, AnnualPence: v.AnnualPence}
		}),
		Areas: mapped(r.Body.Areas, func(v api.PayArea) pay.Area { return pay.Area{UnitID: v.UnitID, Area: v.Area} })})
	if err != nil {
		return nil, err
	}
	return server.SetPayPoints200JSONResponse{Body: toPayPoints(p)}, nil
}

func toPayPoints(p pay.Points) api.PayPoints {
	return api.PayPoints{Version: p.Version,
		Items: mapped(p.Items, func(v pay.Point) api.PayPoint {
			return api.PayPoint{Area: nullText(v.Area), Range: v.PayRange, Point: v.Point, AnnualPence: v.AnnualPence}
		}),
		Areas: mapped(p.Areas, func(v pay.Area) api.PayArea { return api.PayArea{UnitID: v.UnitID, Area: v.Area} })}
}

// PreviewPay handles GET /v1/cycles/{cycle_id}/pay-preview.
func (s *Server) PreviewPay(ctx context.Context, r server.PreviewPayRequestObject) (server.PreviewPayResponseObject, error) {
	var living *big.Rat
	if text := r.Params.CostOfLiving; text != nil {
		living, _ = new(big.Rat).SetString(*text) // the contract has checked its form
	}
	p, err := s.pay.Preview(ctx, r.CycleID, r.Params.UnitID, living)
	if err != nil {
		return nil, err
	}
	t := p.Total
	return server.PreviewPay200JSONResponse(api.PayPreview{
		Total: api.PayPreviewTotal{People: t.People(), NotLinked: t.NotLinked, Decided: t.Decided, Expected: t.Expected, Waiting: t.Waiting, Uncovered: mapped(t.Uncovered, toReason),
			Awards: toSums(t.Awards), Priced: t.Priced, Unpriced: mapped(t.Unpriced, toReason), AnnualPence: t.Cost.Annual, OneOffPence: t.Cost.OneOff},
		Items: mapped(p.Rows, func(v pay.PreviewRow) api.PayPreviewRow {
			return api.PayPreviewRow{UnitID: v.UnitID, StaffGroup: api.Coded{Code: v.Group.Code, Label: v.Group.Label}, People: v.People(), NotLinked: v.NotLinked, Decided: v.Decided,
				Expected: v.Expected, Waiting: v.Waiting, Uncovered: mapped(v.Uncovered, toReason), Awards: toSums(v.Awards), Priced: v.Priced,
				Unpriced: mapped(v.Unpriced, toReason), AnnualPence: v.Cost.Annual, OneOffPence: v.Cost.OneOff}
		})}), nil
}

func toReason(r pay.Reason) api.CountedReason {
	return api.CountedReason{Code: r.Code, People: r.People}
}

func toSums(sums []pay.AwardSum) []api.SimulatedAward {
	return mapped(sums, func(a pay.AwardSum) api.SimulatedAward {
		return api.SimulatedAward{Kind: api.SimulatedAwardKind(a.Kind), People: a.People, Total: a.Total()}
	})
}
