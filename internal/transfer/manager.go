package transfer

import (
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

// findManagers looks up the line managers among the people of the directory and of the file. Who
// is only in rows that cannot be applied will not be there, so it looks until nothing more fails.
func (c *comparison) findManagers() {
	for _, e := range c.entries {
		if e.live() && e.row.LineManager != nil {
			c.findManager(e)
		}
	}
	for failing := true; failing; {
		failing = false
		for _, e := range c.entries {
			if e.live() && e.manager != nil && !e.manager.works() {
				c.unknownManager(e)
				failing = true
			}
		}
	}
	for _, e := range c.entries {
		if e.live() && e.manager != nil {
			c.succeed(e)
		}
	}
}

// works says whether the person is employed once the plan has been applied.
func (m *member) works() bool {
	if m.was != nil && m.was.Status == directory.Active {
		return true
	}
	for _, e := range m.entries {
		if e.live() {
			return true
		}
	}
	return false
}

func (c *comparison) findManager(e *entry) {
	var found []*member
	switch ref := e.row.LineManager; ref.Kind {
	case stafflist.ManagerEmail:
		found = c.having(mailOf(ref.Text))
	case stafflist.ManagerExternalID:
		for _, system := range []string{MIS, TRN, Payroll} {
			if len(found) == 0 {
				found = c.having(identity{system, ref.Text})
			}
		}
	case stafflist.ManagerName:
		if name, ok := stafflist.SplitName(ref.Text); ok {
			found = c.byName[fold(name.Given+" "+name.Family)]
		}
	}
	switch {
	case len(found) == 0:
		c.unknownManager(e)
	case len(found) > 1:
		c.fail(e, stafflist.FieldLineManager, "line_manager_ambiguous", "several people have this name: give the line manager's e-mail address or external id")
	case found[0] == e.member:
		c.fail(e, stafflist.FieldLineManager, "manages_themselves", "nobody line-manages themselves")
	default:
		e.manager = found[0]
	}
}

func (c *comparison) having(id identity) []*member {
	if m := c.byID[id]; m != nil {
		return []*member{m}
	}
	return nil
}

func (c *comparison) unknownManager(e *entry) {
	c.fail(e, stafflist.FieldLineManager, "line_manager_unknown", "there is no such person in the trust or in the rows that can be applied: give an e-mail address, an external id or a full name")
}

// succeed works out from when the line manager manages the post, and who ends; nothing is done
// when they do already.
func (c *comparison) succeed(e *entry) {
	from := schooltime.Max(c.Today, e.want.FromOn)
	var rows []*directory.LineManager
	if e.post == nil {
		from = e.want.FromOn
	} else {
		rows = c.managers[e.post.ID]
	}
	e.ends, e.next = e.want.Succeed(rows, directory.Assignment{PostID: e.want.ID, ManagerID: e.manager.personID(), FromOn: from})
	if e.next == nil {
		e.manager = nil
	}
}
