// Package auth establishes who is calling, and nothing more.
//
// It owns access tokens and the keys that sign them, passwords, refresh tokens and the sessions
// they belong to, one-time links, and the throttling of guesses.
//
// It does not own what a caller may do (access), who people are and which offices they hold
// (directory), the HTTP and form encoding of OAuth (httpapi), nor where its rows are kept: a
// Store and a KeyStore are handed in. It alone imports the token and password-hash libraries.
package auth
