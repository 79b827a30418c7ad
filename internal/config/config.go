// Package config reads the environment; nothing else does. Every setting has a default that suits
// a demo on one machine, and a secret that the product would be unsafe without is refused.
package config

import (
	"errors"
	"fmt"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is every setting of the product, from the environment.
type Config struct {
	DatabaseURL      string        `env:"DATABASE_URL"`                     // the role of requests; empty: the embedded database
	DatabaseAdminURL string        `env:"DATABASE_ADMIN_URL"`               // the role that migrates and makes roles
	DataDir          string        `env:"DATA_DIR" envDefault:".perennial"` // where the embedded database lives
	MaxConns         int           `env:"DB_MAX_CONNS" envDefault:"16"`     // connections to the database
	Host             string        `env:"HOST" envDefault:"127.0.0.1"`      // address to listen on
	Port             int           `env:"PORT" envDefault:"8080"`           // port to listen on
	PublicURL        string        `env:"PUBLIC_URL"`                       // where users reach the service; the issuer of tokens
	Origins          []string      `env:"CORS_ORIGINS" envSeparator:","`    // origins of single-page apps
	Secret           string        `env:"SECRET"`                           // seals the signing keys; at least 32 characters
	PasswordGrant    bool          `env:"PASSWORD_GRANT" envDefault:"true"` // sign-in by password at the token endpoint
	Demo             bool          `env:"DEMO"`                             // load the demo trust
	RateLimit        int           `env:"RATE_LIMIT" envDefault:"1200"`     // requests a caller may make in a minute; 0: no limit
	LogFormat        string        `env:"LOG_FORMAT" envDefault:"text"`     // text or json
	LogLevel         string        `env:"LOG_LEVEL" envDefault:"info"`      // debug, info, warn or error
	ShutdownGrace    time.Duration `env:"SHUTDOWN_GRACE" envDefault:"10s"`  // how long running requests may take to end
}

// Load reads the environment.
func Load() (Config, error) {
	var c Config
	if err := env.Parse(&c); err != nil {
		return c, fmt.Errorf("settings: %w", err)
	}
	if c.PublicURL == "" {
		c.PublicURL = fmt.Sprintf("http://%s:%d", c.Host, c.Port)
	}
	if c.DatabaseURL != "" && len(c.Secret) < 32 {
		return c, errors.New("SECRET is missing: set at least 32 random characters, such as from `openssl rand -base64 32`, and keep them; they seal the keys by which sign-ins are signed")
	}
	return c, nil
}

// Embedded says whether the product runs its own database.
func (c Config) Embedded() bool { return c.DatabaseURL == "" }
