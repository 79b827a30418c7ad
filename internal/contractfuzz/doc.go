// Package contractfuzz is a test: it draws requests from the contract, those that it allows and
// those that it forbids, sends them to the product as people of each role, and judges every answer.
// FUZZ_DRAWS says how many requests are drawn for each operation and kind, FUZZ_SEED from where
// (0 for somewhere new each time).
package contractfuzz
