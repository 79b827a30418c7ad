package policy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// Handbook is a trust's process in plain words and its own terms, as it holds for a unit and a
// staff group: what a head would hand to somebody new.
type Handbook struct {
	Title, Subtitle string
	Sections        []HandbookSection
}

// HandbookSection is one section of a handbook.
type HandbookSection struct {
	Code, Title string
	Blocks      []HandbookBlock
}

// The kinds of a block.
const (
	HandbookParagraph = "paragraph"
	HandbookList      = "list"
	HandbookTable     = "table"
)

// HandbookBlock is a paragraph, a list or a table, and the parameters that it came from. Text
// stands over a list or a table.
type HandbookBlock struct {
	Kind, Text string
	Items      []string
	Columns    []string
	Rows       [][]string
	Parameters []string
}

// HandbookFor says for whom a handbook is written. Dates are those of one year, by the code of the
// deadline; without them the rules are told.
type HandbookFor struct {
	Name  string // of the policy
	Layer string // the unit whose layer holds; empty: the trust's own
	Group string
	Dates map[string]schooltime.Date
}

// NewHandbook writes the handbook of a document. What no sentence tells is told as a list at the
// end of its section, so that nothing of the process is left out.
func NewHandbook(d *Document, f HandbookFor) *Handbook {
	w := &handbookWriter{r: d.Resolve(f.Layer, f.Group), dates: f.Dates, told: map[string]bool{}}
	w.words = handbookWords(w.r.Rules.Terms)
	for _, s := range handbookPlan {
		w.section(s)
	}
	h := &Handbook{Title: w.fill("{Process}") + ": " + f.Name, Subtitle: "For all staff", Sections: w.sections}
	if g, ok := d.Group(f.Group); ok {
		h.Subtitle = "For " + g.Label
	}
	return h
}

// handbookPart is a section of the handbook: the sections of the rules that it tells, what stands
// first, and a sentence for each value of a parameter.
type handbookPart struct {
	code, title string
	rules       []string
	first       func(*handbookWriter)
	sentences   []sentence
	only        func(*Rules) bool // whether the first sentence says everything
}

// sentence tells a parameter: the words for each of its values, or those for any other under "*",
// in which {value} stands for the value. Terms stand in braces too, as in {reviewer}.
type sentence struct {
	path  string
	words map[string]string
}

type handbookWriter struct {
	r        *Resolved
	words    *strings.Replacer
	dates    map[string]schooltime.Date
	told     map[string]bool // by the path of a leaf
	sections []HandbookSection
	blocks   []HandbookBlock
}

func (w *handbookWriter) section(p handbookPart) {
	w.blocks = nil
	if p.first != nil {
		p.first(w)
	}
	for _, s := range p.sentences {
		w.sentence(s)
		if p.only != nil && p.only(&w.r.Rules) {
			w.nothingElse(p.rules)
			break
		}
	}
	w.rest(p.rules)
	if len(w.blocks) > 0 {
		w.sections = append(w.sections, HandbookSection{Code: p.code, Title: w.fill(p.title), Blocks: w.blocks})
	}
}

// handbookWords fills the trust's own terms into sentences: {reviewer}, {reviewers} and {Reviewer}.
func handbookWords(t TermRules) *strings.Replacer {
	var pairs []string
	add := func(one, many string, term Term) {
		for name, word := range map[string]string{one: term.One, many: term.Many} {
			pairs = append(pairs, "{"+name+"}", word, "{"+capital(name)+"}", capital(word))
		}
	}
	add("process", "processes", t.Process)
	add("reviewee", "reviewees", t.Reviewee)
	add("reviewer", "reviewers", t.Reviewer)
	add("head", "heads", t.Head)
	add("hr", "hrs", t.HR)
	add("objective", "objectives", t.Objective)
	add("self_assessment", "self_assessments", t.SelfAssessment)
	add("check_in", "check_ins", t.CheckIn)
	add("meeting", "meetings", t.Meeting)
	add("evidence", "evidences", t.Evidence)
	return strings.NewReplacer(pairs...)
}

// aBefore finds an article that the trust's own word makes wrong.
var aBefore = regexp.MustCompile(`\b([Aa]) ([aeio])`)

// fill puts the trust's own words into a sentence, which is written with "a" before every term.
func (w *handbookWriter) fill(text string) string {
	return aBefore.ReplaceAllString(w.words.Replace(text), "${1}n $2")
}

// say adds a paragraph that comes from parameters; each is a pointer into the rules.
func (w *handbookWriter) say(text string, from ...any) {
	w.add(HandbookBlock{Kind: HandbookParagraph, Text: w.fill(text)}, from...)
}

func (w *handbookWriter) list(text string, items []string, from ...any) {
	w.add(HandbookBlock{Kind: HandbookList, Text: w.fill(text), Items: items}, from...)
}

func (w *handbookWriter) table(text string, columns []string, rows [][]string, from ...any) {
	w.add(HandbookBlock{Kind: HandbookTable, Text: w.fill(text), Columns: columns, Rows: rows}, from...)
}

func (w *handbookWriter) add(b HandbookBlock, from ...any) {
	for _, leaf := range from {
		path := w.r.spot(leaf).leaf
		w.told[path] = true
		if !slices.Contains(b.Parameters, path) {
			b.Parameters = append(b.Parameters, path)
		}
	}
	w.blocks = append(w.blocks, b)
}

// sentence tells a parameter by its table; one without a value there is left to the rest.
func (w *handbookWriter) sentence(s sentence) {
	value := lookup(w.r.tree, s.path)
	words, ok := s.words[scalar(value)]
	if !ok {
		words, ok = s.words["*"]
	}
	if !ok || value == nil {
		return
	}
	text := strings.ReplaceAll(w.fill(words), "{value}", w.inWords(value))
	w.told[s.path] = true
	w.blocks = append(w.blocks, HandbookBlock{Kind: HandbookParagraph, Text: text, Parameters: []string{s.path}})
}

// rest lists what no sentence has told of the sections of the rules.
func (w *handbookWriter) rest(sections []string) {
	b := HandbookBlock{Kind: HandbookList, Text: "Also settled:"}
	for _, leaf := range Leaves() {
		if !slices.Contains(sections, leaf.Section()) || w.told[leaf.Path] || leaf.Path == "forms" {
			continue
		}
		w.told[leaf.Path] = true
		b.Items = append(b.Items, capital(leaf.Doc)+": "+w.inWords(lookup(w.r.tree, leaf.Path))+".")
		b.Parameters = append(b.Parameters, leaf.Path)
	}
	if len(b.Items) > 0 {
		w.blocks = append(w.blocks, b)
	}
}

// nothingElse has the last block stand for whatever else the sections of the rules say: of what there
// is not, a handbook says so and no more.
func (w *handbookWriter) nothingElse(sections []string) {
	b := &w.blocks[len(w.blocks)-1]
	for _, leaf := range Leaves() {
		if slices.Contains(sections, leaf.Section()) && !w.told[leaf.Path] {
			w.told[leaf.Path] = true
			b.Parameters = append(b.Parameters, leaf.Path)
		}
	}
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
