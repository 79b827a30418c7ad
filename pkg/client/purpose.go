package client

import (
	"context"
	"net/http"
)

// ForPurpose states for what a record is read by somebody who is no party to it: one of the purposes
// of the trust's policy. Give it to a read that takes the header Disclosure-Purpose.
//
//	r, err := c.GetOutcomeWithResponse(ctx, id, client.ForPurpose("quality_assurance"))
func ForPurpose(purpose string) RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set("Disclosure-Purpose", purpose)
		return nil
	}
}
