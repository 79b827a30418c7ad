package transfer

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

// work is what a plan writes, each list in the order of the file. What is new has no id yet.
type work struct {
	units  []*directory.Unit
	people []*member
	posts  []*entry // those whose post is new or changes
	filled []*entry // those with a new line manager
	rows   []*entry // all whose row was applied
}

// conclude says what the row comes to, when everything about all rows is known.
func (c *comparison) conclude(e *entry) {
	switch {
	case e.failed():
		e.Action = Failed
		return
	case e.idle:
		e.Action = Unchanged
		return
	}
	if e.member.was != nil && e.member.was.ID == c.Own {
		c.spare(e)
		return
	}
	e.about = c.merge(e.member, e)
	if e.member.was != nil {
		e.Changes = append(e.Changes, e.about...)
	}
	switch {
	case e.post == nil:
		e.Action = New
		return
	case e.next != nil:
		e.Changes = append(append(e.Changes, e.differs...), "line_manager")
	default:
		e.Changes = append(e.Changes, e.differs...)
	}
	if e.Action = Unchanged; len(e.Changes) > 0 {
		e.Action = Changed
	}
}

// spare leaves the own record of the person who imports as it is.
func (c *comparison) spare(e *entry) {
	unmerged := *e.member
	unmerged.said = map[stafflist.Field]string{}
	e.Action = Unchanged
	if e.post == nil || len(e.differs) > 0 || e.next != nil || len(c.merge(&unmerged, e)) > 0 {
		c.leave(e, "", "own_record", "this row is your own and is left as it is: nobody changes their own record, so another HR person has to")
	}
	e.idle = true
}

// work gathers what the rows write. A school is only added for a row that can be applied.
func (c *comparison) work() work {
	var w work
	added, kept := map[*directory.Unit]bool{}, map[*member]bool{}
	for _, e := range c.entries {
		if e.Action != New && e.Action != Changed {
			continue
		}
		w.rows = append(w.rows, e)
		if (e.member.was == nil || len(e.about) > 0) && !kept[e.member] {
			w.people, kept[e.member] = append(w.people, e.member), true
		}
		if e.unit != nil && e.unit.ID == uuid.Nil && !added[e.unit] {
			w.units, added[e.unit] = append(w.units, e.unit), true
		}
		if e.post == nil || len(e.differs) > 0 || e.next != nil {
			w.posts = append(w.posts, e)
		}
		if e.next != nil {
			w.filled = append(w.filled, e)
		}
	}
	return w
}
