package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// headsPanel is the model policy with a panel of three offices for headteachers, whose objectives
// are the chief executive's.
func headsPanel() map[string]any {
	return map[string]any{"schema": 1, "rules": map[string]any{"reviewers": map[string]any{"appointments": []any{
		map[string]any{"code": "heads", "label": "Headteachers", "when": map[string]any{"all": []any{
			map[string]any{"fact": "is_head", "op": "is", "value": true}, map[string]any{"fact": "unit_kind", "op": "is", "value": "school"}}},
			"seats": []any{"office:board_nominee", "office:chair", "office:adviser"}, "objectives_by": "office:ceo"},
	}}}}
}

func fillOffice(p *apitest.Process, code string, person uuid.UUID) api.Office {
	p.T.Helper()
	r, err := p.World.HR.FillOfficeWithResponse(p.T.Context(), nil, api.FillOffice{Code: code, UnitID: p.Root, PersonID: person})
	apitest.OK(p.T, r, err)
	return *r.JSON201
}

func TestAPanelFollowsFromOfficesAndMovesWithThem(t *testing.T) {
	t.Parallel()
	var gil *apitest.Person
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: headsPanel(), Before: func(p *apitest.Process) {
		gil = p.Invited(api.CreatePerson{GivenName: "Gil", FamilyName: "Sand"}) // from outside: no post
		fillOffice(p, "adviser", gil.ID)
		fillOffice(p, "board_nominee", p.As("eve").ID)
	}})
	cho := p.Appraisal("cho")
	panel := []string{"eve review lead", "fay review", gil.ID.String() + " review", "eve objectives lead"}
	require.ElementsMatch(t, panel, sitting(p, cho, "2026-09-01"))
	require.Equal(t, "Eve Tarn, Fay Moss, Gil Sand", reviewing(placeOf(p, p.Posts["cho"])))
	require.Equal(t, []string{"cho review lead"}, sitting(p, p.Appraisal("ben"), "2026-09-01"), "others are reviewed by their line managers")

	// Whoever has no post reaches the one record on whose panel they sit, and nothing else.
	mine, err := gil.ListAppraisalsWithResponse(t.Context(), nil)
	apitest.OK(t, mine, err)
	require.Len(t, mine.JSON200.Items, 1)
	require.Equal(t, cho.ID, mine.JSON200.Items[0].ID)
	ada, err := gil.GetAppraisalWithResponse(t.Context(), p.Appraisal("ada").ID, nil)
	apitest.Refused(t, ada, err, 404, "not_found")

	// The office goes to somebody else, then to nobody: the seat goes with it.
	p.On("2026-10-01")
	hal := p.Invited(api.CreatePerson{GivenName: "Hal", FamilyName: "Wade"})
	office := fillOffice(p, "adviser", hal.ID)
	require.ElementsMatch(t, []string{"eve review lead", "fay review", hal.ID.String() + " review", "eve objectives lead"}, sitting(p, p.Appraisal("cho"), "2026-10-01"))
	again, err := gil.GetAppraisalWithResponse(t.Context(), cho.ID, nil)
	require.NoError(t, err)
	require.NotEqual(t, 200, again.StatusCode(), "old access ends by itself")
	ended, err := p.World.HR.EndOfficeWithResponse(t.Context(), office.ID, &api.EndOfficeParams{IfMatch: etag(office.Version)}, api.EndFrom{On: apitest.Day("2026-10-01")})
	apitest.OK(t, ended, err)
	require.ElementsMatch(t, []string{"eve review lead", "fay review", "eve objectives lead"}, sitting(p, p.Appraisal("cho"), "2026-10-01"))
	require.Equal(t, []api.MissingSeat{{Party: "office:adviser", Code: "office_empty"}}, placeOf(p, p.Posts["cho"]).MissingSeats)

	// The new holder of the lead's office leads; who was named by a person stays.
	fillOffice(p, "board_nominee", hal.ID)
	require.ElementsMatch(t, []string{hal.ID.String() + " review lead", "fay review", "eve objectives lead"}, sitting(p, p.Appraisal("cho"), "2026-10-01"))
	c := p.Appraisal("cho")
	named, err := p.World.HR.HandOverAppraisalWithResponse(t.Context(), c.ID, &api.HandOverAppraisalParams{IfMatch: etag(c.Version)}, api.HandOver{ReviewerID: p.As("eve").ID})
	apitest.OK(t, named, err)
	fillOffice(p, "adviser", gil.ID)
	require.ElementsMatch(t, []string{"eve review lead", "eve objectives lead"}, sitting(p, p.Appraisal("cho"), "2026-10-01"))
}

func TestSeveralAreNamedAsAPanelWhoseNextMemberLeadsWhenTheLeadLeaves(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{})
	a := p.Appraisal("dov")
	name := func(by string, version int, lead string, others ...string) (*client.HandOverAppraisalResponse, error) {
		body := api.HandOver{ReviewerID: p.As(lead).ID}
		for _, o := range others {
			body.PanelIds = append(body.PanelIds, p.As(o).ID)
		}
		return p.As(by).HandOverAppraisalWithResponse(t.Context(), a.ID, &api.HandOverAppraisalParams{IfMatch: etag(version)}, body)
	}
	r, err := name("cho", a.Version, "ada", "dov")
	require.Equal(t, []string{"/panel_ids/0 own_appraisal"}, violationsAt(refusedWith(t, r, err, 422, "own_appraisal")))
	r, err = name("cho", a.Version, "ada", "ben", "ada")
	require.Equal(t, []string{"/panel_ids/1 repeated"}, violationsAt(refusedWith(t, r, err, 422, "repeated")))
	r, err = name("ben", a.Version, "ada")
	apitest.Refused(t, r, err, 403, "role_not_admitted")
	r, err = name("cho", a.Version+1, "ada")
	apitest.Refused(t, r, err, 412, "stale_version")
	r, err = name("cho", a.Version, "ada", "ben", "eve")
	apitest.OK(t, r, err)
	require.ElementsMatch(t, []string{"ada review lead", "ben review", "eve review"}, sitting(p, *r.JSON200, "2026-09-01"))
	read, err := p.As("ada").GetAppraisalWithResponse(t.Context(), a.ID, nil)
	apitest.OK(t, read, err)

	ada, err := p.World.HR.GetPersonWithResponse(t.Context(), p.As("ada").ID)
	apitest.OK(t, ada, err)
	left, err := p.World.HR.DeactivatePersonWithResponse(t.Context(), p.As("ada").ID, &api.DeactivatePersonParams{IfMatch: etag(ada.JSON200.Version)}, api.EndFrom{On: apitest.Day("2026-09-01")})
	apitest.OK(t, left, err)
	require.ElementsMatch(t, []string{"ben review lead", "eve review"}, sitting(p, p.Appraisal("dov"), "2026-09-01"))
}
