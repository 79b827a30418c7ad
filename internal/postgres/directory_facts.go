package postgres

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// factRow is a post with what of its facts stands in other tables.
type factRow struct {
	directory.Post
	UnitKind      string
	IsHead        bool
	ManagesPeople bool
	Offices       string // codes, with commas between
}

const factsSQL = `
select po.*, u.kind as unit_kind,
  exists (select from offices o join units h on h.trust_id = o.trust_id and h.id = o.unit_id and h.decides
    where o.trust_id = po.trust_id and o.person_id = po.person_id and o.code in ('head', 'ceo')
    and o.from_on <= @on and (o.until_on is null or o.until_on > @on)) as is_head,
  exists (select from line_managers m where m.trust_id = po.trust_id and m.manager_id = po.person_id
    and m.from_on <= @on and (m.until_on is null or m.until_on > @on)) as manages_people,
  coalesce((select string_agg(distinct o.code, ',') from offices o where o.trust_id = po.trust_id and o.person_id = po.person_id
    and o.from_on <= @on and (o.until_on is null or o.until_on > @on)), '') as offices
from posts po join units u on u.trust_id = po.trust_id and u.id = po.unit_id
where po.trust_id = @trust and po.id in @ids`

// PostFacts returns the facts of policy.Facts of each of the posts on the day, in one query. What
// is not known of a post is not in its set.
func (d *DB) PostFacts(ctx context.Context, postIDs []uuid.UUID, on schooltime.Date) (map[uuid.UUID]policy.FactSet, error) {
	u := unitOf(ctx)
	if u == nil {
		return nil, ErrNoTransaction
	}
	var rows []factRow
	err := d.conn(ctx).Raw(factsSQL, map[string]any{"trust": u.trust, "ids": postIDs, "on": on}).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	facts := make(map[uuid.UUID]policy.FactSet, len(rows))
	for i := range rows {
		facts[rows[i].ID] = rows[i].facts(on)
	}
	return facts, nil
}

func (r *factRow) facts(on schooltime.Date) policy.FactSet {
	fs := policy.FactSet{
		"staff_type": r.StaffType, "job_title": r.JobTitle, "unit_kind": r.UnitKind, "contract": r.Contract,
		"contract_ends_on": r.ContractEndsOn, "induction_starts_on": r.InductionStartsOn, "induction_ends_on": r.InductionEndsOn,
		"probation_ends_on": r.ProbationEndsOn, "is_head": r.IsHead, "manages_people": r.ManagesPeople,
		"fte": float64(r.FTEThousandths) / 1000, "started_on": r.FromOn,
		"tags":         r.Tags,
		"offices":      strings.FieldsFunc(r.Offices, func(c rune) bool { return c == ',' }),
		"on_probation": !r.ProbationEndsOn.IsZero() && on.Before(r.ProbationEndsOn),
	}
	if r.RoleCode != nil {
		fs["role_code"] = *r.RoleCode
	}
	if r.QTS != nil {
		fs["qts"] = *r.QTS
	}
	if r.AtTopOfRange != nil {
		fs["at_top_of_range"] = *r.AtTopOfRange
	}
	if !r.ContractEndsOn.IsZero() {
		fs["contract_months"] = wholeMonths(r.FromOn, r.ContractEndsOn.AddDays(1))
	}
	r.induction(fs, on)
	return fs
}

// induction adds which year of induction the day lies in, and when the first one is over.
func (r *factRow) induction(fs policy.FactSet, on schooltime.Date) {
	term := directory.Term{FromOn: r.InductionStartsOn, UntilOn: r.InductionEndsOn}
	in := !term.FromOn.IsZero() && term.Covers(on)
	if fs["in_induction"] = in; in {
		fs["induction_year"] = wholeMonths(term.FromOn, on)/12 + 1
	}
	if term.FromOn.IsZero() {
		return
	}
	first := term.FromOn.AddMonths(12)
	if !term.UntilOn.IsZero() {
		first = schooltime.Min(first, term.UntilOn)
	}
	fs["first_induction_year_ends_on"] = first
}

// wholeMonths counts the months that fit between two days.
func wholeMonths(from, until schooltime.Date) int {
	n := (until.Year()-from.Year())*12 + int(until.Month()) - int(from.Month())
	for n > 0 && from.AddMonths(n).After(until) {
		n--
	}
	return n
}

// cardSQL is a person's card: the main post of the day is the one with most time, then the oldest.
const cardSQL = `
select p.id, p.given_name || ' ' || p.family_name as display_name, main.job_title, main.unit_id
from people p left join lateral (
  select po.job_title, po.unit_id from posts po where po.trust_id = p.trust_id and po.person_id = p.id
    and po.from_on <= @today and (po.until_on is null or po.until_on > @today)
  order by po.fte_thousandths desc, po.from_on, po.id limit 1) main on true
where p.trust_id = @trust `

// Cards returns the cards of the people by id, in one query. Somebody who is not there has none.
func (d *DB) Cards(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]directory.Card, error) {
	cards := make(map[uuid.UUID]directory.Card, len(ids))
	if len(ids) == 0 {
		return cards, nil
	}
	args := about(ctx)
	args["ids"] = ids
	var rows []directory.Card
	if err := d.conn(ctx).Raw(cardSQL+"and p.id in @ids", args).Scan(&rows).Error; err != nil {
		return nil, err
	}
	for _, c := range rows {
		cards[c.ID] = c
	}
	return cards, nil
}
