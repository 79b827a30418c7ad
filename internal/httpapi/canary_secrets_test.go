package httpapi_test

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// secrets are guessed, changed, handed out and used up.
func (c *canaries) secrets() {
	ctx := c.t.Context()
	who, hr := c.somebody(tom), c.hr()
	secret := c.text("a long pass phrase")
	wrong, err := who.ChangePasswordWithResponse(ctx, api.ChangePassword{CurrentPassword: c.text("not the right one"), NewPassword: secret})
	c.does(invalid, wrong, err)
	short, err := who.ChangePasswordWithResponse(ctx, api.ChangePassword{CurrentPassword: testPassword, NewPassword: c.mark[:6]})
	c.does(invalid, short, err)
	changed, err := who.ChangePasswordWithResponse(ctx, api.ChangePassword{CurrentPassword: testPassword, NewPassword: secret})
	c.does(204, changed, err)

	anon, err := client.New(c.Stack.URL, client.WithTransport(c.ear))
	require.NoError(c.t, err)
	email, guess, token := c.Emails[tom], c.text("a guess"), c.word("refresh")
	guessed, err := anon.IssueTokenWithFormdataBodyWithResponse(ctx, api.TokenRequest{GrantType: "password", Trust: &c.Slug, Username: &email, Password: &guess})
	c.does(400, guessed, err)
	unknown, err := anon.IssueTokenWithFormdataBodyWithResponse(ctx, api.TokenRequest{GrantType: "refresh_token", RefreshToken: &token})
	c.does(400, unknown, err)
	link, err := anon.RedeemLinkWithResponse(ctx, api.RedeemLink{Link: c.word("link"), NewPassword: secret})
	c.does(invalid, link, err)

	signed, err := anon.IssueTokenWithFormdataBodyWithResponse(ctx, api.TokenRequest{GrantType: "password", Trust: &c.Slug, Username: &email, Password: &secret})
	c.does(ok, signed, err)
	c.marks = append(c.marks, signed.JSON200.AccessToken, signed.JSON200.RefreshToken)
	reset, err := hr.CreatePasswordResetWithResponse(ctx, c.People[tom], nil)
	c.does(ok, reset, err)
	c.marks = append(c.marks, reset.JSON200.Link)
	used, err := anon.RedeemLinkWithResponse(ctx, api.RedeemLink{Link: reset.JSON200.Link, NewPassword: c.text("another pass phrase")})
	c.does(204, used, err)
	twice, err := anon.RedeemLinkWithResponse(ctx, api.RedeemLink{Link: reset.JSON200.Link, NewPassword: secret})
	c.does(invalid, twice, err)
}

// malformed are requests whose faults stand beside, or in, marked words. The name of a property that
// is unknown is said, for nobody could find it otherwise; its value is not.
func (c *canaries) malformed() {
	ops := map[string]apitest.Operation{}
	for _, o := range apitest.Operations(c.t) {
		ops[o.OperationID] = o
	}
	token := c.World.HR.Token()
	c.marks = append(c.marks, token)
	for _, body := range []string{
		`{"given_name":"%[1]s"`, `{"given_name":"%[1]s","given_name":"%[1]s"}`, `{"given_name":["%[1]s"],"family_name":{"%[1]s":1}}`, `"%[1]s"`,
		`{"given_name":"a","family_name":"b","unknown":"%[1]s"}`, `{"given_name":"a","family_name":"b","post":"%[1]s"}`, `{"given_name":"a","family_name":"b","post":{"unit_id":"%[1]s","from_on":"%[1]s","staff_type":"%[1]s"}}`,
	} {
		c.hear(apitest.Call{Operation: ops["CreatePerson"], Token: token, Body: fmt.Appendf(nil, body, c.text("body"))})
	}
	c.hear(apitest.Call{Operation: ops["GetPerson"], Token: token, Path: map[string]string{"person_id": c.text("path")}})
	c.hear(apitest.Call{Operation: ops["ListPeople"], Token: token, Query: map[string][]string{"unknown": {c.text("value")}}})
	c.hear(apitest.Call{Operation: ops["ListPeople"], Token: token, Query: map[string][]string{"cursor": {c.word("cursor")}, "status": {c.word("status")}}})
	c.hear(apitest.Call{Operation: ops["GetMe"], Token: c.word("token")})
	c.hear(apitest.Call{Operation: ops["UpdatePerson"], Token: token, Path: map[string]string{"person_id": c.People[tom].String()}, IfMatch: `"` + c.word("tag") + `"`, Body: []byte(`{}`)})
	c.hear(apitest.Call{Operation: ops["CreatePerson"], Token: token, Type: "text/" + c.word("type"), Body: []byte("x")})
	c.hear(apitest.Call{Operation: ops["CreatePerson"], Token: token, Body: []byte(strings.Repeat(c.word("much"), 60_000))})
}

// hear sends a call that must be refused and keeps what is said about it.
func (c *canaries) hear(call apitest.Call) {
	c.t.Helper()
	r, err := call.Send(c.t.Context())
	require.NoError(c.t, err)
	require.GreaterOrEqual(c.t, r.Status, 400, call.OperationID)
	require.Less(c.t, r.Status, 500, call.OperationID)
	c.ear.said = append(c.ear.said, fmt.Sprintln(call.OperationID, r.Status, r.Header, string(r.Body)))
}
