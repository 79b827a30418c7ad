package policy

import "github.com/perennial-api/perennial/internal/schooltime"

// PayRules say how pay follows from the outcome. The pay table is data of the cycle.
type PayRules struct {
	Link            string     `json:"link" doc:"how pay follows from the outcome: not at all; as a step recommends; by the table of the year; or everybody progresses unless a step says otherwise" scope:"T,G,C" enum:"none,recommendation,matrix,automatic"`
	TopOfRange      string     `json:"top_of_range" doc:"what a pay table must say for people at the top of their range" scope:"T" enum:"own_column,none"`
	Chain           []StepRule `json:"chain" doc:"the steps of the pay decision; the deadline of the one that decides is the day by which pay is decided" scope:"T,G,C"`
	NeedsCapability bool       `json:"no_progression_needs_capability" doc:"whether only somebody in a capability process may be refused progression" scope:"T"`
	ExceptionBy     Party      `json:"exception_by" doc:"who grants an award beyond the rule: none, head, hr, or office: and a code" scope:"T"`
}

// What somebody says on progression where pay follows a recommendation, or everybody progresses unless
// somebody says otherwise.
const (
	Progress      = "progress"
	NoProgression = "no_progression"
)

// Judged are the judgements from which pay follows, each of which a row of the pay table may bear:
// what is said on progression, else the ratings of the scale.
func (p *PayRules) Judged(scale []Rating) []Rating {
	if p.Link == payRecommended || p.Link == payAutomatic {
		return []Rating{{Progress, "Progression"}, {NoProgression, "No progression"}}
	}
	return scale
}

// AppealRules say what may be appealed against, before whom, and by when.
type AppealRules struct {
	Pay       []AppealStage `json:"pay" doc:"the stages of an appeal against the decision on pay, in order; empty: there is none" scope:"T,G"`
	Statement []AppealStage `json:"statement" doc:"the stages of an appeal against the statement on the year, in order; empty: there is none" scope:"T,G"`
	Grounds   []Rating      `json:"grounds" doc:"on what grounds one may appeal; empty: in the person's own words" scope:"T"`
	Remedies  []string      `json:"remedies" doc:"in what an appeal against the statement may end" scope:"T" enum:"stands,amended,redone"`
	LateBy    Party         `json:"late_by" doc:"who may admit an appeal that comes late, with a reason: none, head, hr, or office: and a code" scope:"T"`
}

// AppealStage is one hearing of an appeal. Nobody hears it who took part in what it is against.
type AppealStage struct {
	Code       string          `json:"code" doc:"stable name, unique in the list"`
	Label      string          `json:"label" doc:"as shown"`
	Party      Party           `json:"party" doc:"who hears it: reviewers_reviewer, head, hr, or office: and a code"`
	LodgeDays  int             `json:"lodge_days" doc:"days after the decision, or after the stage before, within which it is lodged" min:"1" max:"366"`
	DecideDays int             `json:"decide_days" doc:"days after it was lodged by which it is decided; late is marked, never refused" min:"1" max:"366"`
	In         schooltime.Unit `json:"in,omitempty" doc:"which days are counted" enum:"calendar_days,working_days,school_days"`
	FromFirst  bool            `json:"first_day_counts,omitempty" doc:"whether the day of the decision, or of lodging, is day one"`
	Companion  bool            `json:"companion,omitempty" doc:"whether the person may bring a companion to the hearing"`
}

// ReportRules say what the written report of a year holds, who receives which part by when, and
// what governors are told of all years together.
type ReportRules struct {
	Sections    []ReportSection `json:"sections" doc:"the parts of the written report, in order; empty: whatever the steps hold" scope:"T,G,C"`
	Governors   []string        `json:"governors" doc:"what a head's annual report to governors holds; empty: there is none" scope:"T,S" enum:"completion,effectiveness,development_needs,ratings,pay,appeals,concerns"`
	SmallNumber int             `json:"small_number" doc:"where fewer people than this are counted, distributions and reports withhold the count" scope:"T" min:"1" max:"50"`
}

// ReportSection is a part of the written report.
type ReportSection struct {
	Code  string          `json:"code" doc:"stable name, unique in the list"`
	Label string          `json:"label" doc:"as shown"`
	Holds string          `json:"holds" doc:"what it holds; answers are those of one step" enum:"objectives,standards,rating,answers,development,pay,comments,signatures"`
	Step  string          `json:"step,omitempty" doc:"the code of the step of the outcome chain whose answers it holds; absent: the steps that state"`
	Parts []string        `json:"parts,omitempty" doc:"the codes of the sections of that step's form; absent: all"`
	To    []Party         `json:"to" doc:"who receives it: reviewee, reviewer, reviewers_reviewer, head, hr, or office: and a code"`
	Due   schooltime.Rule `json:"due,omitzero" doc:"the day by which they receive it; late is marked, never refused"`
}
