// Command sampleserver serves the documentation page over a sample contract,
// with invented tokens and answers that echo the Authorization header. It is
// what the browser check runs against when the product itself is not at hand:
//
//	go run ./internal/apidocs/browsercheck/sampleserver -addr 127.0.0.1:8099
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/perennial-api/perennial/internal/apidocs"
)

var accounts = []apidocs.Account{
	{Label: "Ruth Okafor, HR", Trust: "meadow", Username: "hr@meadow.example", Password: "demo-hr-7319"},
	{Label: "Tom Price, headteacher", Trust: "meadow", Username: "head@meadow.example", Password: "demo-head-2048"},
	{Label: "Asha Patel, reviewer", Trust: "meadow", Username: "reviewer@meadow.example", Password: "demo-rev-5512"},
	{Label: "Ben Fox, teacher", Trust: "meadow", Username: "teacher@meadow.example", Password: "demo-tea-9901"},
	{Label: "Iris Dunn, CEO", Trust: "meadow", Username: "ceo@meadow.example", Password: "demo-ceo-4470"},
	{Label: "Wrong password", Trust: "meadow", Username: "locked@meadow.example", Password: ""},
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8099", "address to listen on")
	spec := flag.String("spec", "internal/apidocs/testdata/openapi.json", "the OpenAPI document")
	life := flag.Duration("token-life", 15*time.Minute, "life of an access token")
	bare := flag.Bool("no-demo", false, "leave the demo accounts out")
	flag.Parse()

	contract, err := os.ReadFile(*spec)
	if err != nil {
		log.Fatalf("read the contract: %v", err)
	}
	opts := apidocs.Options{DemoAccounts: accounts}
	if *bare {
		opts.DemoAccounts = nil
	}
	issuer := &issuer{life: *life, access: map[string]string{}, refresh: map[string]string{}}
	docs := apidocs.Handler(opts)

	mux := http.NewServeMux()
	mux.Handle("/docs", docs)
	mux.Handle("/docs/", docs)
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(contract)
	})
	mux.HandleFunc("POST /v1/oauth/token", issuer.issue)
	mux.HandleFunc("POST /v1/oauth/revoke", issuer.revoke)
	mux.HandleFunc("GET /v1/me", issuer.me)
	mux.HandleFunc("GET /v1/reviews", issuer.listReviews)
	mux.HandleFunc("POST /v1/reviews", issuer.createReview)
	mux.HandleFunc("GET /v1/reviews/{id}/chart", chart)

	log.Printf("http://%s/docs", *addr)
	server := &http.Server{Addr: *addr, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

// issuer hands out numbered tokens; refresh tokens serve once.
type issuer struct {
	life time.Duration

	mu      sync.Mutex
	count   int
	access  map[string]string // access token -> username
	refresh map[string]string // refresh token -> username
}

func (s *issuer) issue(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		problem(w, http.StatusBadRequest, "invalid_request", "The body is not a form.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()

	username := ""
	switch r.PostForm.Get("grant_type") {
	case "password":
		for _, a := range accounts {
			if a.Password != "" && a.Trust == r.PostForm.Get("trust") &&
				a.Username == r.PostForm.Get("username") && a.Password == r.PostForm.Get("password") {
				username = a.Username
			}
		}
	case "refresh_token":
		token := r.PostForm.Get("refresh_token")
		username = s.refresh[token]
		delete(s.refresh, token)
	}
	if username == "" {
		problem(w, http.StatusBadRequest, "invalid_grant", "The credentials are not right")
		return
	}
	s.count++
	access, refresh := fmt.Sprintf("sample-access-%d", s.count), fmt.Sprintf("sample-refresh-%d", s.count)
	s.access[access], s.refresh[refresh] = username, username
	time.AfterFunc(s.life, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.access, access)
	})
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "Bearer",
		"expires_in": int(s.life.Seconds()), "refresh_token": refresh,
	})
}

func (s *issuer) revoke(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.refresh, r.PostFormValue("token"))
	w.WriteHeader(http.StatusNoContent)
}

// caller answers 401 itself and gives "" if the token is not one of ours.
func (s *issuer) caller(w http.ResponseWriter, r *http.Request) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	username := s.access[token]
	if username == "" {
		problem(w, http.StatusUnauthorized, "unauthenticated", "The request has no valid token.")
	}
	return username
}

func (s *issuer) me(w http.ResponseWriter, r *http.Request) {
	if username := s.caller(w, r); username != "" {
		role, _, _ := strings.Cut(username, "@")
		answer(w, http.StatusOK, map[string]any{
			"username": username, "roles": []string{role}, "authorization": r.Header.Get("Authorization"),
		})
	}
}

func (s *issuer) listReviews(w http.ResponseWriter, r *http.Request) {
	if s.caller(w, r) != "" {
		answer(w, http.StatusOK, map[string]any{"data": []any{}, "next_cursor": nil})
	}
}

func (s *issuer) createReview(w http.ResponseWriter, r *http.Request) {
	if s.caller(w, r) == "" {
		return
	}
	review := map[string]any{}
	if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
		problem(w, http.StatusBadRequest, "invalid_json", "The body is not JSON.")
		return
	}
	review["id"], review["status"] = "0192f0c1-6f3a-7c55-9d1e-0a5f2a6b7c01", "draft"
	answer(w, http.StatusCreated, review)
}

func chart(w http.ResponseWriter, _ *http.Request) {
	img := image.NewRGBA(image.Rect(0, 0, 120, 60))
	for x := range 120 {
		for y := 60 - x/2; y < 60; y++ {
			img.Set(x, y, color.RGBA{R: 22, G: 101, B: 52, A: 255})
		}
	}
	w.Header().Set("Content-Type", "image/png")
	_ = png.Encode(w, img)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func problem(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": "/problems/" + code, "title": http.StatusText(status), "status": status,
		"code": code, "error": code, "detail": detail,
	})
}
