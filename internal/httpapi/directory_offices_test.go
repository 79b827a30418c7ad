package httpapi_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func (w dirWorld) fillFrom(t *testing.T, code string, unit, person uuid.UUID, from string, acting bool) (*client.FillOfficeResponse, error) {
	t.Helper()
	day := dirDate(from)
	return w.HR.FillOfficeWithResponse(t.Context(), nil, api.FillOffice{Code: code, UnitID: unit, PersonID: person, FromOn: &day, Acting: &acting})
}

func (w dirWorld) endOffice(t *testing.T, c *client.ClientWithResponses, id uuid.UUID, version int, on string) (*client.EndOfficeResponse, error) {
	t.Helper()
	return c.EndOfficeWithResponse(t.Context(), id, &api.EndOfficeParams{IfMatch: dirETag(version)}, api.EndFrom{On: dirDate(on)})
}

// offices lists who holds the code of office, newest first, as "given from until".
func (w dirWorld) offices(t *testing.T, code string, unit uuid.UUID) []string {
	t.Helper()
	of, expand := code, api.ListOfficesParamsExpand("person")
	r, err := w.HR.ListOfficesWithResponse(t.Context(), &api.ListOfficesParams{Code: &of, UnitID: &unit, Expand: &expand})
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	out := []string{}
	for _, o := range r.JSON200.Items {
		until := "open"
		if !o.UntilOn.IsNull() {
			until = o.UntilOn.MustGet().String()
		}
		out = append(out, o.Person.MustGet().DisplayName+" "+o.FromOn.String()+" "+until)
	}
	return out
}

func TestNewHolderEndsTheFormerOnTheDay(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, bo, cy := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Bo Lindqvist", w.North), w.teacher(t, "Cy Haddad", w.North)
	w.fill(t, "head", w.North.ID, ada.ID)
	r, err := w.fillFrom(t, "head", w.North.ID, cy.ID, "2027-01-01", false)
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	require.Equal(t, []string{"Cy Haddad 2027-01-01 open", "Ada Marsh 2026-09-01 2027-01-01"}, w.offices(t, "head", w.North.ID))
	r, err = w.fillFrom(t, "head", w.North.ID, bo.ID, "2026-10-05", true)
	require.NoError(t, err)
	require.True(t, r.JSON201.Acting)
	require.Equal(t, []string{"Cy Haddad 2027-01-01 open", "Bo Lindqvist 2026-10-05 2027-01-01", "Ada Marsh 2026-09-01 2026-10-05"},
		w.offices(t, "head", w.North.ID), "until the one who is to follow")
	g, err := w.HR.GetUnitWithResponse(t.Context(), w.North.ID)
	require.NoError(t, err)
	require.Equal(t, bo.ID, g.JSON200.HeadID.MustGet())
	r, err = w.fillFrom(t, "head", w.North.ID, bo.ID, "2026-10-05", true)
	dirRefused(t, r, err, 409, "already_held")
	r, err = w.fillFrom(t, "head", w.North.ID, bo.ID, "2026-11-01", false)
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, "acting becomes substantive: %s", r.Body)
	current, not := true, false
	for want, q := range map[int]*bool{1: &current, 3: &not} {
		l, err := w.HR.ListOfficesWithResponse(t.Context(), &api.ListOfficesParams{UnitID: &w.North.ID, Current: q})
		require.NoError(t, err)
		require.Len(t, l.JSON200.Items, want)
		require.True(t, l.JSON200.Items[0].Person.IsNull(), "only filled when asked for")
	}
}

func TestOfficeIsForEmployedPeopleOfTheTrust(t *testing.T) {
	t.Parallel()
	w, other := newDirWorld(t), newDirWorld(t)
	ada := w.teacher(t, "Ada Marsh", w.North)
	for _, code := range []string{"ceo", "hr"} {
		r, err := w.fillFrom(t, code, w.North.ID, ada.ID, "2026-10-05", false)
		require.Equal(t, []string{"/unit_id"}, dirPointers(dirRefused(t, r, err, 422, "office_of_trust")))
	}
	r, err := w.fillFrom(t, "head", other.North.ID, ada.ID, "2026-10-05", false)
	require.Equal(t, []string{"/unit_id"}, dirPointers(dirRefused(t, r, err, 422, "unknown_unit")))
	r, err = w.fillFrom(t, "head", w.North.ID, other.HR.ID, "2026-10-05", false)
	require.Equal(t, []string{"/person_id"}, dirPointers(dirRefused(t, r, err, 422, "unknown_person")))
	d, err := w.HR.DeactivatePersonWithResponse(t.Context(), ada.ID, &api.DeactivatePersonParams{IfMatch: `"1"`}, api.EndFrom{On: dirDate("2026-10-05")})
	require.NoError(t, err)
	require.NotNil(t, d.JSON200, string(d.Body))
	r, err = w.fillFrom(t, "head", w.North.ID, ada.ID, "2026-10-05", false)
	require.Equal(t, []string{"/person_id"}, dirPointers(dirRefused(t, r, err, 422, "person_inactive")))
}

// hrOffice is the office of the world's first HR person.
func (w dirWorld) hrOffice(t *testing.T) api.Office {
	t.Helper()
	code := "hr"
	l, err := w.HR.ListOfficesWithResponse(t.Context(), &api.ListOfficesParams{Code: &code})
	require.NoError(t, err)
	return l.JSON200.Items[len(l.JSON200.Items)-1]
}

func TestLastHRPersonStays(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	own := w.hrOffice(t)
	r, err := w.endOffice(t, w.HR.ClientWithResponses, own.ID, own.Version, "2027-01-01")
	p := dirRefused(t, r, err, 409, "last_hr")
	require.False(t, p.Refusals[0].Never)
	require.NotEmpty(t, p.Refusals[0].Unblock.MustGet())

	ada := w.teacher(t, "Ada Marsh", w.North)
	second := w.fill(t, "hr", w.Root, ada.ID)
	require.Len(t, w.offices(t, "hr", w.Root), 2, "HR may be several")
	again, err := w.fillFrom(t, "hr", w.Root, ada.ID, "2026-10-05", false)
	dirRefused(t, again, err, 409, "already_held")
	r, err = w.endOffice(t, w.HR.ClientWithResponses, own.ID, own.Version, "2027-01-01")
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	d, err := w.HR.DeactivatePersonWithResponse(t.Context(), ada.ID, &api.DeactivatePersonParams{IfMatch: `"1"`}, api.EndFrom{On: dirDate("2026-10-05")})
	dirRefused(t, d, err, 409, "last_hr")
	require.Equal(t, api.PersonStatusActive, w.person(t, ada.ID).Status)
	r, err = w.endOffice(t, w.HR.ClientWithResponses, second.ID, 1, "2026-10-05")
	dirRefused(t, r, err, 409, "last_hr")
}

// The advisory locks of the directory: what each call must hold, so that a test can make calls meet.
const officesGate, externalGate = 21, 23

// atTheGate holds the lock of the trust until all calls wait for it, so that they meet.
func (w dirWorld) atTheGate(t *testing.T, gate int, name string, calls ...func() (client.Answer, error)) []int {
	t.Helper()
	c, err := pgx.Connect(t.Context(), w.Stack.AdminURL)
	require.NoError(t, err)
	defer func() { _ = c.Close(context.WithoutCancel(t.Context())) }()
	_, err = c.Exec(t.Context(), "select pg_advisory_lock(hashtextextended($1::text, $2))", w.Trust.String()+name, gate)
	require.NoError(t, err)
	opened := make(chan int)
	go func() {
		waiting := 0
		for range 200 {
			_ = c.QueryRow(t.Context(), `select count(*) from pg_locks l, pg_locks held where l.locktype = 'advisory' and not l.granted
				and held.pid = pg_backend_pid() and held.locktype = 'advisory' and (held.classid, held.objid) = (l.classid, l.objid)`).Scan(&waiting)
			if waiting == len(calls) {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		_, _ = c.Exec(t.Context(), "select pg_advisory_unlock_all()")
		opened <- waiting
	}()
	got := dirTogether(t, calls...)
	require.Equal(t, len(calls), <-opened, "the calls did not meet")
	return got
}

func TestTwoHRPeopleCannotEndEachOtherAtOnce(t *testing.T) {
	t.Parallel()
	type call = func() (client.Answer, error)
	for name, meet := range map[string]func(w dirWorld, adas *client.ClientWithResponses, hanas, adasOffice api.Office) []call{
		"by ending offices": func(w dirWorld, adas *client.ClientWithResponses, hanas, adasOffice api.Office) []call {
			return []call{
				func() (client.Answer, error) {
					return w.endOffice(t, w.HR.ClientWithResponses, adasOffice.ID, 1, "2026-10-05")
				},
				func() (client.Answer, error) { return w.endOffice(t, adas, hanas.ID, 1, "2026-10-05") }}
		},
		"by deactivating": func(w dirWorld, adas *client.ClientWithResponses, _, adasOffice api.Office) []call {
			return []call{
				func() (client.Answer, error) {
					return w.endOffice(t, w.HR.ClientWithResponses, adasOffice.ID, 1, "2026-10-05")
				},
				func() (client.Answer, error) {
					return adas.DeactivatePersonWithResponse(t.Context(), w.HR.ID, &api.DeactivatePersonParams{IfMatch: `"1"`}, api.EndFrom{On: dirDate("2026-10-05")})
				}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newDirWorld(t)
			ada := w.teacher(t, "Ada Marsh", w.North)
			hanas, adasOffice := w.hrOffice(t), w.fill(t, "hr", w.Root, ada.ID)
			adas := w.signIn(t, ada)
			_, err := adas.GetUnitWithResponse(t.Context(), w.Root)
			require.NoError(t, err)
			require.ElementsMatch(t, []int{200, 409}, w.atTheGate(t, officesGate, "", meet(w, adas, hanas, adasOffice)...))
			require.Equal(t, 1, w.count(t, `select count(*) from offices o join people p on p.trust_id = o.trust_id and p.id = o.person_id
				where o.trust_id = $1 and o.code = 'hr' and o.until_on is null and p.status = 'active'`, w.Trust))
		})
	}
}

func TestTwoNewHeadsAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, bo := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Bo Lindqvist", w.North)
	fill := func(p api.Person) func() (client.Answer, error) {
		return func() (client.Answer, error) { return w.fillFrom(t, "head", w.North.ID, p.ID, "2026-10-05", false) }
	}
	require.Equal(t, []int{201, 201}, w.atTheGate(t, officesGate, "", fill(ada), fill(bo)))
	require.Equal(t, 1, w.count(t, "select count(*) from offices where trust_id = $1 and code = 'head' and until_on is null", w.Trust))
}

func TestOfficeEndsOnceAndNotBeforeItBegan(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada := w.teacher(t, "Ada Marsh", w.North)
	o := w.fill(t, "chair", w.North.ID, ada.ID)
	hr := w.HR.ClientWithResponses
	r, err := w.endOffice(t, hr, o.ID, 1, "2026-08-31")
	require.Equal(t, []string{"/on"}, dirPointers(dirRefused(t, r, err, 422, "before_start")))
	r, err = w.endOffice(t, hr, o.ID, 2, "2026-10-05")
	dirRefused(t, r, err, 412, "stale_version")
	r, err = w.endOffice(t, hr, uuid.New(), 1, "2026-10-05")
	dirRefused(t, r, err, 404, "not_found")
	r, err = w.endOffice(t, w.signIn(t, ada), o.ID, 1, "2026-10-05")
	dirRefused(t, r, err, 403, "role_not_admitted")
	r, err = w.endOffice(t, hr, o.ID, 1, "2026-12-01")
	require.NoError(t, err)
	require.Equal(t, "2026-12-01", r.JSON200.UntilOn.MustGet().String())
	r, err = w.endOffice(t, hr, o.ID, 2, "2026-10-05")
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, "a planned end may still be moved: %s", r.Body)
	r, err = w.endOffice(t, hr, o.ID, 3, "2026-10-06")
	dirRefused(t, r, err, 409, "already_ended")
}

func TestHeadLosesTheirReachWithTheOffice(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	head := w.callers["Head North"]
	l, err := head.ListPeopleWithResponse(t.Context(), nil)
	require.NoError(t, err)
	require.NotEmpty(t, l.JSON200.Items)
	f, err := w.fillFrom(t, "head", w.North.ID, w.people["Tim South"].ID, "2026-10-05", false)
	require.NoError(t, err)
	require.NotNil(t, f.JSON201, string(f.Body))
	r, err := head.GetPersonWithResponse(t.Context(), w.people["Tom North"].ID)
	dirRefused(t, r, err, 404, "not_found")
}
