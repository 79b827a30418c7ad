package policy

import "github.com/perennial-api/perennial/internal/schooltime"

// OutcomeRules say how the year is judged and who decides.
type OutcomeRules struct {
	Scale              []Rating        `json:"scale" doc:"overall ratings, lowest first; empty: no rating" scope:"T,G,C"`
	Method             string          `json:"method" doc:"how the overall rating comes about" scope:"T,G,C" enum:"none,judgement,grid,derived"`
	Grid               Grid            `json:"grid" doc:"the grid of the method grid" scope:"T,C"`
	Derived            []DerivedRow    `json:"derived" doc:"the rows of the method derived: the first that holds of the objectives that count gives the rating" scope:"T,G,C"`
	MayChange          bool            `json:"decider_may_change" doc:"whether the decider may change the recommended rating, with a reason" scope:"T"`
	Chain              []StepRule      `json:"chain" doc:"the steps from reflection to release, in order" scope:"T,G,C"`
	ObjectiveScale     []Rating        `json:"objective_scale" doc:"how each objective is judged, lowest first; empty: in words" scope:"T,G,C"`
	ObjectiveJudges    string          `json:"objective_judges" doc:"who judges each objective" scope:"T" enum:"reviewee,reviewer,both,reviewee_then_reviewer"`
	ObjectivePercent   string          `json:"objective_percent" doc:"whether how far an objective was reached is also said in per cent; below_top: wherever it is not judged the highest" scope:"T,G" enum:"none,optional,below_top"`
	ObjectiveStatement string          `json:"objective_statement" doc:"what the person says on the impact of each objective" scope:"T,G" enum:"none,optional,required"`
	StatementLocked    bool            `json:"statement_locked" doc:"whether what the person says on an objective is frozen once it is completed" scope:"T"`
	Inputs             []string        `json:"inputs" doc:"what the overall judgement weighs: whoever judges first acknowledges each" scope:"T,G" enum:"objectives,standards,job_description,engagement,cpd_responsibility,behaviours"`
	Deferral           string          `json:"deferral" doc:"whether an outcome may wait for examination results" scope:"T,G" enum:"none,exam_results"`
	DeferralBy         []Party         `json:"deferral_by" doc:"who may let an objective or the outcome wait" scope:"T" enum:"reviewer,head,hr"`
	DeferralDue        schooltime.Rule `json:"deferral_due" doc:"the day by which what waits is judged" scope:"T,G,C"`
	Visible            string          `json:"outcome_visible" doc:"when the reviewee sees statement and rating" scope:"T,C" enum:"released,stated"`
}

// Rating is one value of a scale.
type Rating struct {
	Code  string `json:"code" doc:"stable name"`
	Label string `json:"label" doc:"as shown"`
}

// DerivedRow is a row of the method derived. It looks at the judgements of the objectives that count:
// whether all, any or at least n of them are the judgement Code, or that or a higher one. A row that
// says otherwise holds always, so it stands last.
type DerivedRow struct {
	When     string `json:"when" doc:"of how many it has to be true" enum:"all,any,at_least,otherwise"`
	N        int    `json:"n,omitempty" doc:"how many, for at_least" min:"1" max:"50"`
	Code     string `json:"code,omitempty" doc:"a judgement of objective_scale; absent for otherwise"`
	OrHigher bool   `json:"or_higher,omitempty" doc:"whether a higher judgement counts too"`
	Rating   string `json:"rating" doc:"the rating that follows"`
}

// Grid turns two judgements into a rating. A cell without a rating is unset: rating through it is
// refused until the trust fills it. Boxes stand beside the grid.
type Grid struct {
	Rows    Axis   `json:"rows" doc:"the first axis"`
	Columns Axis   `json:"columns" doc:"the second axis"`
	Cells   []Cell `json:"cells" doc:"the cells; one that is missing or has no rating is unset"`
	Boxes   []Box  `json:"boxes,omitempty" doc:"ratings beside the grid, such as one for exceptional work"`
}

// Axis is one judgement of a grid.
type Axis struct {
	Code   string   `json:"code" doc:"stable name, such as engagement or impact"`
	Label  string   `json:"label" doc:"as shown"`
	Values []Rating `json:"values" doc:"its values, lowest first"`
}

// Cell is one cell of a grid.
type Cell struct {
	Row    string `json:"row" doc:"a value of the first axis"`
	Column string `json:"column" doc:"a value of the second axis"`
	Number int    `json:"number,omitempty" doc:"the number shown in the cell"`
	Rating string `json:"rating,omitempty" doc:"the rating that follows; absent is unset"`
	Remark string `json:"remark,omitempty" doc:"what is said in the cell beside the rating"`
}

// Box is a rating beside the grid.
type Box struct {
	Code   string `json:"code" doc:"stable name"`
	Label  string `json:"label" doc:"as shown"`
	Number int    `json:"number,omitempty" doc:"the number shown in the box"`
	Rating string `json:"rating,omitempty" doc:"the rating that follows; absent is unset"`
}

// StepRule is one step of a chain: one party, one form, one or several acts. Steps of equal order
// are open together; a step opens when every required step of a lower order is done or skipped.
type StepRule struct {
	Code      string          `json:"code" doc:"stable name, unique in the chain"`
	Label     string          `json:"label" doc:"as shown"`
	Order     int             `json:"order" doc:"place in the chain, from 1; equal ones are open together"`
	Party     Party           `json:"party" doc:"who does it"`
	Acts      []string        `json:"acts" doc:"what doing it means" enum:"reflect,self_rate,state,recommend,decide,approve,comment,sign,recommend_pay,decide_pay"`
	Form      string          `json:"form,omitempty" doc:"the code of the form that it fills"`
	Required  bool            `json:"required" doc:"whether the chain waits for it"`
	NotSameAs []string        `json:"not_same_as,omitempty" doc:"earlier steps whose doer may not do this one"`
	Opens     schooltime.Rule `json:"opens,omitzero" doc:"the first day on which it may be done; absent: as soon as its turn comes"`
	Due       schooltime.Rule `json:"due,omitzero" doc:"its deadline; late is marked, never refused"`
}
