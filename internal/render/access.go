package main

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/perennial-api/perennial/internal/access"
)

// columns are the roles of the tables. Any comes first: where it reaches, the others add nothing
// but what they reach beyond it.
var columns = []access.Role{access.Any, access.Reviewee, access.Reviewer, access.Head, access.HR}

const aboutAccess = `# Who may do what

<!-- Rendered from x-access in openapi.yaml by internal/render; do not edit. -->

Every operation of the contract says whom each role reaches by it (` + "`x-access`" + `). The server loads the same
lines and refuses to start when an operation lacks them: what is written here is what is enforced, at the door, on the
record, and as the filter of every list.

**Roles.** People have several, and reach whatever one of them reaches. The database says who has which, on the school
day of the request.

| role | who |
|---|---|
| any | every signed-in person of the trust |
| reviewee | whoever has an appraisal |
| reviewer | whoever has a seat on an appraisal today, or line-manages a post |
| head | whoever is head, or chief executive, of a unit that decides: a school, the central team, the trust |
| hr | whoever holds the office HR |

**Reaches.** Team, unit and trust never include one's own record, which only own and any reach: nobody acts on
themselves by being a reviewer, a head or HR.

| reach | whose records |
|---|---|
| own | one's own |
| team | of those on whose appraisal one has a seat today, or, for people and posts, whom one line-manages |
| unit | of everybody in the units that one heads, and below |
| trust | of everybody in the trust |
| any | whatever every signed-in person may see |
| public | no sign-in is needed |

An empty cell says that the role alone does not open the operation.

**This is the outer bound.** No trust's policy widens it. Within it the policy names who acts, such as whose approval
makes an objective live; each record answers that for its reader in ` + "`allowed_actions`" + `, with the rule that refuses.

**What a refusal says.** 401: no token, or one that has ended. 403 ` + "`role_not_admitted`" + `: none of the caller's roles is in
the line. 403 ` + "`token_roles_stale`" + `: the caller has gained such a role since the token was made, and refreshes it. 404: the
record is not there or not within reach of reading it; the two look the same. 403 ` + "`out_of_reach`" + `: the caller reads the
record, but does not reach it by this operation.
`

// renderAccess writes docs/access.md: one table for each tag, from the table that the server enforces.
func renderAccess(contract []byte) ([]byte, error) {
	doc, err := openapi3.NewLoader().LoadFromData(contract)
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	bounds, err := access.Load(doc)
	if err != nil {
		return nil, err
	}
	tags, err := readTags(contract)
	if err != nil {
		return nil, err
	}
	m := &markdown{}
	m.line("%s", aboutAccess)
	for _, t := range tags {
		m.line("## %s\n\n%s\n", t.Name, t.Description)
		m.table("operation", "request", "any", "reviewee", "reviewer", "head", "hr")
		for _, op := range t.operations {
			m.row(append([]string{op.id, "`" + op.method + " " + op.path + "`"}, reachesOf(bounds[op.id])...)...)
		}
		m.line("")
	}
	return []byte(m.String()), nil
}

func reachesOf(r access.Rule) []string {
	cells := make([]string, len(columns))
	for i, role := range columns {
		cells[i] = string(r.Reach[role])
	}
	if r.Public {
		cells[0] = "public"
	}
	return cells
}
