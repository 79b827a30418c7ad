// Package migrations holds the schema as numbered SQL, applied in order and never edited once
// released. The roles are made by the runner, for their names are configuration.
package migrations

import "embed"

// Files are the migrations, in the form that goose reads.
//
//go:embed *.sql
var Files embed.FS
