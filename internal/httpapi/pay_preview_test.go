package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// byTable is a year rated by the reviewer, whose pay follows the table.
const byTable = `{"schema":1,"rules":{"outcome":{"inputs":[],"chain":[{"code":"state","label":"Statement","order":1,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true}]},` + linked + `}}`

// onMain puts a post on a point of the main range.
func onMain(key string, post *api.CreatePost) {
	point := map[string]string{"ada": "M1", "ben": "M2", "dov": "S1"}[key]
	if point == "" {
		return
	}
	post.PayRange, post.PayPoint = ptr("main"), &point
	if key == "ada" {
		post.Fte = ptr("0.5")
	}
}

func setPayPoints(p *apitest.Process, body api.SetPayPoints) api.PayPoints {
	p.T.Helper()
	c, err := p.World.HR.GetCycleWithResponse(p.T.Context(), p.CycleID)
	apitest.OK(p.T, c, err)
	r, err := p.World.HR.SetPayPointsWithResponse(p.T.Context(), p.CycleID, &api.SetPayPointsParams{IfMatch: etag(c.JSON200.Version)}, body)
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

// rates has a reviewer rate somebody's year, which releases it.
func rates(p *apitest.Process, reviewer, whose, code string) {
	p.T.Helper()
	ctx, id := p.T.Context(), p.Appraisal(whose).ID
	s, err := p.As(reviewer).SaveStepWithResponse(ctx, id, "outcome.state", &api.SaveStepParams{IfMatch: etag(0)}, api.SaveStep{Answers: map[string]any{"statement": "A year."}, Rating: &api.RatingInput{Code: &code}})
	apitest.OK(p.T, s, err)
	done, err := p.As(reviewer).CompleteStepWithResponse(ctx, id, "outcome.state", &api.CompleteStepParams{IfMatch: etag(s.JSON200.Step.Version)}, api.CompleteStep{})
	apitest.OK(p.T, done, err)
}

func previewPay(p *apitest.Process, who string, params *api.PreviewPayParams) api.PayPreview {
	p.T.Helper()
	r, err := p.As(who).PreviewPayWithResponse(p.T.Context(), p.CycleID, params)
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

// What a year would cost is known before anything is decided, and what is not known is said.
func TestWhatAYearWouldCostIsKnownBeforeItIsDecided(t *testing.T) {
	t.Parallel()
	p := newPayProcess(t, byTable, apitest.ProcessSetup{Post: onMain})
	row := onePoint("teaching", "met")
	row.Awards = append(row.Awards, api.Award{Kind: "cost_of_living", Amount: "0"})
	setPayTable(p, row)
	set := setPayPoints(p, api.SetPayPoints{Items: []api.SetPayPoint{{Range: "main", Point: "M2", AnnualPence: 3200000}, {Range: "main", Point: "M1", AnnualPence: 3000001},
		{Area: ptr("city"), Range: "main", Point: "M1", AnnualPence: 4000000}, {Area: ptr("city"), Range: "main", Point: "M2", AnnualPence: 4500001}}})
	require.Len(t, set.Items, 4)
	p.On("2027-08-02")
	rates(p, "ben", "ada", "met")
	rates(p, "cho", "ben", "met")
	rates(p, "ben", "dov", "met")

	all := previewPay(p, "hr", nil)
	require.Equal(t, []any{5, 2, 0, 2, 0}, []any{all.Total.People, all.Total.Expected, all.Total.Decided, all.Total.Waiting, all.Total.Priced})
	require.Equal(t, []api.CountedReason{{Code: "pay_case_not_covered", People: 1}}, all.Total.Uncovered, "a technician, for whom the table has no row")
	require.Equal(t, []api.CountedReason{{Code: "beyond_range", People: 1}, {Code: "cost_of_living_not_given", People: 1}}, byReason(all.Total.Unpriced))
	require.Equal(t, []api.SimulatedAward{{Kind: "points", People: 2, Total: "2"}, {Kind: "cost_of_living", People: 2, Total: "0"}}, all.Total.Awards)
	living := &api.PreviewPayParams{CostOfLiving: ptr("3")}
	require.Equal(t, []any{1, int64(145000), int64(0)}, costs(previewPay(p, "hr", living).Total), "199999 and 90000.03 in a full year, for half the hours, to the even penny")

	head := previewPay(p, "cho", living)
	require.Equal(t, []any{3, 1}, []any{head.Total.People, head.Total.Priced}, "her school, without herself")
	require.Len(t, head.Items, 2)
	require.Equal(t, []any{p.School, "support", 1}, []any{head.Items[0].UnitID, head.Items[0].StaffGroup.Code, head.Items[0].People})
	setPayPoints(p, api.SetPayPoints{Items: []api.SetPayPoint{{Area: ptr("city"), Range: "main", Point: "M1", AnnualPence: 4000000}, {Area: ptr("city"), Range: "main", Point: "M2", AnnualPence: 4500001}},
		Areas: []api.PayArea{{UnitID: p.Root, Area: "city"}}})
	require.Equal(t, []any{1, int64(310000), int64(0)}, costs(previewPay(p, "hr", living).Total), "a school pays as the trust above it does")
	untouched := payRead(p, "hr", "ada")
	require.True(t, untouched.Decision.IsNull(), "nothing is decided by a preview")
	require.Zero(t, previewPay(p, "hr", &api.PreviewPayParams{UnitID: ptr(uuid.New())}).Total.People)
	decided, err := completeStep(p, "hr", "pay.decide_pay")
	apitest.OK(t, decided, err)
	require.Equal(t, []any{1, 1}, []any{previewPay(p, "hr", living).Total.Decided, previewPay(p, "hr", living).Total.Expected})
	pointsAreHRs(t, p)
}

func costs(t api.PayPreviewTotal) []any { return []any{t.Priced, t.AnnualPence, t.OneOffPence} }

// byReason puts reasons in order, for people are counted in none.
func byReason(all []api.CountedReason) []api.CountedReason {
	if len(all) == 2 && all[0].Code > all[1].Code {
		all[0], all[1] = all[1], all[0]
	}
	return all
}

// pointsAreHRs shows who sees and sets the trust's pay points, and what is refused.
func pointsAreHRs(t *testing.T, p *apitest.Process) {
	t.Helper()
	ctx := t.Context()
	read, err := p.As("cho").GetPayPointsWithResponse(ctx, p.CycleID)
	apitest.OK(t, read, err)
	require.Equal(t, "city", read.JSON200.Areas[0].Area)
	tag := etag(read.JSON200.Version)
	m1 := api.SetPayPoint{Range: "main", Point: "M1", AnnualPence: 3000000}
	for _, tc := range []struct {
		who, tag string
		body     api.SetPayPoints
		status   int
		code     string
	}{
		{"cho", tag, api.SetPayPoints{Items: []api.SetPayPoint{m1}}, 403, "role_not_admitted"},
		{"hr", etag(read.JSON200.Version - 1), api.SetPayPoints{Items: []api.SetPayPoint{m1}}, 412, "stale_version"},
		{"hr", tag, api.SetPayPoints{Items: []api.SetPayPoint{m1, m1}}, 422, "duplicate"},
		{"hr", tag, api.SetPayPoints{Items: []api.SetPayPoint{m1, {Range: "main", Point: "M2", AnnualPence: 3000000}}}, 422, "same_pay"},
		{"hr", tag, api.SetPayPoints{Items: []api.SetPayPoint{m1}, Areas: []api.PayArea{{UnitID: uuid.New(), Area: "city"}}}, 422, "unknown_unit"},
		{"hr", tag, api.SetPayPoints{Items: []api.SetPayPoint{}, Areas: []api.PayArea{{UnitID: p.Root, Area: "a"}, {UnitID: p.Root, Area: "b"}}}, 422, "duplicate"},
	} {
		r, err := p.As(tc.who).SetPayPointsWithResponse(ctx, p.CycleID, &api.SetPayPointsParams{IfMatch: tc.tag}, tc.body)
		apitest.Refused(t, r, err, tc.status, tc.code)
	}
	for _, who := range []string{"ada", "ben"} {
		r, err := p.As(who).PreviewPayWithResponse(ctx, p.CycleID, nil)
		apitest.Refused(t, r, err, 403, "role_not_admitted")
	}
	r, err := p.World.HR.PreviewPayWithResponse(ctx, uuid.New(), nil)
	apitest.Refused(t, r, err, 404, "not_found")
}
