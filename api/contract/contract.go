// Package contract embeds the contract. The copy beside this file is made by make generate.
package contract

import _ "embed"

// YAML is openapi.yaml, to the letter.
//
//go:embed openapi.gen.yaml
var YAML []byte
