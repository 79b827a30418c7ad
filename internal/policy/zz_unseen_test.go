package policy_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/perennial-api/perennial/internal/policy"
)

func TestZZUnseen(t *testing.T) {
	files, _ := filepath.Glob("../httpapi/testdata/policies/*")
	for _, f := range files {
		raw, _ := os.ReadFile(f)
		d, fs := policy.Parse(raw)
		for _, x := range fs {
			t.Errorf("%s PARSE %s %v %s", filepath.Base(f), x.Code, x.Paths, x.Message)
		}
		if d != nil {
			for _, x := range policy.Validate(d) {
				t.Errorf("%s %s %s %v %s | %s", filepath.Base(f), x.Severity, x.Code, x.Paths, x.Message, x.Suggestion)
			}
		}
	}
}
