package policy

import "fmt"

// The severities of a finding: an error keeps a document from being published; what is unset may
// be published and is refused where it is used.
const (
	SeverityError = "error"
	SeverityUnset = "unset"
)

// Finding is one thing that is wrong with a document, or that the trust still has to fill.
// Paths are places in the document, such as rules.objectives.max or groups.support.objectives.max;
// a value that no layer sets is named where the trust would set it.
type Finding struct {
	Severity   string   `json:"severity"`
	Code       string   `json:"code"`
	Message    string   `json:"message"`
	Paths      []string `json:"paths"`
	Suggestion string   `json:"suggestion,omitempty"`
}

func faultAt(path, code, format string, args ...any) Finding {
	return Finding{Severity: SeverityError, Code: code, Message: fmt.Sprintf(format, args...), Paths: []string{path}}
}

// Errors returns the findings that keep a document from being published.
func Errors(findings []Finding) []Finding { return withSeverity(findings, SeverityError) }

// Unset returns what the trust still has to fill.
func Unset(findings []Finding) []Finding { return withSeverity(findings, SeverityUnset) }

func withSeverity(findings []Finding, severity string) []Finding {
	var found []Finding
	for _, f := range findings {
		if f.Severity == severity {
			found = append(found, f)
		}
	}
	return found
}
