package main

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// tag is a section of the contract with its operations, both in the order of the file.
type tag struct {
	Name        string
	Description string
	operations  []operation
}

type operation struct{ id, method, path string }

var methods = []string{"get", "put", "post", "delete", "patch"}

// readTags reads the contract as it is written, for a parsed one has lost its order. It fails where
// an operation would be in no table.
func readTags(contract []byte) ([]tag, error) {
	var doc struct {
		Tags  []tag
		Paths yaml.Node
	}
	if err := yaml.Unmarshal(contract, &doc); err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	for path, item := range members(&doc.Paths) {
		for method, node := range members(item) {
			if !slices.Contains(methods, method) {
				continue // what the operations of a path share
			}
			var op struct {
				OperationID string `yaml:"operationId"`
				Tags        []string
			}
			if err := node.Decode(&op); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			i := slices.IndexFunc(doc.Tags, func(t tag) bool { return slices.Equal(op.Tags, []string{t.Name}) })
			if i < 0 {
				return nil, fmt.Errorf("%s %s does not have one tag of those at the top of the contract", method, path)
			}
			doc.Tags[i].operations = append(doc.Tags[i].operations, operation{op.OperationID, strings.ToUpper(method), path})
		}
	}
	return doc.Tags, nil
}

// members walks an object in its own order.
func members(object *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 0; i+1 < len(object.Content); i += 2 {
			if !yield(object.Content[i].Value, object.Content[i+1]) {
				return
			}
		}
	}
}
