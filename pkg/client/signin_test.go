package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func listUnits(t *testing.T, c *client.ClientWithResponses) *client.ListUnitsResponse {
	t.Helper()
	r, err := c.ListUnitsWithResponse(t.Context(), nil)
	require.NoError(t, err)
	return r
}

func TestClientSignsInOnceAndRefreshesBeforeItsTokenEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: well}
		c := s.client(t, byPassword)
		listUnits(t, c)
		time.Sleep(14 * time.Minute)
		listUnits(t, c)
		require.Equal(t, []string{"password", "GET /v1/units t1", "GET /v1/units t1"}, s.asked())
		time.Sleep(31 * time.Second) // half a minute before the token ends
		listUnits(t, c)
		require.Equal(t, []string{"refresh_token r1", "GET /v1/units t2"}, s.asked())
		time.Sleep(time.Hour)
		listUnits(t, c)
		require.Equal(t, []string{"refresh_token r2", "GET /v1/units t3"}, s.asked(), "each refresh token is used once")
	})
}

func TestClientWithoutCredentialsSendsNoToken(t *testing.T) {
	s := &service{answer: well}
	listUnits(t, s.client(t))
	require.Equal(t, []string{"GET /v1/units"}, s.asked())
}

func TestEndedTokenIsRenewedAndTheBodySentAgain(t *testing.T) {
	bodies := []string{}
	s := &service{}
	s.answer = func(r *http.Request, body string) *http.Response {
		bodies = append(bodies, body)
		if r.Header.Get("Authorization") == "Bearer t1" {
			return problem(401, "token_ended")
		}
		return problem(409, "code_taken")
	}
	r, err := s.client(t, byPassword).CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Attendance"})
	require.NoError(t, err)
	require.Equal(t, 409, r.StatusCode())
	require.Equal(t, []string{"password", "POST /v1/priorities t1", "refresh_token r1", "POST /v1/priorities t2"}, s.asked())
	require.Equal(t, []string{`{"code":"1","title":"Attendance"}`, `{"code":"1","title":"Attendance"}`}, bodies)
}

func TestBodyThatCannotBeReadTwiceIsSentOnce(t *testing.T) {
	s := &service{answer: func(*http.Request, string) *http.Response { return problem(401, "token_ended") }}
	once := struct{ *strings.Reader }{strings.NewReader("Legal Forename,Legal Surname")}
	r, err := s.client(t, byPassword).CreateImportWithBodyWithResponse(t.Context(), &api.CreateImportParams{}, "text/csv", once)
	require.NoError(t, err)
	require.Equal(t, 401, r.StatusCode())
	require.Equal(t, []string{"password", "POST /v1/imports t1"}, s.asked())
}

func TestRoleThatWasGainedIsWorthARefresh(t *testing.T) {
	code := "token_roles_stale"
	s := &service{}
	s.answer = func(r *http.Request, _ string) *http.Response {
		if r.Header.Get("Authorization") == "Bearer t1" {
			return problem(403, code)
		}
		return well(nil, "")
	}
	require.Equal(t, 200, listUnits(t, s.client(t, byPassword)).StatusCode())
	require.Equal(t, []string{"password", "GET /v1/units t1", "refresh_token r1", "GET /v1/units t2"}, s.asked())

	s.issued, code = 0, "out_of_reach"
	r := listUnits(t, s.client(t, byPassword))
	require.Equal(t, []string{"password", "GET /v1/units t1"}, s.asked(), "any other refusal stands")
	require.ErrorContains(t, client.Check(r), "403 out_of_reach: Refused.", "and can be read")
}

func TestSecondRefusalIsTheCallers(t *testing.T) {
	s := &service{answer: func(*http.Request, string) *http.Response { return problem(401, "token_ended") }}
	require.Equal(t, 401, listUnits(t, s.client(t, byPassword)).StatusCode())
	require.Equal(t, []string{"password", "GET /v1/units t1", "refresh_token r1", "GET /v1/units t2"}, s.asked())
}

func TestManyRequestsRefreshOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: well, before: func(*http.Request) error { time.Sleep(50 * time.Millisecond); return nil }}
		c := s.client(t, byPassword)
		listUnits(t, c)
		s.asked()
		s.answer = func(r *http.Request, _ string) *http.Response {
			if r.Header.Get("Authorization") == "Bearer t1" {
				return problem(401, "token_ended")
			}
			return well(nil, "")
		}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if r, err := c.ListUnitsWithResponse(t.Context(), nil); err != nil || r.StatusCode() != 200 {
					t.Error(err, r)
				}
			})
		}
		wg.Wait()
		count := map[string]int{}
		for _, a := range s.asked() {
			count[a]++
		}
		require.Equal(t, map[string]int{"GET /v1/units t1": 20, "refresh_token r1": 1, "GET /v1/units t2": 20}, count)
	})
}

func TestRefreshThatIsBegunIsFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: well}
		s.before = func(r *http.Request) error {
			select {
			case <-time.After(time.Second):
				return nil
			case <-r.Context().Done():
				return r.Context().Err()
			}
		}
		c := s.client(t, byPassword)
		listUnits(t, c)
		time.Sleep(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		_, err := c.ListUnitsWithResponse(ctx, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		s.asked()
		listUnits(t, c)
		require.Equal(t, []string{"GET /v1/units t2"}, s.asked(), "the tokens that came too late for the first are there for the next")
	})
}

func TestWaitingForTheTurnEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: well, before: func(*http.Request) error { time.Sleep(5 * time.Second); return nil }}
		c := s.client(t, byPassword)
		go func() { _, _ = c.ListUnitsWithResponse(t.Context(), nil) }()
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := c.ListUnitsWithResponse(ctx, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began))
		time.Sleep(time.Minute)
	})
}

func TestPasswordSignsInAgainWhenTheRefreshTokenIsSpent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: well, spent: map[string]bool{"r1": true}}
		c := s.client(t, byPassword)
		listUnits(t, c)
		time.Sleep(time.Hour)
		listUnits(t, c)
		require.Equal(t, []string{"password", "GET /v1/units t1", "refresh_token r1", "password", "GET /v1/units t2"}, s.asked())
	})
}

func TestPasswordIsNotTriedWhileTheServiceIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: well}
		c := s.client(t, byPassword)
		listUnits(t, c)
		time.Sleep(time.Hour)
		s.asked()
		s.busy = true
		_, err := c.ListUnitsWithResponse(t.Context(), nil)
		var refusal *client.SignInError
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, 429, refusal.Status)
		require.Equal(t, []string{"refresh_token r1"}, s.asked())
	})
}

func TestRefreshTokenSignsInAndItsSuccessorsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: well}
		kept := []string{}
		keep := client.WithRefreshKept(func(token string) { kept = append(kept, token) })
		c := s.client(t, client.WithCredentials(client.Refresh("r0")), keep)
		listUnits(t, c)
		time.Sleep(time.Hour)
		listUnits(t, c)
		require.Equal(t, []string{"refresh_token r0", "GET /v1/units t1", "refresh_token r1", "GET /v1/units t2"}, s.asked())
		require.Equal(t, []string{"r1", "r2"}, kept)

		_, err := s.client(t, client.WithCredentials(client.Refresh("r0"))).ListUnitsWithResponse(t.Context(), nil)
		var refusal *client.SignInError
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, "invalid_grant", refusal.Code)
		require.Equal(t, 400, refusal.Status)
	})
}

func TestTokenGoesToTheServiceOnly(t *testing.T) {
	s := &service{}
	s.answer = func(r *http.Request, _ string) *http.Response {
		if r.URL.Host == "elsewhere.example" {
			require.Empty(t, r.Header.Get("Authorization"))
			return well(nil, "")
		}
		return answer(302, "", "Location", "https://elsewhere.example/v1/units")
	}
	require.Equal(t, 200, listUnits(t, s.client(t, byPassword)).StatusCode())
	require.Equal(t, []string{"password", "GET /v1/units t1", "GET /v1/units"}, s.asked())
}

func TestCredentialsStayOutOfLogs(t *testing.T) {
	said := fmt.Sprintf("%v %+v %#v", client.Password("brightwater", "ada", "correct horse"), client.Refresh("secret"), client.Password("b", "ada", "correct horse"))
	require.NotContains(t, said, "horse")
	require.NotContains(t, said, "secret")
	require.NotContains(t, said, "ada")
}

func TestAddressWithoutSchemeOrHostIsRefused(t *testing.T) {
	for _, address := range []string{"", "localhost:8080", "/v1", "ftp://appraisal.example", "http://%zz"} {
		_, err := client.New(address)
		require.ErrorContains(t, err, "must be like", address)
	}
}

func TestNetworkErrorIsNoSignInError(t *testing.T) {
	broken := errors.New("no route")
	s := &service{before: func(*http.Request) error { return broken }}
	_, err := s.client(t, byPassword).ListUnitsWithResponse(t.Context(), nil)
	require.ErrorIs(t, err, broken)
}
