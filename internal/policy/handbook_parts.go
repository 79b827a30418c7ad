package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/perennial-api/perennial/internal/schooltime"
)

func (w *handbookWriter) population() {
	p := &w.r.Rules.Population
	var rows [][]string
	for _, g := range p.Groups {
		rows = append(rows, []string{g.Label, w.condition(g.When)})
	}
	w.table("The first group that fits is somebody's group.", []string{"Group", "Who belongs to it"}, rows, &p.Groups)
	if len(p.Exclusions) == 0 {
		w.say("Nobody of these groups is left out.", &p.Exclusions)
		return
	}
	rows = nil
	for _, x := range p.Exclusions {
		effect := "is left out"
		if x.Effect == "include_with_remark" {
			effect = "takes part, with this remark"
		}
		rows = append(rows, []string{x.Label, w.condition(x.When), effect, strings.ReplaceAll(x.Until, "_", " "), w.parties(x.MayInclude)})
	}
	w.table("Not everybody takes part.", []string{"Why", "Whom it concerns", "What follows", "Until", "Who may include them all the same"}, rows, &p.Exclusions)
}

func (w *handbookWriter) year() {
	r := &w.r.Rules
	w.say("The year starts on "+monthDayInWords(r.Cycle.StartsOn)+" and lasts "+counted(r.Cycle.LengthMonths, "month")+".", &r.Cycle.StartsOn, &r.Cycle.LengthMonths)
	rows := [][]string{{w.fill("{Objectives} are set"), w.when("objectives", r.Objectives.Due)},
		{w.fill("{Objectives} of people who join in the year are set"), ruleInWords(r.Objectives.DueJoiner)}}
	for _, m := range r.Meetings.Plan {
		rows = append(rows, []string{m.Label, w.when("meeting."+m.Code, m.Due)})
	}
	for _, s := range r.Outcome.Chain {
		rows = append(rows, []string{s.Label, w.when("outcome."+s.Code, s.Due)})
	}
	rows = append(rows, []string{"Everything is done", w.when("backstop", r.Cycle.Backstop)})
	w.table("By when", []string{"What", "By when"}, rows, &r.Objectives.Due, &r.Objectives.DueJoiner, &r.Meetings.Plan, &r.Outcome.Chain, &r.Cycle.Backstop)
	for _, path := range []string{"meetings.plan", "outcome.chain"} { // told in full below
		delete(w.told, path)
	}
}

func (w *handbookWriter) appointments() {
	list := &w.r.Rules.Reviewers.Appointments
	if len(*list) == 0 {
		w.say("No {reviewer} follows from an office.", list)
		return
	}
	var rows [][]string
	for _, a := range *list {
		acts := "the reviewers themselves"
		if a.ObjectivesBy != "" {
			acts = w.codeInWords(string(a.ObjectivesBy))
		}
		rows = append(rows, []string{a.Label, w.condition(a.When), w.parties(a.Seats), acts})
	}
	w.table("Some {reviewers} follow from an office; the first row that fits holds.", []string{"What for", "Whose year", "Who reviews, the lead first", w.fill("Who acts on the {objectives}")}, rows, list)
}

func (w *handbookWriter) selfAssessment() {
	s := &w.r.Rules.SelfAssessment
	var rows, scale [][]string
	for _, f := range s.Frameworks {
		var codes []string
		for _, code := range f.Frameworks {
			codes = append(codes, strings.ReplaceAll(code, "_", " "))
		}
		rows = append(rows, []string{w.condition(f.When), strings.Join(codes, ", ")})
	}
	if len(rows) == 0 {
		w.say("No standards are set for anybody.", &s.Frameworks)
	} else {
		w.table("Who is assessed against what", []string{"Who", "Standards"}, rows, &s.Frameworks)
	}
	for _, v := range s.Scale {
		expects := ""
		if v.ExpectsObjective {
			expects = w.fill("a {objective} is expected")
		}
		scale = append(scale, []string{v.Label, expects})
	}
	w.table("How a statement is rated, lowest first", []string{"Rating", ""}, scale, &s.Scale)
}

// links are what the link of a slot asks for, in words.
var links = map[string]string{"": "", "priority": "linked to a priority", "trust_priority": "linked to a priority of the trust",
	"unit_priority": "linked to a priority of the school", "partnership_priority": "linked to a priority of the partnership", "statement": "linked to a standard"}

func (w *handbookWriter) slots() {
	o := &w.r.Rules.Objectives
	var rows [][]string
	for _, s := range o.Slots {
		needs := []string{"may be left empty"}
		if s.Required {
			needs[0] = "required"
		}
		if links[s.Link] != "" {
			needs = append(needs, links[s.Link])
		}
		if s.SelfAssessment {
			needs = append(needs, w.fill("after the {self_assessment}"))
		}
		if s.SMART {
			needs = append(needs, "checked point by point")
		}
		var ask []string
		for _, item := range s.Checklist {
			ask = append(ask, item.Label)
		}
		rows = append(rows, []string{s.Label, strings.Join(needs, ", "), strings.Join(append(ask, s.Questions...), " ")})
	}
	w.table("The {objectives} of a year", []string{w.fill("{Objective}"), "What it needs", "Questions to consider"}, rows, &o.Slots)
	if len(o.SMART) > 0 {
		var points []string
		for _, p := range o.SMART {
			points = append(points, p.Label)
		}
		w.list("Where a {objective} is checked point by point, these are the points.", points, &o.SMART)
	}
	w.mandates()
}

func (w *handbookWriter) mandates() {
	list := &w.r.Rules.Objectives.Mandated
	if len(*list) == 0 {
		w.say("No {objective} is given to anybody.", list)
		return
	}
	var rows [][]string
	for _, m := range *list {
		within := "every time it concerns somebody"
		if m.WithinCycles > 1 {
			within = "within " + strconv.Itoa(m.WithinCycles) + " years"
		}
		rows = append(rows, []string{m.Label, m.Text, w.condition(m.When), strings.ReplaceAll(m.Slot, "_", " "), within})
	}
	w.table("Some people have {objectives} that are given to them.", []string{w.fill("{Objective}"), "What it says", "Whom it concerns", "Place", "When"}, rows, list)
}

func (w *handbookWriter) engagement() {
	list := &w.r.Rules.CheckIns.Engagement
	if len(*list) == 0 {
		return
	}
	var rows [][]string
	for _, e := range *list {
		rows = append(rows, []string{e.Label, strconv.FormatFloat(e.AtLeast*100, 'g', 4, 64) + " %"})
	}
	w.table("How much was sent in time suggests the engagement.", []string{"Engagement", "From"}, rows, list)
}

func (w *handbookWriter) meetings() {
	list := &w.r.Rules.Meetings.Plan
	if len(*list) == 0 {
		w.say("No {meeting} is planned.", list)
		return
	}
	var rows [][]string
	for _, m := range *list {
		rows = append(rows, []string{m.Label, w.when("meeting."+m.Code, m.Due), w.codeInWords(string(m.RecordedBy)), strings.Join(w.meetingIs(m), ", ")})
	}
	w.table("The {meetings} of the year", []string{w.fill("{Meeting}"), "By when", "Who writes the record", "What it is"}, rows, list)
}

// meetingIs lists what is special of a planned meeting.
func (w *handbookWriter) meetingIs(m MeetingPlan) []string {
	out := []string{"may be held"}
	if m.Required {
		out[0] = "must be held"
	}
	for _, is := range []struct {
		so   bool
		what string
	}{{m.Kind != "", m.Kind}, {m.Length != "", m.Length}, {m.MaxMinutes > 0, "at most " + counted(m.MaxMinutes, "minute")}, {m.Formal, "a formal review"},
		{m.MayAmend, w.fill("may start a change of {objectives}")}, {m.Indicative, "gives an indicative outcome"}, {m.RevieweeAnswers, w.fill("the {reviewee} may answer the record")},
		{m.Title != "", "titled “" + m.Title + "”"}, {m.Form != "", "form “" + strings.ReplaceAll(m.Form, "_", " ") + "”"}} {
		if is.so {
			out = append(out, strings.ReplaceAll(is.what, "_", " "))
		}
	}
	return out
}

func (w *handbookWriter) outcomeChain() {
	w.chain("outcome", "At the end of the year these steps follow each other; steps of one number are open together.", &w.r.Rules.Outcome.Chain)
}

func (w *handbookWriter) payChain() {
	if len(w.r.Rules.Pay.Chain) == 0 {
		w.say("There is no step for pay.", &w.r.Rules.Pay.Chain)
		return
	}
	w.chain("pay", "These steps decide on pay.", &w.r.Rules.Pay.Chain)
}

func (w *handbookWriter) chain(name, text string, steps *[]StepRule) {
	var rows [][]string
	ordered := slices.SortedStableFunc(slices.Values(*steps), func(a, b StepRule) int { return cmp.Compare(a.Order, b.Order) })
	for _, s := range ordered {
		does := strings.ReplaceAll(strings.Join(s.Acts, ", "), "_", " ")
		if !s.Required {
			does += " (may be left out)"
		}
		if len(s.NotSameAs) > 0 {
			does += ", by nobody who did: " + strings.ReplaceAll(strings.Join(s.NotSameAs, ", "), "_", " ")
		}
		if s.Form != "" {
			does += ", on the form “" + strings.ReplaceAll(s.Form, "_", " ") + "”"
		}
		opens := "when its turn comes"
		if s.Opens != (schooltime.Rule{}) {
			opens = "from " + ruleInWords(s.Opens)
		}
		rows = append(rows, []string{strconv.Itoa(s.Order), s.Label, w.codeInWords(string(s.Party)), does, opens, w.when(name+"."+s.Code, s.Due)})
	}
	w.table(text, []string{"", "Step", "Who", "What they do", "Opens", "By when"}, rows, steps)
}

// appeals says nothing of what an appeal against the statement may end in where there is none.
func (w *handbookWriter) appeals() {
	a := &w.r.Rules.Appeals
	for _, s := range appealSentences {
		if s.path == "appeals.remedies" && len(a.Statement) == 0 {
			w.told[s.path] = true
			continue
		}
		w.sentence(s)
	}
}

func (w *handbookWriter) rating() {
	o := &w.r.Rules.Outcome
	if len(o.Scale) > 0 {
		var labels []string
		for _, r := range o.Scale {
			labels = append(labels, r.Label)
		}
		w.list("The overall ratings, lowest first", labels, &o.Scale)
	}
	if o.Method == "grid" {
		w.grid()
	}
}

func (w *handbookWriter) grid() {
	g := &w.r.Rules.Outcome.Grid
	label := func(code string) string {
		for _, r := range w.r.Rules.Outcome.Scale {
			if r.Code == code {
				return r.Label
			}
		}
		return "to be settled"
	}
	columns := []string{g.Rows.Label + " / " + g.Columns.Label}
	for _, c := range g.Columns.Values {
		columns = append(columns, c.Label)
	}
	var rows [][]string
	for _, r := range g.Rows.Values {
		row := []string{r.Label}
		for _, c := range g.Columns.Values {
			cell := "to be settled"
			for _, at := range g.Cells {
				if at.Row == r.Code && at.Column == c.Code {
					cell = strings.TrimSpace(label(at.Rating) + " " + at.Remark)
				}
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	for _, b := range g.Boxes {
		rows = append(rows, append([]string{b.Label, label(b.Rating)}, make([]string, max(0, len(columns)-2))...))
	}
	w.table("The grid", columns, rows, g)
}
