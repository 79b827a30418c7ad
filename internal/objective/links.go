package objective

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
)

// link holds the links of a content against the trust's records, and answers the levels of its
// priorities.
func (s *Service) link(ctx context.Context, c *appraisal.Case, content Content) (map[uuid.UUID]plan.Level, error) {
	levels, err := s.LinkedPriorities(ctx, content.Priorities, c.UnitID)
	if err != nil {
		return nil, err
	}
	for i, id := range content.Priorities {
		if _, known := levels[id]; !known {
			return nil, fault.Body(fmt.Sprintf("/priority_ids/%d", i), "unknown_priority", "There is no such priority of the trust or this unit, or it is archived.")
		}
	}
	if err := confirmed(c, content, levels); err != nil {
		return nil, err
	}
	unknown, err := s.UnknownStatements(ctx, content.Statements, c.UnitID)
	if err != nil {
		return nil, err
	}
	if len(unknown) > 0 {
		return nil, fault.Body(fmt.Sprintf("/statements/%d", unknown[0]), "unknown_statement", "There is no such statement in that version of a framework.")
	}
	return levels, s.fromBank(ctx, c, content)
}

// relink is link for a version of an objective.
func (s *Service) relink(ctx context.Context, a *Aggregate, content Content) error {
	levels, err := s.link(ctx, a.Case, content)
	if err != nil {
		return err
	}
	if a.Levels == nil {
		a.Levels = map[uuid.UUID]plan.Level{}
	}
	maps.Copy(a.Levels, levels)
	return nil
}

// readers are the leaders whom a link to a priority of the level lets read an objective.
var readers = map[plan.Level][]policy.Party{
	plan.OfTrust: {"office:ceo", policy.HR}, plan.OfUnit: {policy.Head}, plan.OfPartnership: {"partnership"},
}

// confirmed refuses a link that lets more people read the objective until the author says that
// they know.
func confirmed(c *appraisal.Case, content Content, levels map[uuid.UUID]plan.Level) error {
	leaf := &rules(c).LinkDiscloses
	who := disclosed(*leaf, slices.Collect(maps.Values(levels)))
	if content.Confirmed || len(who) == 0 {
		return nil
	}
	names := make([]string, len(who))
	for i, p := range who {
		names[i] = c.PartyName(p)
	}
	e := fault.Body("/confirm_disclosure", "link_discloses", "By this link %s may read the objective once it is agreed. Confirm it, or leave the link out.", strings.Join(names, " and "))
	e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: c.Policy.Cite(leaf), Unblock: "Send confirm_disclosure as true."}}
	return e
}

func disclosed(disclosing []string, levels []plan.Level) []policy.Party {
	var out []policy.Party
	for _, level := range []plan.Level{plan.OfTrust, plan.OfUnit, plan.OfPartnership} {
		if slices.Contains(disclosing, string(level)) && slices.Contains(levels, level) {
			out = append(out, readers[level]...)
		}
	}
	return out
}

// DisclosedTo are the leaders whom the links of the agreed version let read it.
func DisclosedTo(c *appraisal.Case, a *Aggregate) []policy.Party {
	if a.Live == nil {
		return nil
	}
	return disclosed(rules(c).LinkDiscloses, a.levelsOf(a.Live))
}

// fromBank refuses an entry of the bank that is not there, or any where the trust offers none.
func (s *Service) fromBank(ctx context.Context, c *appraisal.Case, content Content) error {
	if content.TemplateID == nil {
		return nil
	}
	if leaf := &rules(c).Bank; !*leaf {
		return fault.Check([]fault.Refusal{{Code: "no_objective_bank", Detail: "This trust offers no objective bank.", Policy: c.Policy.Cite(leaf), Unblock: "Leave template_id out."}})
	}
	known, err := s.KnowsTemplate(ctx, *content.TemplateID)
	if err != nil || known {
		return err
	}
	return fault.Body("/template_id", "unknown_template", "There is no such entry of the objective bank.")
}
