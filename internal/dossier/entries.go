package dossier

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/evidence"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/yearend"
)

// sorting puts the material of a year where it belongs: to the objective that it is about, to its
// meeting, or to the year in general.
type sorting struct {
	m *Material
	y *Year
}

func (s sorting) run() {
	for _, o := range s.m.Objectives {
		of := func(r objective.Revision) bool { return r.ObjectiveID == o.ID }
		line := Objective{Aggregate: o, Agreed: keep(s.m.Agreed, of), Judgements: keep(s.m.Judgements, s.judged(o.ID))}
		for _, id := range o.Live.Priorities {
			line.Priorities = append(line.Priorities, keep(s.m.Priorities, func(p plan.Priority) bool { return p.ID == id })...)
		}
		s.y.Objectives = append(s.y.Objectives, line)
	}
	s.checkIns()
	s.meetings()
	s.notes()
	s.evidence()
	s.changes()
	for i := range s.y.Objectives {
		s.cut(&s.y.Objectives[i].Entries, MaxEntries)
	}
	s.cut(&s.y.General, MaxGeneral)
	for i := range s.y.Meetings {
		s.cut(&s.y.Meetings[i].Entries, maxAnswers)
	}
}

// judged says which judgements of an objective the reader sees: a party's once its step is done, and
// the reviewer's by the reviewee when the outcome is.
func (s sorting) judged(objective uuid.UUID) func(yearend.Judgement) bool {
	c := s.m.Case
	i := slices.IndexFunc(c.Objectives, func(f appraisal.ObjectiveFact) bool { return f.ID == objective })
	early := c.Actor.PersonID == c.PersonID && yearend.OutcomeVisible(c) != nil
	return func(j yearend.Judgement) bool {
		return i >= 0 && j.ObjectiveID == objective && c.FinalOf(c.Objectives[i], j.Party) != nil && (j.Party == policy.Reviewee || !early)
	}
}

// cut orders entries by day and keeps the latest of too many.
func (s sorting) cut(entries *[]Entry, most int) {
	slices.SortStableFunc(*entries, func(a, b Entry) int { return a.On.Time().Compare(b.On.Time()) })
	if n := len(*entries); n > most {
		*entries, s.y.Truncated = (*entries)[n-most:], true
	}
}

// put gives an entry to the objective, or to rest where there is no such agreed one.
func (s sorting) put(id uuid.UUID, e Entry, rest *[]Entry) {
	for i := range s.y.Objectives {
		if s.y.Objectives[i].ID == id {
			s.y.Objectives[i].Entries = append(s.y.Objectives[i].Entries, e)
			return
		}
	}
	*rest = append(*rest, e)
}

func (s sorting) checkIns() {
	for _, k := range s.m.CheckIns {
		base := Entry{Kind: "answer", Source: Source{Kind: "check_in", ID: k.ID}, On: k.SentOn, By: &k.Case.PersonID, Party: policy.Reviewee, from: quoted(k)}
		s.answers(k.Form(), k.Answers, base, &s.y.General)
	}
}

func quoted(k *checkin.Aggregate) string { return fmt.Sprintf("Check-in %d", k.Window.N) }

func (s sorting) meetings() {
	for _, a := range s.m.Meetings {
		s.y.Meetings = append(s.y.Meetings, Meeting{Aggregate: a})
		rest := &s.y.Meetings[len(s.y.Meetings)-1].Entries
		base := Entry{Kind: "answer", Source: Source{Kind: "meeting", ID: a.ID}, On: a.HeldOn, By: a.RecorderID, from: a.Plan.Label}
		if a.RecorderID != nil {
			base.Party = a.Case.PartyOf(*a.RecorderID)
		}
		s.answers(a.Form(), a.Answers, base, rest)
		if a.Answer != nil {
			base.Kind, base.By, base.Party, base.Label, base.Text = "response", &a.Case.PersonID, policy.Reviewee, "Answer", *a.Answer
			*rest = append(*rest, base)
		}
	}
}

// answers takes a filled form apart, in the order of its sections.
func (s sorting) answers(f form.Form, answers form.Answers, base Entry, rest *[]Entry) {
	for i := range f.Sections {
		section := &f.Sections[i]
		e := base
		e.Label, e.section = section.Label, section.Code
		if section.Per == "" {
			if e.Text = said(section, answers[section.Code], s.y.Cards); e.Text != "" {
				*rest = append(*rest, e)
			}
			continue
		}
		each, _ := answers[section.Code].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(each)) {
			id, err := uuid.Parse(key)
			if e.Text = said(section, each[key], s.y.Cards); err == nil && e.Text != "" {
				s.put(id, e, rest)
			}
		}
	}
}

// said is an answer in words; empty where nothing was.
func said(s *form.Section, v any, cards map[uuid.UUID]directory.Card) string {
	switch v := v.(type) {
	case string:
		for _, o := range s.Options {
			if s.Kind == form.Choice && o.Code == v {
				return o.Label
			}
		}
		return v
	case bool:
		if v {
			return "Yes"
		}
		return "No"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var names []string
		for _, id := range form.PeopleIn(v) {
			if card, ok := cards[id]; ok {
				names = append(names, card.DisplayName)
			}
		}
		return strings.Join(names, ", ")
	}
	return ""
}

// named are the people in the answers of a form.
func named(f form.Form, answers form.Answers) []uuid.UUID {
	var out []uuid.UUID
	for i := range f.Sections {
		if f.Sections[i].Kind != form.People {
			continue
		}
		out = append(out, form.PeopleIn(answers[f.Sections[i].Code])...)
		each, _ := answers[f.Sections[i].Code].(map[string]any)
		for _, v := range each {
			out = append(out, form.PeopleIn(v)...)
		}
	}
	return out
}

// occasions are what a note is called by the occasion on which it was written.
var occasions = map[string]string{"note": "Note", "comment": "Comment", "progress": "On progress", "validation": "On validation", "proposal": "With the proposal",
	"changes_requested": "Changes asked for", "disagreement": "Disagreement", "determination": "Determination", "withdrawal": "Withdrawal"}

func (s sorting) notes() {
	for _, n := range s.m.Notes {
		e := Entry{Kind: "note", Source: Source{Kind: "note", ID: n.ID, On: &Source{Kind: n.SubjectKind, ID: n.SubjectID}}, On: n.SchoolOn, By: &n.AuthorID, Party: n.Party, Text: n.Text}
		e.Label = occasions[n.Kind]
		if e.Label == "" {
			e.Label = "Note"
		}
		e.from = e.Label
		switch n.SubjectKind {
		case "check_in":
			e.Kind = "response"
			if label := s.sectionLabel(n); label != "" {
				e.Label = label
			}
			s.y.General = append(s.y.General, e)
		case "objective":
			s.put(n.SubjectID, e, &s.y.General)
		default:
			s.y.General = append(s.y.General, e)
		}
	}
}

// sectionLabel is the question of a check-in that a response is about.
func (s sorting) sectionLabel(n appraisal.Note) string {
	i := slices.IndexFunc(s.m.CheckIns, func(k *checkin.Aggregate) bool { return k.ID == n.SubjectID })
	if i < 0 || n.Section == nil {
		return ""
	}
	if section := s.m.CheckIns[i].Form().Section(*n.Section); section != nil {
		return section.Label
	}
	return ""
}

func (s sorting) evidence() {
	for _, p := range s.m.Evidence {
		a := evidence.Aggregate{Evidence: p, Case: s.m.Case}
		e := Entry{Kind: "evidence", Source: Source{Kind: "evidence", ID: p.ID}, On: p.AddedOn, By: &p.AddedBy, Party: s.m.Case.PartyOf(p.AddedBy), Label: a.Label(), Text: p.Title, from: a.Label()}
		switch i := slices.IndexFunc(s.y.Meetings, func(m Meeting) bool { return m.ID == p.SubjectID }); {
		case i >= 0:
			s.y.Meetings[i].Entries = append(s.y.Meetings[i].Entries, e)
		default:
			s.put(p.SubjectID, e, &s.y.General)
		}
	}
}

// changes are how far an objective was, and when.
func (s sorting) changes() {
	for _, v := range s.m.Changes {
		e := Entry{Kind: "change", Source: Source{Kind: "objective", ID: v.Subject.ID}, On: v.On, By: v.ActorID, Label: "Progress"}
		if v.ActorID != nil {
			e.Party = s.m.Case.PartyOf(*v.ActorID)
		}
		if e.Text = changed(v); e.Text != "" {
			s.put(v.Subject.ID, e, &[]Entry{})
		}
	}
}

func changed(e Happening) string {
	switch e.Type {
	case "objective.progressed":
		return fmt.Sprintf("%v %%, after %v %%", e.Data["to"], e.Data["from"])
	case "objective.completed":
		return "Complete"
	case "objective.reopened":
		return "Not complete after all"
	case "objective.validated":
		if e.Data["to"] == string(objective.Validated) {
			return "Validated as complete"
		}
		return "Not accepted as complete"
	}
	return ""
}

func keep[T any](all []T, wanted func(T) bool) []T {
	var out []T
	for _, v := range all {
		if wanted(v) {
			out = append(out, v)
		}
	}
	return out
}
