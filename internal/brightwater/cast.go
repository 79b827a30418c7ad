package brightwater

import (
	"github.com/oapi-codegen/nullable"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/schooltime"
)

func toDate(d schooltime.Date) openapi_types.Date { return openapi_types.Date{Time: d.Time()} }

type unit struct {
	key, parent, name string
	kind              api.CreateUnitKind
}

var units = []unit{
	{"northfield", "trust", "Northfield School", "school"},
	{"southgate", "trust", "Southgate Primary", "school"},
	{"central", "trust", "Central team", "central"},
	{"science", "northfield", "Science department", "department"},
}

// person is one of the cast. Everybody is invented.
type person struct {
	key, given, family, unit, job, staff, manager string
	years                                         int // how long they have been in post
	qts, top                                      bool
	fact                                          string // induction, probation or no_top_of_range
}

// The cast, in order of line management. Tom is the reviewee of the tour: Ines reviews him, Dev
// reviews Ines, Marta is head of Northfield, Olu is chief executive,
// Nell chairs the board and has no post.
var cast = []person{
	{key: "nell.abara", given: "Nell", family: "Abara"},
	{key: "olu.adeyemi", given: "Olu", family: "Adeyemi", unit: "trust", job: "Chief executive", staff: "central", manager: "nell.abara", years: 6, top: true},
	{key: "marta.lind", given: "Marta", family: "Lind", unit: "northfield", job: "Headteacher", staff: "teaching", manager: "olu.adeyemi", years: 4, qts: true, top: true},
	{key: "wen.zhou", given: "Wen", family: "Zhou", unit: "southgate", job: "Headteacher", staff: "teaching", manager: "olu.adeyemi", years: 3, qts: true},
	{key: "dev.anand", given: "Dev", family: "Anand", unit: "northfield", job: "Deputy head", staff: "teaching", manager: "marta.lind", years: 5, qts: true},
	{key: "ines.okoro", given: "Ines", family: "Okoro", unit: "science", job: "Head of science", staff: "teaching", manager: "dev.anand", years: 4, qts: true},
	{key: "tom.birch", given: "Tom", family: "Birch", unit: "science", job: "Teacher of science", staff: "teaching", manager: "ines.okoro", years: 2, qts: true},
	{key: "priya.nair", given: "Priya", family: "Nair", unit: "science", job: "Science technician", staff: "support", manager: "ines.okoro", years: 3, top: true},
	{key: "leo.hart", given: "Leo", family: "Hart", unit: "science", job: "Teacher of physics", staff: "teaching", manager: "ines.okoro", years: 1, qts: true, fact: "induction"},
	{key: "sam.quill", given: "Sam", family: "Quill", unit: "northfield", job: "Receptionist", staff: "support", manager: "dev.anand", fact: "probation"},
	{key: "abe.stone", given: "Abe", family: "Stone", unit: "southgate", job: "Teacher of year 4", staff: "teaching", manager: "wen.zhou", years: 2, qts: true, fact: "no_top_of_range"},
	{key: "mia.frost", given: "Mia", family: "Frost", unit: "southgate", job: "Teaching assistant", staff: "support", years: 2},
	{key: "kit.vale", given: "Kit", family: "Vale", unit: "central", job: "Finance officer", staff: "support", manager: "olu.adeyemi", years: 2},
}

// Reviewee, Reviewer, ReviewersReviewer, HeadOf and Chief are the keys of the tour's people.
const (
	Reviewee          = "tom.birch"
	Reviewer          = "ines.okoro"
	ReviewersReviewer = "dev.anand"
	HeadOf            = "marta.lind"
	Chief             = "olu.adeyemi"
	OtherHead         = "wen.zhou"
	Chair             = "nell.abara"
)

const technician = "priya.nair" // whom Ines reviews too

type office struct {
	code         string
	unit, person string
}

var offices = []office{
	{"chair", "trust", Chair}, {"ceo", "trust", Chief}, {"head", "northfield", HeadOf}, {"head", "southgate", OtherHead},
}

type priority struct{ pillar, code, title string }

// Six pillars with lettered priorities. The structure is the field's, the words are Brightwater's.
var priorities = []priority{
	{"", "1", "Every pupil reads"}, {"1", "1a", "Reading is taught in every subject"}, {"1", "1b", "Pupils who fall behind are found within a half-term"},
	{"", "2", "Belonging"}, {"2", "2a", "Attendance is everybody's work"}, {"2", "2b", "Pupils lead in their school"},
	{"", "3", "People grow here"}, {"3", "3a", "Colleagues coach each other"}, {"3", "3b", "Every leader is prepared for the next role"},
	{"", "4", "Strong schools"}, {"4", "4a", "Schools review each other"}, {"4", "4b", "Data is used before it is collected"},
	{"", "5", "Well run"}, {"5", "5a", "Money follows the plan"}, {"5", "5b", "One system for each job"},
	{"", "6", "Part of the place"}, {"6", "6a", "Families know what we teach"}, {"6", "6b", "Colleagues want to stay"},
}

var bank = []api.CreateObjectiveTemplate{
	{Slot: "impact_on_others", Title: "Improve how a group learns", Text: "By the summer, pupils in … will be able to …",
		Criteria: []api.Item{{Text: "A measure before and after"}, {Text: "Work that shows it"}, {Text: "What pupils say"}},
		Actions:  []api.Item{{Text: "Agree the starting point"}, {Text: "Try, and look at it with a colleague"}}},
	{Slot: "impact_on_self", Title: "Deepen one skill", Text: "I will learn to …, and use it in …",
		Criteria: []api.Item{{Text: "What I can do now that I could not"}, {Text: "Where I used it"}, {Text: "What a colleague saw"}},
		Actions:  []api.Item{{Text: "Find a course or a mentor"}, {Text: "Use it every half-term"}}},
}

// The fifteen check-in windows, as month and day, from the first after 1 September. The first
// opens a day before objectives are due.
var windows = [][2]string{
	{"10-30", "11-06"}, {"11-16", "11-20"}, {"11-30", "12-04"}, {"12-14", "12-18"}, {"01-11", "01-15"}, {"01-25", "01-29"}, {"02-08", "02-12"},
	{"03-01", "03-05"}, {"03-15", "03-19"}, {"04-19", "04-23"}, {"05-03", "05-07"}, {"05-17", "05-21"}, {"06-07", "06-11"}, {"06-21", "06-25"}, {"07-05", "07-09"},
}

// PayTable is Brightwater's: of its rows, met at the top of the range is not covered, and there is
// none for central staff.
func PayTable() []api.SetPayRow {
	award := func(kind api.AwardKind, amount string) api.Award { return api.Award{Kind: kind, Amount: amount} }
	col := award("cost_of_living", "0")
	bonus := []api.Award{award("bonus_percent", "3")}
	return []api.SetPayRow{
		{StaffGroup: "teaching", Rating: "exceeded", Awards: []api.Award{award("points", "2")}, TopOfRangeAwards: nullable.NewNullableWithValue(bonus)},
		{StaffGroup: "teaching", Rating: "met", Awards: []api.Award{award("points", "1")}},
		{StaffGroup: "teaching", Rating: "partially_met", Awards: []api.Award{col}, TopOfRangeAwards: nullable.NewNullableWithValue([]api.Award{col})},
		{StaffGroup: "teaching", Rating: "not_met", Awards: []api.Award{col}, TopOfRangeAwards: nullable.NewNullableWithValue([]api.Award{col})},
		{StaffGroup: "support", Rating: "exceeded", Awards: []api.Award{col, award("percent", "5")}, TopOfRangeAwards: nullable.NewNullableWithValue(bonus)},
		{StaffGroup: "support", Rating: "met", Awards: []api.Award{col, award("percent", "2.5")}},
		{StaffGroup: "support", Rating: "partially_met", Awards: []api.Award{col}, TopOfRangeAwards: nullable.NewNullableWithValue([]api.Award{col})},
		{StaffGroup: "support", Rating: "not_met", Awards: []api.Award{col}, TopOfRangeAwards: nullable.NewNullableWithValue([]api.Award{col})},
	}
}
