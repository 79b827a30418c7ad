package access

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

var reaches = []Reach{Own, Team, Unit, Trust, Everyone}

// Load compiles the x-access of every operation. It refuses a contract in which an operation does
// not say who may call it, names an unknown role or reach, or is public in one place only.
func Load(doc *openapi3.T) (Table, error) {
	table, bad := Table{}, []string{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			rule, err := parse(op)
			if err != nil {
				bad = append(bad, fmt.Sprintf("%s %s %s: %v", method, path, op.OperationID, err))
			}
			table[op.OperationID] = rule
		}
	}
	if len(bad) > 0 {
		sort.Strings(bad)
		return nil, fmt.Errorf("contract: %s", strings.Join(bad, "; "))
	}
	return table, nil
}

func parse(op *openapi3.Operation) (Rule, error) {
	open := op.Security != nil && len(*op.Security) == 0
	switch v := op.Extensions["x-access"].(type) {
	case string:
		if v != "public" {
			return Rule{}, fmt.Errorf("x-access %q", v)
		}
		if !open {
			return Rule{}, fmt.Errorf("public, yet its security is not []")
		}
		return Rule{Public: true}, nil
	case map[string]any:
		if open {
			return Rule{}, fmt.Errorf("has x-access, yet its security is []")
		}
		return roles(v)
	default:
		return Rule{}, fmt.Errorf("no x-access")
	}
}

func roles(v map[string]any) (Rule, error) {
	r := Rule{Reach: map[Role]Reach{}}
	for role, reach := range v {
		s, _ := reach.(string)
		if !slices.Contains(append(slices.Clone(Roles), Any), Role(role)) || !slices.Contains(reaches, Reach(s)) {
			return Rule{}, fmt.Errorf("x-access %s: %v", role, reach)
		}
		r.Reach[Role(role)] = Reach(s)
	}
	if len(r.Reach) == 0 {
		return Rule{}, fmt.Errorf("x-access is empty")
	}
	return r, nil
}
