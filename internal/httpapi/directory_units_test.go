package httpapi_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestUnitsDecideByTheirKind(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	for kind, decides := range map[string]bool{"school": true, "central": true, "department": false} {
		r, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: api.CreateUnitKind(kind), Name: "  A " + kind + " "})
		require.NoError(t, err)
		require.NotNil(t, r.JSON201, string(r.Body))
		require.Equal(t, "A "+kind, r.JSON201.Name)
		require.Equal(t, decides, r.JSON201.Decides, kind)
		require.Equal(t, "/v1/units/"+r.JSON201.ID.String(), r.HTTPResponse.Header.Get("Location"))
		require.Equal(t, `"1"`, r.HTTPResponse.Header.Get("ETag"))
		g, err := w.HR.GetUnitWithResponse(t.Context(), r.JSON201.ID)
		require.NoError(t, err)
		require.Equal(t, r.JSON201, g.JSON200)
	}
}

func TestUnitNamesAndCodesAreUniqueInATrust(t *testing.T) {
	t.Parallel()
	w, urn, blank := newDirWorld(t), "100001", " "
	r, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "NORTHFIELD school"})
	dirRefused(t, r, err, 409, "unit_name_taken")
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "Eastfield School", Code: &urn})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "Westfield School", Code: &urn})
	dirRefused(t, r, err, 409, "unit_code_taken")
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: blank})
	require.Equal(t, []string{"/name"}, dirPointers(dirRefused(t, r, err, 422, "blank")))
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: uuid.New(), Kind: "school", Name: "Westfield School"})
	require.Equal(t, []string{"/parent_id"}, dirPointers(dirRefused(t, r, err, 422, "unknown_unit")))
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "trust", Name: "Another root"})
	require.Equal(t, []string{"/kind"}, dirPointers(dirRefused(t, r, err, 422, "invalid_request")))
	other := newDirWorld(t)
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: other.Root, Kind: "school", Name: "Westfield School"})
	dirRefused(t, r, err, 422, "unknown_unit")
}

func TestUnitPatchClearsWhatIsNullAndLeavesWhatIsAbsent(t *testing.T) {
	t.Parallel()
	w, urn := newDirWorld(t), "100001"
	c, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "Eastfield School", Code: &urn})
	require.NoError(t, err)
	patch := func(version, body string) (*client.UpdateUnitResponse, error) {
		return w.HR.UpdateUnitWithBodyWithResponse(t.Context(), c.JSON201.ID, &api.UpdateUnitParams{IfMatch: version}, "application/merge-patch+json", strings.NewReader(body))
	}
	r, err := patch(`"1"`, `{"name":"Eastfield Academy"}`)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, "100001", r.JSON200.Code.MustGet())
	require.Equal(t, `"2"`, r.HTTPResponse.Header.Get("ETag"))
	r, err = patch(`"2"`, `{"code":null}`)
	require.NoError(t, err)
	require.True(t, r.JSON200.Code.IsNull())
	require.Equal(t, "Eastfield Academy", r.JSON200.Name)
	r, err = patch(`"2"`, `{"name":"Late"}`)
	require.Equal(t, 3, dirRefused(t, r, err, 412, "stale_version").CurrentVersion.MustGet())
	r, err = patch(`"3"`, `{"kind":"department"}`)
	dirRefused(t, r, err, 422, "invalid_request")
	r, err = w.HR.UpdateUnitWithResponse(t.Context(), c.JSON201.ID, &api.UpdateUnitParams{IfMatch: `"3"`}, api.UpdateUnit{Name: &urn}, dirDropIfMatch)
	dirRefused(t, r, err, 428, "version_required")
}

func TestUnitsMakeNoCycle(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	science := w.unit(t, "department", "Science", w.North.ID)
	physics := w.unit(t, "department", "Physics", science.ID)
	move := func(u api.Unit, parent uuid.UUID) (client.Answer, error) {
		return w.HR.UpdateUnitWithResponse(t.Context(), u.ID, &api.UpdateUnitParams{IfMatch: dirETag(u.Version)}, api.UpdateUnit{ParentID: &parent})
	}
	for _, below := range []uuid.UUID{w.North.ID, science.ID, physics.ID} {
		r, err := move(w.North, below)
		require.Equal(t, []string{"/parent_id"}, dirPointers(dirRefused(t, r, err, 422, "unit_cycle")))
	}
	r, err := move(api.Unit{ID: w.Root, Version: 1}, w.North.ID)
	dirRefused(t, r, err, 422, "root_unit")
	r, err = move(w.North, uuid.New())
	dirRefused(t, r, err, 422, "unknown_unit")
	r, err = move(science, w.South.ID)
	require.NoError(t, err)
	require.Equal(t, 200, r.StatusCode())
}

func TestTwoUnitsCannotBeMovedBelowEachOtherAtOnce(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	move := func(u api.Unit, parent uuid.UUID) func() (client.Answer, error) {
		return func() (client.Answer, error) {
			return w.HR.UpdateUnitWithResponse(t.Context(), u.ID, &api.UpdateUnitParams{IfMatch: dirETag(u.Version)}, api.UpdateUnit{ParentID: &parent})
		}
	}
	require.ElementsMatch(t, []int{200, 422}, dirTogether(t, move(w.North, w.South.ID), move(w.South, w.North.ID)))
}

func TestOnlyHRWritesUnitsAndEverybodyReadsThem(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada := w.teacher(t, "Ada Marsh", w.North)
	w.fill(t, "head", w.North.ID, ada.ID)
	head := w.signIn(t, ada)
	r, err := head.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.North.ID, Kind: "department", Name: "Science"})
	require.NoError(t, err)
	require.Equal(t, 403, r.StatusCode(), string(r.Body))
	g, err := head.GetUnitWithResponse(t.Context(), w.North.ID)
	require.NoError(t, err)
	require.Equal(t, ada.ID, g.JSON200.HeadID.MustGet())
	other := newDirWorld(t)
	foreign, err := head.GetUnitWithResponse(t.Context(), other.North.ID)
	require.NoError(t, err)
	nothing, err := head.GetUnitWithResponse(t.Context(), uuid.New())
	require.NoError(t, err)
	dirSameGone(t, foreign, nothing)
}

func TestUnitPagesShowEachUnitOnce(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	w.unit(t, "department", "art", w.North.ID)
	w.unit(t, "department", "Zoology", w.North.ID)
	limit, names := 2, []string{}
	q := &api.ListUnitsParams{Limit: &limit}
	for {
		r, err := w.HR.ListUnitsWithResponse(t.Context(), q)
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		for _, u := range r.JSON200.Items {
			names = append(names, u.Name)
		}
		if r.JSON200.NextCursor.IsNull() {
			break
		}
		next := r.JSON200.NextCursor.MustGet()
		q.Cursor = &next
	}
	require.Equal(t, []string{"art", "Brightwater Trust", "Northfield School", "Southfield School", "Zoology"}, names)
	kind := api.ListUnitsParamsKind("department")
	r, err := w.HR.ListUnitsWithResponse(t.Context(), &api.ListUnitsParams{Limit: &limit, Kind: &kind, Cursor: q.Cursor})
	dirRefused(t, r, err, 400, "bad_cursor")
}
