package meeting

import (
	"strings"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// maxTitle is the longest title that the contract allows.
const maxTitle = 500

// TitleOf renders the trust's convention for the record of a planned meeting. Nothing of a person
// can stand in it, for titles are shown in lists.
func TitleOf(c *appraisal.Case, p *policy.MeetingPlan) string {
	if p.Title == "" {
		return p.Label
	}
	group := c.StaffGroup
	for _, g := range c.Rules().Population.Groups {
		if g.Code == c.StaffGroup {
			group = g.Label
		}
	}
	title := []rune(strings.NewReplacer("{meeting}", p.Label, "{cycle}", c.Cycle.Name, "{group}", group).Replace(p.Title))
	return string(title[:min(len(title), maxTitle)])
}
