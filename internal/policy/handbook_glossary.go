package policy

func (w *handbookWriter) forms() {
	for _, code := range names(child(w.r.tree, "forms")) {
		f := w.r.Rules.Forms[code]
		var rows [][]string
		for _, s := range f.Sections {
			must := ""
			if s.Required {
				must = "required"
			}
			rows = append(rows, []string{s.Label, s.Help, must})
		}
		w.blocks = append(w.blocks, HandbookBlock{Kind: HandbookTable, Text: f.Label, Columns: []string{"Question", "Help", ""}, Rows: rows, Parameters: []string{"forms." + code}})
	}
}

func (w *handbookWriter) glossary() {
	t := &w.r.Rules.Terms
	var rows [][]string
	for _, term := range []struct {
		what string
		term Term
	}{{"what this is called", t.Process}, {"whose year it is", t.Reviewee}, {"who reviews", t.Reviewer}, {"who leads a school", t.Head}, {"who keeps the record", t.HR},
		{"what is agreed for the year", t.Objective}, {"assessing oneself against standards", t.SelfAssessment}, {"the short note between meetings", t.CheckIn}, {"a meeting of the two", t.Meeting},
		{"what shows the work", t.Evidence}} {
		rows = append(rows, []string{term.term.One, term.term.Many, term.what})
	}
	w.table("Our words", []string{"One", "Many", "What it means"}, rows, &t.Process, &t.Reviewee, &t.Reviewer, &t.Head, &t.HR, &t.Objective, &t.SelfAssessment, &t.CheckIn, &t.Meeting, &t.Evidence)
}
