package brightwater

import "github.com/perennial-api/perennial/api"

// stories are Tom's, in whose year there was a concern, Priya's, whose rating was changed and who
// appealed, and Ines's, of whom an objective waited for examination results.
func stories() []*story { return []*story{tom(), priya(), ines()} }

func highInAll(reason string) api.RatingInput {
	return api.RatingInput{Row: text("high"), Column: text("high_in_all"), Reason: &reason}
}

func tom() *story {
	return &story{who: Reviewee, reviewer: Reviewer, thanked: "leo.hart", titles: []string{"Readers in year 8", "Pairs that talk", "Coaching"}, own: "met", comment: "I saw it in period 2. Keep the pairs.",
		rating: highInAll("I saw it in every class."),
		texts: map[string]string{"went_well": "All of 8C read aloud each week.", "even_better_if": "More books at the right level.", "whats_next": "The same with year 7.", "progress": "Two classes of three are there.",
			"discussion": "We looked at the reading ages and at two lessons.", "support": "An hour with the librarian each half-term.", "review_statement": "A strong year: reading is part of every lesson, and others ask how."}}
}

func priya() *story {
	return &story{who: technician, reviewer: Reviewer, thanked: Reviewee, titles: []string{"Practicals that start on time", "A stock list for all", "Radiation safety"}, own: "exceeded", comment: "The trolleys make all the difference.",
		rating: highInAll("Every practical began on time."), decided: &api.RatingInput{Code: text("exceeded"), Reason: text("Three schools work with her stock list.")},
		texts: map[string]string{"went_well": "Every trolley stands ready before the bell.", "even_better_if": "Orders that reach me a week ahead.", "whats_next": "The stock list goes to Southgate.", "progress": "The list is complete and used.",
			"discussion": "How the list could serve other schools.", "support": "The course on radiation protection.", "review_statement": "What Priya built is used far beyond her department."}}
}

func ines() *story {
	return &story{who: Reviewer, reviewer: ReviewersReviewer, thanked: technician, titles: []string{"One scheme for three classes", "Colleagues who watch each other teach", "Grades in combined science"}, own: "met", comment: "The scheme reads well. Show it to mathematics.",
		rating: highInAll("The scheme is used in every class."), waits: "The results come in August.",
		texts: map[string]string{"went_well": "Everybody in science has watched a colleague teach.", "even_better_if": "Time to talk after each visit.", "whats_next": "The scheme for year 9.", "progress": "Four units of six are written.",
			"discussion": "What the mock examinations showed.", "support": "Cover for two mornings.", "review_statement": "Ines has made a team of a department."}}
}
