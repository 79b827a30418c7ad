// Package config reads the environment; nothing else does. Every setting has a default that suits
// a demo on one machine, and a secret that the product would be unsafe without is refused.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is every setting of the product, from the environment.
type Config struct {
	DatabaseURL      string        `env:"DATABASE_URL" about:"PostgreSQL address of the role of requests; empty: a database of its own"`
	DatabaseAdminURL string        `env:"DATABASE_ADMIN_URL" about:"PostgreSQL address of the role that migrates and makes roles and trusts"`
	DataDir          string        `env:"DATA_DIR" envDefault:".perennial" about:"where its own database lives"`
	BlobURL          string        `env:"BLOB_URL" about:"where documents are kept, such as file:///var/lib/perennial/blobs; empty: blobs in DATA_DIR"`
	MaxConns         int           `env:"DB_MAX_CONNS" envDefault:"16" about:"connections to the database"`
	Host             string        `env:"HOST" envDefault:"127.0.0.1" about:"address to listen on"`
	Port             int           `env:"PORT" envDefault:"8080" about:"port to listen on; 0: a free one"`
	PublicURL        string        `env:"PUBLIC_URL" about:"where users reach the service; the issuer of tokens"`
	Origins          []string      `env:"CORS_ORIGINS" envSeparator:"," about:"origins of single-page apps"`
	Secret           string        `env:"SECRET" about:"seals the signing keys; at least 32 characters"`
	PasswordGrant    bool          `env:"PASSWORD_GRANT" envDefault:"true" about:"sign-in by password at the token endpoint"`
	Demo             bool          `env:"DEMO" about:"load the demo trust"`
	RateLimit        int           `env:"RATE_LIMIT" envDefault:"1200" about:"requests a caller may make in a minute; 0: no limit"`
	LogFormat        string        `env:"LOG_FORMAT" envDefault:"text" about:"text or json"`
	LogLevel         slog.Level    `env:"LOG_LEVEL" envDefault:"info" about:"debug, info, warn or error"`
	ShutdownGrace    time.Duration `env:"SHUTDOWN_GRACE" envDefault:"10s" about:"how long running requests may take to end"`

	Password string `env:"PERENNIAL_PASSWORD" about:"of the person as whom the command line signs in"`
}

// Setting is one variable of the environment, for the help of the command line.
type Setting struct{ Name, Default, About string }

// Settings lists what can be set.
func Settings() []Setting {
	var all []Setting
	for f := range reflect.TypeFor[Config]().Fields() {
		all = append(all, Setting{Name: f.Tag.Get("env"), Default: f.Tag.Get("envDefault"), About: f.Tag.Get("about")})
	}
	return all
}

// Load reads the environment. What is wrong with it is one sentence that names the variables.
func Load() (Config, error) {
	var c Config
	if err := env.Parse(&c); err != nil {
		return c, unreadable(err)
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	return c, c.check()
}

// unreadable names the variables that cannot be read, without their values: one might be a secret.
func unreadable(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var names []string
	for _, e := range all.Errors {
		var parse env.ParseError
		if !errors.As(e, &parse) {
			return e
		}
		field, _ := reflect.TypeFor[Config]().FieldByName(parse.Name)
		names = append(names, field.Tag.Get("env"))
	}
	return fmt.Errorf("the value of %s cannot be read", strings.Join(names, " and of "))
}

func (c Config) check() error {
	public, err := url.Parse(c.PublicURL)
	switch {
	case c.Port < 0 || c.Port > 65535:
		return errors.New("PORT is a number from 0 to 65535")
	case c.MaxConns < 2 || c.MaxConns > 1000:
		return errors.New("DB_MAX_CONNS is a number from 2 to 1000")
	case c.RateLimit < 0:
		return errors.New("RATE_LIMIT is a number from 0, which means no limit")
	case c.ShutdownGrace <= 0:
		return errors.New("SHUTDOWN_GRACE is a time such as 10s")
	case c.LogFormat != "text" && c.LogFormat != "json":
		return errors.New("LOG_FORMAT is text or json")
	case c.PublicURL != "" && (err != nil || public.Host == "" || public.Scheme != "http" && public.Scheme != "https"):
		return errors.New("PUBLIC_URL is an address such as https://appraisal.trust.example")
	}
	return nil
}

const minSecret = 32

// CheckSecret refuses to go on without a secret that nobody guesses. The embedded database may do
// without: a secret is then made and kept beside it.
func (c Config) CheckSecret() error {
	if len(c.Secret) >= minSecret || c.Secret == "" && c.Embedded() {
		return nil
	}
	what := "missing"
	if c.Secret != "" {
		what = "too short"
	}
	return fmt.Errorf("SECRET is %s: set at least %d random characters, such as from `openssl rand -base64 32`, "+
		"and keep them; they seal the keys by which sign-ins are signed", what, minSecret)
}

// Embedded says whether the product runs its own database.
func (c Config) Embedded() bool { return c.DatabaseURL == "" }

// Blobs is where documents are kept: BLOB_URL, or else a directory beside the product's own database.
func (c Config) Blobs() string {
	if c.BlobURL != "" {
		return c.BlobURL
	}
	dir, err := filepath.Abs(filepath.Join(c.DataDir, "blobs"))
	if err != nil {
		return "" // there is no working directory, and the place is refused as unnamed
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String()
}

// Address is where the product listens, as net.Listen takes it.
func (c Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// URL is where users reach the product that listens on the port: PUBLIC_URL, or else LocalURL.
func (c Config) URL(port int) string { return cmp.Or(c.PublicURL, c.LocalURL(port)) }

// LocalURL is where the product that listens on the port is reached on this machine.
func (c Config) LocalURL(port int) string {
	host := c.Host
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
}
