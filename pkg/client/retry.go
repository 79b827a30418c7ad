package client

import (
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
		wait, ok := comeBack(res)
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
			return nil, r.Context().Err()
		case <-time.After(wait):
		}
		r = again
	}
}

func comeBack(res *http.Response) (time.Duration, bool) {
	if res.StatusCode != http.StatusTooManyRequests && res.StatusCode != http.StatusServiceUnavailable {
		return 0, false
	}
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	wait := time.Duration(seconds) * time.Second
	return wait, err == nil && seconds >= 0 && wait <= maxWait
}

func drain(res *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	_ = res.Body.Close()
}
