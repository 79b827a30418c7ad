package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// Sign in, read a list to its end, and learn why a request was refused.
func Example() {
	srv := local() // in earnest the address of the service, such as http://127.0.0.1:8080
	defer srv.Close()
	ctx := context.Background()
	c, err := client.New(srv.URL, client.WithCredentials(client.Password("brightwater", "hana@brightwater.example", "correct horse battery")))
	if err != nil {
		fmt.Println(err)
		return
	}

	units := client.Pages(func(cursor string) ([]api.Unit, string, error) {
		r, err := c.ListUnitsWithResponse(ctx, &api.ListUnitsParams{Cursor: client.Cursor(cursor)})
		if err == nil {
			err = client.Check(r)
		}
		if err != nil {
			return nil, "", err
		}
		next, _ := r.JSON200.NextCursor.Get() // null after the last page
		return r.JSON200.Items, next, nil
	})
	for unit, err := range units {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(unit.Name)
	}

	r, err := c.CreatePriorityWithResponse(ctx, nil, api.CreatePriority{Code: "2b", Title: "Raise reading in year 7"})
	if err != nil {
		fmt.Println(err)
		return
	}
	var problem *client.ProblemError
	if errors.As(client.Check(r), &problem) && problem.Code == "code_taken" {
		fmt.Println(problem.Detail)
	}

	// Output:
	// Brightwater Trust
	// Northfield School
	// Another live priority of the trust has this code.
}

// local answers as the service does.
func local() *httptest.Server {
	const unit = `{"id":"0198f2c4-7a10-759e-84aa-5d01ba2b0703","version":1,"parent_id":null,"name":%q}`
	answers := map[string]string{
		"POST /v1/oauth/token":   `{"access_token":"an access token","token_type":"Bearer","expires_in":900,"refresh_token":"a refresh token"}`,
		"GET /v1/units":          fmt.Sprintf(`{"items":[`+unit+`],"next_cursor":"n"}`, "Brightwater Trust"),
		"GET /v1/units?cursor=n": fmt.Sprintf(`{"items":[`+unit+`],"next_cursor":null}`, "Northfield School"),
		"POST /v1/priorities":    `{"status":409,"code":"code_taken","detail":"Another live priority of the trust has this code."}`,
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/v1/priorities" {
			w.WriteHeader(http.StatusConflict)
		}
		_, _ = io.WriteString(w, answers[r.Method+" "+r.URL.RequestURI()])
	}))
}
