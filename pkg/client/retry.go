package client

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxWait is the longest that a client waits before it tries again; an answer that asks for more
// is given to the caller.
const maxWait = 30 * time.Second

// send tries a request again while the service says to come back (429 and 503 with Retry-After).
// Nothing was done then, so that every method may be repeated.
func (s *signer) send(r *http.Request) (*http.Response, error) {
	for try := 0; ; try++ {
		res, err := s.next.RoundTrip(r)
		if err != nil || try >= s.retries {
			return res, err
		}
		wait, ok := comeBack(r.Context(), res)
		if !ok {
			return res, nil
		}
		again, err := rewound(r)
		if err != nil {
			return res, nil
		}
		drain(res)
		select {
		case <-r.Context().Done():
			closeBody(again)
			return nil, r.Context().Err()
		case <-time.After(wait):
		}
		r = again
	}
}

// comeBack says how long to wait before another try, if one is wanted and there is time for it.
func comeBack(ctx context.Context, res *http.Response) (time.Duration, bool) {
	if res.StatusCode != http.StatusTooManyRequests && res.StatusCode != http.StatusServiceUnavailable {
		return 0, false
	}
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || seconds < 0 || seconds > int(maxWait/time.Second) {
		return 0, false
	}
	wait := time.Duration(seconds) * time.Second
	end, bounded := ctx.Deadline()
	return wait, !bounded || wait < time.Until(end)
}

// drain reads what is left of a body, so that its connection can be used again.
func drain(res *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	_ = res.Body.Close()
}
