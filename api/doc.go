// Package api holds the types of the contract, generated from openapi.yaml. It imports nothing of
// ours, so that a client needs nothing else. The echo server is in api/server, the contract itself
// in api/contract.
package api
