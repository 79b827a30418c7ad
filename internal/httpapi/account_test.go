package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/pkg/client"
)

const newPassword = "seven green boats at noon"

// signsIn says whether the token endpoint takes the password.
func signsIn(t *testing.T, y *apitest.Year, key, password string) bool {
	t.Helper()
	r, err := y.Client(client.Credentials{}).IssueTokenWithFormdataBodyWithResponse(t.Context(), api.TokenRequest{GrantType: "password", Trust: &y.Slug, Username: ptr(y.Emails[key]), Password: &password})
	require.NoError(t, err)
	return r.StatusCode() == http.StatusOK
}

func TestAnInvitedPersonSetsAPasswordOnce(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	link, err := y.World.HR.InvitePersonWithResponse(t.Context(), y.Trust.People[tom], nil)
	apitest.OK(t, link, err)
	require.False(t, signsIn(t, y, tom, newPassword))
	outside := y.Client(client.Credentials{})
	weak, err := outside.RedeemLinkWithResponse(t.Context(), api.RedeemLink{Link: link.JSON200.Link, NewPassword: "short"})
	apitest.Refused(t, weak, err, invalid, "password_too_short")
	set, err := outside.RedeemLinkWithResponse(t.Context(), api.RedeemLink{Link: link.JSON200.Link, NewPassword: newPassword})
	apitest.OK(t, set, err)
	require.True(t, signsIn(t, y, tom, newPassword))
	again, err := outside.RedeemLinkWithResponse(t.Context(), api.RedeemLink{Link: link.JSON200.Link, NewPassword: newPassword + "!"})
	apitest.Refused(t, again, err, invalid, "link_invalid")
}

func TestAResetPasswordEndsTheOldOne(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	before := y.As(tom)
	link, err := y.World.HR.CreatePasswordResetWithResponse(t.Context(), y.Trust.People[tom], nil)
	apitest.OK(t, link, err)
	own, err := y.World.HR.CreatePasswordResetWithResponse(t.Context(), y.World.HR.ID, nil)
	apitest.Refused(t, own, err, never, "own_account")
	set, err := y.Client(client.Credentials{}).RedeemLinkWithResponse(t.Context(), api.RedeemLink{Link: link.JSON200.Link, NewPassword: newPassword})
	apitest.OK(t, set, err)
	require.True(t, signsIn(t, y, tom, newPassword))
	_, err = before.GetMeWithResponse(t.Context())
	require.ErrorContains(t, err, "invalid_grant", "the old password signs nobody in again")
}

func TestChangingMyPasswordNeedsTheOldOne(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	wrong, err := y.As(tom).ChangePasswordWithResponse(t.Context(), api.ChangePassword{CurrentPassword: "not the old one", NewPassword: newPassword})
	apitest.Refused(t, wrong, err, invalid, "current_password_wrong")
	done, err := y.As(tom).ChangePasswordWithResponse(t.Context(), api.ChangePassword{CurrentPassword: apitest.Password, NewPassword: newPassword})
	apitest.OK(t, done, err)
	require.True(t, signsIn(t, y, tom, newPassword))
	require.False(t, signsIn(t, y, tom, apitest.Password))
}

func TestAnEndedSessionIsOver(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	first := y.As(tom)
	second := y.Client(client.Password(y.Slug, y.Emails[tom], apitest.Password))
	list, err := second.ListSessionsWithResponse(t.Context())
	apitest.OK(t, list, err)
	require.Len(t, list.JSON200.Items, 1, "the first has not signed in yet")
	mine, err := first.ListSessionsWithResponse(t.Context())
	apitest.OK(t, mine, err)
	require.Len(t, mine.JSON200.Items, 2)
	ended, err := first.EndSessionWithResponse(t.Context(), list.JSON200.Items[0].ID)
	apitest.OK(t, ended, err)
	left, err := first.ListSessionsWithResponse(t.Context())
	apitest.OK(t, left, err)
	require.Len(t, left.JSON200.Items, 1)
}

func TestTheServiceDescribesItself(t *testing.T) {
	t.Parallel()
	y := apitest.NewWorld(t, "2026-09-01")
	outside := y.Client(client.Credentials{})
	health, err := outside.GetHealthWithResponse(t.Context())
	apitest.OK(t, health, err)
	ready, err := outside.GetReadinessWithResponse(t.Context())
	apitest.OK(t, ready, err)
	keys, err := outside.GetKeysWithResponse(t.Context())
	apitest.OK(t, keys, err)
	require.NotEmpty(t, keys.JSON200.Keys)
	server, err := outside.GetAuthorizationServerWithResponse(t.Context())
	apitest.OK(t, server, err)
	require.True(t, strings.HasPrefix(server.JSON200.TokenEndpoint, server.JSON200.Issuer))
}

func TestTheDemoClockOnlyMovesForward(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	moved, err := w.HR.SetDemoClockWithResponse(t.Context(), nil, api.SetDemoClock{Today: date("2026-11-02")})
	apitest.OK(t, moved, err)
	require.Equal(t, "2026-11-02", moved.JSON200.Today.String())
	back, err := w.HR.SetDemoClockWithResponse(t.Context(), nil, api.SetDemoClock{Today: date("2026-10-02")})
	apitest.Refused(t, back, err, conflict, "clock_forward_only")
}

func TestNotesAreReadByBothAndWrittenByTheParties(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.run(setting[:1])
	body := api.AddNote{SubjectKind: "objective", SubjectID: ptr(p.objectives[onTrust]), Text: "Shall we look at the baseline?"}
	note, err := p.As(ines).AddNoteWithResponse(t.Context(), p.appraisal, nil, body)
	apitest.OK(t, note, err)
	list, err := p.As(tom).ListNotesWithResponse(t.Context(), p.appraisal, &api.ListNotesParams{SubjectID: body.SubjectID})
	apitest.OK(t, list, err)
	require.Equal(t, "Shall we look at the baseline?", list.JSON200.Items[0].Text)
	require.Equal(t, "reviewer", list.JSON200.Items[0].Party)
	stranger, err := p.As(bw.OtherHead).ListNotesWithResponse(t.Context(), p.appraisal, nil)
	apitest.Refused(t, stranger, err, gone, "not_found")
}

func TestTheRevieweeMarksWhichObjectivesCount(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.run(setting)
	p.who = p.As(tom)
	_, err := p.draft("extra", "A fourth")
	require.NoError(t, err)
	choose := func(ids ...api.ObjectiveIDParam) (*client.PrioritiseObjectivesResponse, error) {
		r, err := p.who.GetAppraisalWithResponse(t.Context(), p.appraisal, nil)
		apitest.OK(t, r, err)
		return p.who.PrioritiseObjectivesWithResponse(t.Context(), p.appraisal, &api.PrioritiseObjectivesParams{IfMatch: r.HTTPResponse.Header.Get("ETag")}, api.PrioritiseObjectives{ObjectiveIds: ids})
	}
	o := p.objectives
	all, err := choose(o[onTrust], o[onOthers], o[onSelf], o["extra"])
	refused := apitest.Refused(t, all, err, conflict, "too_many_count")
	require.Equal(t, "objectives.counted", refused.Refusals[0].Policy.MustGet().Parameter)
	three, err := choose(o[onTrust], o[onOthers], o["extra"])
	apitest.OK(t, three, err)
	require.False(t, p.objective(onSelf).Counts)
	require.True(t, p.objective("extra").Counts)
}

func TestStepsShowTheirOrderAndDeadlines(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	r, err := p.As(tom).ListStepsWithResponse(t.Context(), p.appraisal)
	apitest.OK(t, r, err)
	var got []string
	for _, s := range r.JSON200.Items {
		got = append(got, s.Step+" "+s.DueOn.MustGet().String())
	}
	require.Equal(t, []string{"outcome.reflect 2027-09-15", "outcome.state 2027-09-30", "outcome.decide 2027-10-20", "outcome.approve 2027-10-20", "pay.decide_pay 2027-10-31"}, got)
	require.Equal(t, api.StepState("waiting"), r.JSON200.Items[0].State)
}

func TestAnImportIsReadAgainAsItWasPlanned(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	file := "Person_id,Forename,Surname,Email,School\n901,Ada,Noon,ada.noon@x.example,Northfield School\n"
	made, err := y.World.HR.CreateImportWithBodyWithResponse(t.Context(), nil, "text/csv", strings.NewReader(file))
	apitest.OK(t, made, err)
	read, err := y.World.HR.GetImportWithResponse(t.Context(), made.JSON201.ID)
	apitest.OK(t, read, err)
	require.Equal(t, made.JSON201.Summary, read.JSON200.Summary)
	require.Equal(t, 1, read.JSON200.Summary.New)
}
