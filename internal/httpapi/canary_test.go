package httpapi_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// ear hears every refusal, and the tokens that sign-in gives out.
type ear struct {
	next http.RoundTripper
	mu   sync.Mutex
	said []string // method, path and body of every answer that is no success
}

func (e *ear) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := e.next.RoundTrip(r)
	if err != nil || res.StatusCode < 400 {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(body))
	e.mu.Lock()
	defer e.mu.Unlock()
	e.said = append(e.said, fmt.Sprintln(r.Method, r.URL.Path, res.StatusCode, res.Header, string(body)))
	return res, err
}

// canaries is a piece of a year in which every text is marked.
type canaries struct {
	*apitest.Year
	t     *testing.T
	ear   *ear
	mark  string
	marks []string
}

// text is a new text that nobody writes but this test.
func (c *canaries) text(what string) string {
	c.marks = append(c.marks, what+" "+c.mark)
	return what + " " + c.mark
}

// word is a text without a space.
func (c *canaries) word(what string) string {
	c.marks = append(c.marks, what+"-"+c.mark)
	return what + "-" + c.mark
}

// as is a client whose refusals are heard.
func (c *canaries) as(email string) *client.ClientWithResponses {
	cl, err := client.New(c.Stack.URL, client.WithTransport(c.ear), client.WithCredentials(client.Password(c.Slug, email, testPassword)))
	require.NoError(c.t, err)
	return cl
}

func (c *canaries) somebody(key string) *client.ClientWithResponses { return c.as(c.As(key).Email) }

func (c *canaries) hr() *client.ClientWithResponses { return c.as(c.World.HR.Email) }

// does holds an answer to its status.
func (c *canaries) does(status int, r client.Answer, err error) {
	c.t.Helper()
	require.NoError(c.t, err)
	require.Equal(c.t, status, r.StatusCode(), string(r.GetBody()))
}

const testPassword = "correct horse battery"

// What people write, their names and addresses, passwords, tokens and links are in the database and
// in the answers to those who may read them, and nowhere else.
func TestNothingPersonalIsLoggedMeasuredAuditedOrSaidInAnError(t *testing.T) {
	t.Parallel()
	c := &canaries{Year: apitest.NewYear(t), t: t, mark: uuid.NewString()[:13], ear: &ear{next: apitest.Checked(t)}}
	c.people()
	c.objectives()
	c.checkIns()
	c.steps()
	c.secrets()
	c.malformed()
	require.Greater(t, len(c.ear.said), 15, "refusals are what is searched")

	metrics, err := http.Get(c.Stack.URL + "/metrics")
	require.NoError(t, err)
	for where, said := range map[string]string{"the log": apitest.Logs(), "the metrics": apitest.Read(t, metrics), "an error": strings.Join(c.ear.said, ""), "the audit trail": c.audited()} {
		require.NotEmpty(t, said)
		require.NotContains(t, said, c.mark, where)
		for _, secret := range c.marks {
			require.NotContains(t, said, secret, where)
		}
	}
}

// people are named, found and refused by marked names and addresses.
func (c *canaries) people() {
	hr, ctx := c.hr(), c.t.Context()
	email, name, system := c.word("mail")+"@brightwater.example", c.text("Given"), c.word("mis")
	body := api.CreatePerson{GivenName: name, FamilyName: c.text("Family"), Email: &email, ExternalIds: []api.ExternalID{{System: system, Value: c.word("1042")}}}
	p, err := hr.CreatePersonWithResponse(ctx, nil, body)
	c.does(created, p, err)
	p2, err := hr.CreatePersonWithResponse(ctx, nil, body)
	c.does(conflict, p2, err)
	bad := c.text("no address")
	p3, err := hr.CreatePersonWithResponse(ctx, nil, api.CreatePerson{GivenName: name, FamilyName: name, Email: &bad})
	c.does(invalid, p3, err)
	found, err := hr.SearchPeopleWithResponse(ctx, &api.SearchPeopleParams{Q: &name})
	c.does(ok, found, err)
	external := system + "-no-colon"
	none, err := hr.ListPeopleWithResponse(ctx, &api.ListPeopleParams{ExternalID: &external})
	c.does(400, none, err)
	who, err := hr.GetPersonWithResponse(ctx, c.People[tom])
	c.does(ok, who, err)
	family := c.text("Birch")
	u, err := hr.UpdatePersonWithResponse(ctx, c.People[tom], &api.UpdatePersonParams{IfMatch: who.HTTPResponse.Header.Get("ETag")}, api.UpdatePerson{FamilyName: &family})
	c.does(ok, u, err)
	u, err = hr.UpdatePersonWithResponse(ctx, c.People[tom], &api.UpdatePersonParams{IfMatch: who.HTTPResponse.Header.Get("ETag")}, api.UpdatePerson{FamilyName: &family})
	c.does(412, u, err)
	file := "external_id,given_name,family_name\n" + c.word("mis:7") + "," + c.text("Nia") + "," + c.text("Cole") + "\n" + c.word("x") + "," + c.text("y") + "\n"
	i, err := hr.CreateImportWithBodyWithResponse(ctx, nil, "text/csv", strings.NewReader(file))
	c.does(created, i, err)
}

// objectives are drafted, refused, sent back and talked about in marked words.
func (c *canaries) objectives() {
	ctx, a := c.t.Context(), c.Appraisal(tom).ID
	who, reviewer := c.somebody(tom), c.somebody(ines)
	content := api.ObjectiveContent{Title: c.text("Title"), Text: c.text("Text"), Criteria: []api.Item{{Text: c.text("Criterion")}, {Text: "b"}, {Text: "c"}}, Actions: []api.Action{{Text: c.text("Action")}}}
	draft := api.CreateObjective{AppraisalID: a, Slot: onSelf, Content: content}
	o, err := who.CreateObjectiveWithResponse(ctx, nil, draft)
	c.does(created, o, err)
	id, tag := o.JSON201.ID, &api.ProposeObjectiveParams{IfMatch: o.HTTPResponse.Header.Get("ETag")}
	again, err := who.CreateObjectiveWithResponse(ctx, nil, draft)
	c.does(conflict, again, err)
	no, err := reviewer.CreateObjectiveWithResponse(ctx, nil, draft)
	c.does(never, no, err)
	draft.Content.Title = strings.Repeat(c.text("long"), 100)
	long, err := who.CreateObjectiveWithResponse(ctx, nil, draft)
	c.does(invalid, long, err)
	draft.Slot = "no_such_slot"
	draft.Content.Title = content.Title
	slot, err := who.CreateObjectiveWithResponse(ctx, nil, draft)
	c.does(invalid, slot, err)
	remark := c.text("Remark")
	p, err := who.ProposeObjectiveWithResponse(ctx, id, tag, api.ProposeObjective{Remark: &remark})
	require.NoError(c.t, err)
	require.Less(c.t, p.StatusCode(), 500)
	r, err := reviewer.RequestObjectiveChangesWithResponse(ctx, id, &api.RequestObjectiveChangesParams{IfMatch: tag.IfMatch}, api.RequestChanges{Remark: c.text("Changes")})
	require.NoError(c.t, err)
	require.Less(c.t, r.StatusCode(), 500)
	n, err := reviewer.AddNoteWithResponse(ctx, a, nil, api.AddNote{SubjectKind: "objective", SubjectID: &id, Text: c.text("Note")})
	c.does(created, n, err)
	away, err := c.somebody("abe.stone").GetObjectiveWithResponse(ctx, id)
	c.does(gone, away, err)
}

// checkIns are answered in marked words, in sections that are there and in one that is not.
func (c *canaries) checkIns() {
	ctx, a, who := c.t.Context(), c.Appraisal(tom).ID, c.somebody(tom)
	c.On("2026-10-30")
	k, err := who.StartCheckInWithResponse(ctx, nil, api.StartCheckIn{AppraisalID: a, WindowID: c.Windows[0].ID})
	c.does(created, k, err)
	params := &api.SaveCheckInParams{IfMatch: k.HTTPResponse.Header.Get("ETag")}
	bad, err := who.SaveCheckInWithResponse(ctx, k.JSON201.ID, params, api.SaveCheckIn{Answers: map[string]any{"went_well": []any{c.text("wrong form")}, "no_such_section": c.text("lost")}})
	c.does(invalid, bad, err)
	saved, err := who.SaveCheckInWithResponse(ctx, k.JSON201.ID, params, api.SaveCheckIn{Answers: reflected(c.text("Week"))})
	c.does(ok, saved, err)
	sent, err := who.SubmitCheckInWithResponse(ctx, k.JSON201.ID, &api.SubmitCheckInParams{IfMatch: saved.HTTPResponse.Header.Get("ETag")})
	c.does(ok, sent, err)
	place := c.text("Room")
	m, err := who.ScheduleMeetingWithResponse(ctx, nil, api.ScheduleMeeting{AppraisalID: a, PlanCode: "mid_year", ScheduledAt: date("2027-02-01").Time, Place: &place})
	c.does(created, m, err)
}

// steps are written in marked words before they may be sent.
func (c *canaries) steps() {
	ctx, a, who := c.t.Context(), c.Appraisal(tom).ID, c.somebody(tom)
	c.On("2027-07-08")
	body := api.SaveStep{Answers: map[string]any{"went_well": c.text("Year")}, Rating: &api.RatingInput{Code: ptr("met"), Reason: ptr(c.text("Reason"))}}
	s, err := who.SaveStepWithResponse(ctx, a, "outcome.reflect", &api.SaveStepParams{IfMatch: `"0"`}, body)
	c.does(ok, s, err)
	done, err := who.CompleteStepWithResponse(ctx, a, "outcome.reflect", &api.CompleteStepParams{IfMatch: s.HTTPResponse.Header.Get("ETag")}, api.CompleteStep{})
	c.does(invalid, done, err)
	body.Rating.Code = ptr(c.word("no-such-rating"))
	wrong, err := who.SaveStepWithResponse(ctx, a, "outcome.reflect", &api.SaveStepParams{IfMatch: s.HTTPResponse.Header.Get("ETag")}, body)
	c.does(ok, wrong, err) // a draft may say anything that has the form
	done, err = who.CompleteStepWithResponse(ctx, a, "outcome.reflect", &api.CompleteStepParams{IfMatch: wrong.HTTPResponse.Header.Get("ETag")}, api.CompleteStep{})
	c.does(invalid, done, err)
	back, err := c.somebody(marta).ReturnStepWithResponse(ctx, a, "outcome.decide", &api.ReturnStepParams{IfMatch: `"0"`}, api.ReturnStep{To: "outcome.reflect", Reason: c.text("Back")})
	require.NoError(c.t, err)
	require.Less(c.t, back.StatusCode(), 500)
}

// audited is the trust's audit trail, which holds codes, ids and dates.
func (c *canaries) audited() string {
	var b strings.Builder
	params := &api.ListAuditEventsParams{Limit: ptr(200)}
	for {
		r, err := c.World.HR.ListAuditEventsWithResponse(c.t.Context(), params)
		apitest.OK(c.t, r, err)
		b.Write(r.Body)
		if r.JSON200.NextCursor.IsNull() {
			return b.String()
		}
		params.Cursor = ptr(r.JSON200.NextCursor.MustGet())
	}
}
