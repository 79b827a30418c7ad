package transfer

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

// allot says which of a person's posts each of their rows is about: the one with the same title at
// the same school, else another one there; where there is none it is a new post.
func (c *comparison) allot(m *member) {
	taken := map[*directory.Post]bool{}
	take := func(fits func(e *entry, p *directory.Post) bool) {
		for _, e := range m.entries {
			if !e.live() || e.post != nil {
				continue
			}
			for _, p := range m.posts {
				if !taken[p] && fits(e, p) {
					e.post, e.PostID, taken[p] = p, new(p.ID), true
					break
				}
			}
		}
	}
	open := func(p *directory.Post) bool { return !p.Ended(c.Today) }
	take(func(e *entry, p *directory.Post) bool { return open(p) && c.here(e, p) && titled(e, p) })
	take(func(e *entry, p *directory.Post) bool { return open(p) && c.here(e, p) })
	if left := slices.DeleteFunc(slices.Clone(m.posts), func(p *directory.Post) bool { return !open(p) || taken[p] }); len(left) == 1 {
		take(func(e *entry, p *directory.Post) bool { return p == left[0] && e.unit == nil })
	}
	for _, e := range m.entries {
		if !e.live() || e.post != nil {
			continue
		}
		if e.unit == nil {
			e.unit = c.atHome(e)
		}
		c.respectEnd(m, e)
	}
}

// here says whether the post is at the school that the row names: a department belongs to its school.
func (c *comparison) here(e *entry, p *directory.Post) bool {
	return e.unit != nil && c.units.site(c.units.byID[p.UnitID]) == c.units.site(e.unit)
}

func titled(e *entry, p *directory.Post) bool {
	return e.row.JobTitle != nil && fold(*e.row.JobTitle) == fold(p.JobTitle)
}

// respectEnd leaves a row alone whose post somebody has ended in the directory.
func (c *comparison) respectEnd(m *member, e *entry) {
	for _, p := range m.posts {
		if e.live() && p.Ended(c.Today) && c.here(e, p) && (titled(e, p) || e.row.JobTitle == nil) && (e.row.StartOn == nil || p.UntilOn.After(*e.row.StartOn)) {
			e.PostID = new(p.ID)
			c.leave(e, stafflist.FieldStartOn, "post_ended", "the directory says that this post has ended: only a start date after its last day makes a new one")
		}
	}
}

// fill says what the row's post would be. A column that is not there leaves what is known; an
// empty cell takes away what may be absent, and leaves everything else.
func (c *comparison) fill(e *entry) {
	r, w := e.row, &e.want
	if *w = (directory.Post{Contract: directory.Permanent, FTEThousandths: fullTime}); e.post != nil {
		*w = *e.post
	}
	if e.unit != nil && (e.post == nil || !c.units.within(c.units.byID[w.UnitID], e.unit)) {
		w.UnitID = e.unit.ID
	}
	replace(&w.JobTitle, r.JobTitle)
	if r.Role != nil {
		w.RoleCode = roleCode(r.Role.Code)
	}
	c.staffType(e)
	if w.JobTitle == "" {
		w.JobTitle = map[string]string{teaching: "Teacher"}[w.StaffType]
		w.JobTitle = cmp.Or(w.JobTitle, "Member of staff")
		c.warn(e, stafflist.FieldJobTitle, "job_title_assumed", "the row has no job title: one was made of the kind of staff")
	}
	optional(c, stafflist.FieldDepartment, &w.Department, r.Department)
	if r.Tags != nil || c.list.Has(stafflist.FieldTags) {
		w.Tags = r.Tags
	}
	optional(c, stafflist.FieldQTS, &w.QTS, r.QTS)
	optional(c, stafflist.FieldPayRange, &w.PayRange, r.PayRange)
	optional(c, stafflist.FieldPayPoint, &w.PayPoint, r.PayPoint)
	optional(c, stafflist.FieldTopOfRange, &w.AtTopOfRange, r.TopOfRange)
	c.time(e)
	c.dates(e)
	c.check(e)
	if e.post != nil {
		e.differs = w.ChangedFrom(*e.post)
	}
}

const fullTime = 1000 // thousandths

// time is how much of full time the post is. Lists give the sum of two posts in one row; a post is
// never more than full time.
func (c *comparison) time(e *entry) {
	if e.row.FTE == nil {
		return
	}
	if e.want.FTEThousandths = (*e.row.FTE + 5) / 10; e.want.FTEThousandths > fullTime {
		e.want.FTEThousandths = fullTime
		c.warn(e, stafflist.FieldFTE, "more_than_full_time", "this is more than full time: full time was taken")
	}
}

// dates brings in the days. Lists give last days; of induction, probation and the post itself the
// directory keeps the first day after.
func (c *comparison) dates(e *entry) {
	r, w := e.row, &e.want
	c.optionalDate(stafflist.FieldInductionStartsOn, &w.InductionStartsOn, r.InductionStartsOn, 0)
	c.optionalDate(stafflist.FieldInductionEndsOn, &w.InductionEndsOn, r.InductionEndsOn, 1)
	c.optionalDate(stafflist.FieldProbationEndsOn, &w.ProbationEndsOn, r.ProbationEndsOn, 1)
	c.optionalDate(stafflist.FieldContractEndOn, &w.ContractEndsOn, r.ContractEndOn, 0)
	switch {
	case r.Contract != nil:
		w.Contract = string(*r.Contract)
		if w.Contract == directory.Permanent && r.ContractEndOn == nil {
			w.ContractEndsOn = schooltime.Date{}
		}
	case r.ContractEndOn != nil:
		w.Contract = directory.FixedTerm
	}
	switch {
	case r.StartOn != nil && *r.StartOn != w.FromOn:
		w.FromOn = c.begin(e, *r.StartOn)
	case e.post == nil && r.StartOn == nil:
		w.FromOn = c.Today
		c.warn(e, stafflist.FieldStartOn, "start_assumed", "the row has no start date: the post begins on the day on which the import is applied")
	}
	if r.EndOn == nil {
		return
	}
	if ends := r.EndOn.AddDays(1); e.post == nil {
		w.UntilOn = ends
	} else if ends != e.post.UntilOn {
		c.warn(e, stafflist.FieldEndOn, "end_date_kept", "the list gives another last day than the directory: an import ends no post, so end it in the directory")
	}
}

// begin is the first day of the post. Lists give the first day of the employment, so a post that
// follows another at the same school begins when that one ended.
func (c *comparison) begin(e *entry, start schooltime.Date) schooltime.Date {
	for _, p := range e.member.posts {
		at := c.units.byID[e.want.UnitID]
		if e.unit != nil {
			at = e.unit
		}
		if p != e.post && p.Ended(c.Today) && p.FromOn != p.UntilOn && c.units.site(c.units.byID[p.UnitID]) == c.units.site(at) {
			start = schooltime.Max(start, p.UntilOn)
		}
	}
	return start
}

// check holds the post to the rules of the directory.
func (c *comparison) check(e *entry) {
	fields := map[string]stafflist.Field{"/contract_ends_on": stafflist.FieldContractEndOn, "/induction_starts_on": stafflist.FieldInductionStartsOn,
		"/induction_ends_on": stafflist.FieldInductionEndsOn, "/job_title": stafflist.FieldJobTitle, "/from_on": stafflist.FieldStartOn}
	for _, f := range e.want.Faults() {
		c.fail(e, fields[f.Pointer], f.Code, f.Detail)
	}
}

func replace[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

func optional[T any](c *comparison, field stafflist.Field, to **T, v *T) {
	if v != nil || c.list.Has(field) {
		*to = v
	}
}

func (c *comparison) optionalDate(field stafflist.Field, to *schooltime.Date, v *schooltime.Date, days int) {
	if v != nil {
		*to = v.AddDays(days)
	} else if c.list.Has(field) {
		*to = schooltime.Date{}
	}
}

// The kinds of staff that are told apart. Others are the trust's own.
const (
	teaching = "teaching"
	support  = "support"
	central  = "central"
)

// staffType tells teachers, the central team and support staff apart, by the role and qualified
// teacher status, or by the title of a new post that has neither. A kind of the trust's own stays.
func (c *comparison) staffType(e *entry) {
	r, w := e.row, &e.want
	stated := r.Role != nil || r.QTS != nil
	if e.post != nil && (!stated || !slices.Contains([]string{teaching, support, central}, w.StaffType)) {
		return
	}
	at := e.unit
	if at == nil {
		at = c.units.byID[w.UnitID]
	}
	kind := c.units.site(at).Kind
	switch {
	case r.Role != nil && teaches(r.Role.Code):
		w.StaffType = teaching
	case kind == directory.Central || kind == directory.Trust && c.units.schools+len(c.units.added) > 0:
		w.StaffType = central
	case r.Role != nil && r.Role.Code == stafflist.RoleSupport:
		w.StaffType = support
	case r.QTS != nil && *r.QTS, !stated && teaches(strings.ReplaceAll(fold(w.JobTitle), " ", "_")):
		w.StaffType = teaching
	default:
		w.StaffType = support
	}
}

// teaches says whether a role in lower_snake form is that of a teacher.
func teaches(role string) bool {
	return slices.ContainsFunc(strings.Split(role, "_"), func(word string) bool {
		return slices.Contains([]string{"teacher", "headteacher", "ect", "nqt"}, word)
	})
}

var notInCode = regexp.MustCompile(`[^a-z0-9_]+`)

// roleCode is the role as the directory keeps codes: plain letters, at most 64. Nil is a role that
// has none of them.
func roleCode(role string) *string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(role))
	plain = strings.TrimLeft(notInCode.ReplaceAllString(plain, ""), "_")
	if plain = plain[:min(len(plain), 64)]; plain == "" {
		return nil
	}
	return &plain
}
