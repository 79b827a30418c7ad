package httpapi_test

import (
	"testing"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// accessWorld is Brightwater in its year, with somebody for each role and nothing but that role,
// and with one record of each kind for everybody who matters.
type accessWorld struct {
	*apitest.Year
	t     *testing.T
	extra map[string]*apitest.Person   // who is not of the cast
	kept  map[string]map[string]string // person to the ids of their records, by path parameter
}

// Who works where and who is on whose team, as the cast has it.
var (
	worksIn = map[string]string{tom: "science", ines: "science", "priya.nair": "science", "leo.hart": "science", marta: "northfield", dev: "northfield", "sam.quill": "northfield",
		"wen.zhou": "southgate", "abe.stone": "southgate", "mia.frost": "southgate", "kit.vale": "central", hrWithYear: "central", olu: "trust"}
	teams = map[string][]string{ines: {tom, "priya.nair", "leo.hart"}, marta: {dev}, onlyReviewer: {"mia.frost"}}
)

// The people beside the cast: each has one role alone, but for Hugo, who is HR and has a year.
const (
	onlyReviewer = "rae" // line-manages Mia
	onlyHead     = "hal" // heads the central team
	onlySignedIn = "bo"
	onlyHR       = "hana"
	hrWithYear   = "hugo"
)

func newAccessWorld(t *testing.T, owners ...string) *accessWorld {
	t.Helper()
	w := &accessWorld{Year: apitest.NewYear(t), t: t, extra: map[string]*apitest.Person{}, kept: map[string]map[string]string{}}
	w.extra[onlyHR] = w.World.HR
	for key, body := range map[string]api.CreatePerson{
		onlyReviewer: {GivenName: "Rae", FamilyName: "Holm"}, onlyHead: {GivenName: "Hal", FamilyName: "Ode"}, onlySignedIn: {GivenName: "Bo", FamilyName: "Lake"},
		hrWithYear: {GivenName: "Hugo", FamilyName: "Marsh", Post: &api.CreatePost{UnitID: w.Units["central"], JobTitle: "HR officer", StaffType: "support", FromOn: date("2020-09-01")}},
	} {
		w.extra[key] = w.Invited(body)
	}
	w.office("head", "central", onlyHead)
	w.office("hr", "trust", hrWithYear)
	w.manage("mia.frost", onlyReviewer)
	e, err := w.World.HR.EnrolPeopleWithResponse(t.Context(), w.CycleID, nil, api.EnrolPeople{})
	apitest.OK(t, e, err)
	w.On("2026-10-30")
	for _, owner := range owners {
		w.kept[owner] = w.Records(w.somebody(owner), w.Units[worksIn[owner]])
	}
	return w
}

// somebody is a person of the world, of the cast or beside it.
func (w *accessWorld) somebody(key string) *apitest.Person {
	if p := w.extra[key]; p != nil {
		return p
	}
	return w.As(key)
}

func (w *accessWorld) office(code, unit, who string) {
	w.t.Helper()
	r, err := w.World.HR.FillOfficeWithResponse(w.t.Context(), nil, api.FillOffice{Code: code, UnitID: w.Units[unit], PersonID: w.extra[who].ID})
	apitest.OK(w.t, r, err)
}

func (w *accessWorld) manage(whom, who string) {
	w.t.Helper()
	post, err := w.World.HR.GetPostWithResponse(w.t.Context(), w.Posts[whom])
	apitest.OK(w.t, post, err)
	r, err := w.World.HR.SetLineManagerWithResponse(w.t.Context(), w.Posts[whom], &api.SetLineManagerParams{IfMatch: post.HTTPResponse.Header.Get("ETag")}, api.SetLineManager{ManagerID: w.extra[who].ID})
	apitest.OK(w.t, r, err)
}
