package client_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestRequestComesBackWhenItIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bodies, answers := []string{}, []*http.Response{
			answer(429, `{}`, "Retry-After", "7"), answer(503, `{}`, "Retry-After", "2"), problem(409, "code_taken"),
		}
		s := &service{}
		s.answer = func(_ *http.Request, body string) *http.Response {
			bodies = append(bodies, body)
			next := answers[0]
			answers = answers[1:]
			return next
		}
		began := time.Now()
		r, err := s.client(t).CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "1", Title: "Attendance"})
		require.NoError(t, err)
		require.Equal(t, 409, r.StatusCode())
		require.Equal(t, 9*time.Second, time.Since(began))
		require.Len(t, bodies, 3)
		for _, b := range bodies {
			require.Equal(t, `{"code":"1","title":"Attendance"}`, b)
		}
	})
}

func TestRequestIsTriedAsOftenAsWasSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: func(*http.Request, string) *http.Response { return answer(503, `{}`, "Retry-After", "1") }}
		require.Equal(t, 503, listUnits(t, s.client(t)).StatusCode())
		require.Len(t, s.asked(), 4)
		require.Equal(t, 503, listUnits(t, s.client(t, client.WithRetries(0))).StatusCode())
		require.Len(t, s.asked(), 1)
	})
}

func TestAnswerThatNamesNoTimeOrALongOneIsTheCallers(t *testing.T) {
	for _, headers := range [][]string{{}, {"Retry-After", "31"}, {"Retry-After", "-1"}, {"Retry-After", "soon"}, {"Retry-After", "99999999999999"}} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{answer: func(*http.Request, string) *http.Response { return answer(503, `{}`, headers...) }}
			began := time.Now()
			require.Equal(t, 503, listUnits(t, s.client(t)).StatusCode())
			require.Len(t, s.asked(), 1)
			require.Zero(t, time.Since(began))
		})
	}
}

func TestNobodyWaitsLongerThanTheyHave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: func(*http.Request, string) *http.Response { return answer(429, `{}`, "Retry-After", "20") }}
		began := time.Now()
		require.Equal(t, 429, listUnits(t, s.client(t, client.WithTimeout(10*time.Second))).StatusCode(), "the answer, not a time-out")
		require.Zero(t, time.Since(began))

		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		_, err := s.client(t).ListUnitsWithResponse(ctx, nil)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, 3*time.Second, time.Since(began))
	})
}
