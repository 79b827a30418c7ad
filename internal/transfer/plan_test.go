package transfer

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

var (
	rootID, northID, centralID = uuid.New(), uuid.New(), uuid.New()
	today                      = schooltime.MustDate("2026-10-05")
)

// trust is a trust with one school and a central team.
func trust() Directory {
	return Directory{Units: []directory.Unit{
		{Row: record.Row{ID: rootID, Version: 1}, Kind: directory.Trust, Name: "Brightwater Trust", Decides: true},
		{Row: record.Row{ID: northID, Version: 1}, ParentID: &rootID, Kind: directory.School, Name: "Northfield School", Decides: true},
		{Row: record.Row{ID: centralID, Version: 1}, ParentID: &rootID, Kind: directory.Central, Name: "Central team", Decides: true},
	}}
}

func compared(t *testing.T, dir Directory, lines ...string) Plan {
	t.Helper()
	list, err := stafflist.Parse(strings.NewReader(strings.Join(lines, "\n")), stafflist.Options{})
	require.NoError(t, err)
	return Compare(list, dir, Asker{Today: today})
}

func TestKindOfStaffComesFromRoleQualificationAndPlace(t *testing.T) {
	for row, want := range map[string][2]string{
		"Northfield School,Teacher of art,Teacher,":               {"teaching", "teacher"},
		"Northfield School,Cover,Class teacher,N":                 {"teaching", "teacher"},
		"Northfield School,Deputy,Senior leader,Y":                {"teaching", "senior_leader"},
		"Northfield School,Deputy,Senior leader,N":                {"support", "senior_leader"},
		"Northfield School,Cover supervisor,Support,Y":            {"support", "support"},
		"Northfield School,Helper,Teaching assistant,N":           {"support", "teaching_assistant"},
		"Northfield School,ECT,ECT,":                              {"teaching", "ect"},
		"Northfield School,Teacher of art,,":                      {"teaching", ""},
		"Northfield School,Teaching assistant,,":                  {"support", ""},
		"Northfield School,Teacher of art,,N":                     {"support", ""},
		"Central team,Director of education,,Y":                   {"central", ""},
		"Central team,Peripatetic teacher,Teacher,Y":              {"teaching", "teacher"},
		"Central team,Clerk,Support staff,N":                      {"central", "support"},
		"Trust,Chief executive,Executive leader (CEO),Y":          {"central", "executive_leader_ceo"},
		"Northfield School,Aide,Éducateur spécialisé,":            {"support", "educateur_specialise"},
		"Northfield School,Aide,Учитель,":                         {"support", ""},
		"Northfield School,Aide," + strings.Repeat("a", 90) + ",": {"support", strings.Repeat("a", 64)},
	} {
		p := compared(t, trust(), "Person ID,Forename,Surname,Start Date,School,Job Title,Role,QTS", "1,Ada,Marsh,2025-09-01,"+row)
		require.Equal(t, New, p.Rows[0].Action, row)
		post, code := p.work.posts[0].want, ""
		if post.RoleCode != nil {
			code = *post.RoleCode
		}
		require.Equal(t, want, [2]string{post.StaffType, code}, row)
	}
}

// employed is the trust with Ada, who has one post at Northfield with every fact there is.
func employed() Directory {
	dir, ada, yes := trust(), uuid.New(), true
	day := schooltime.MustDate
	dir.People = []directory.Person{{Row: record.Row{ID: ada, Version: 3}, GivenName: "Ada", FamilyName: "Marsh", Status: directory.Active, ExternalIDs: []directory.ExternalID{{System: MIS, Value: "1"}}}}
	dir.Posts = []directory.Post{{Row: record.Row{ID: uuid.New(), Version: 5}, PersonID: ada, UnitID: northID, JobTitle: "Teacher", StaffType: "teaching", RoleCode: new("teacher"),
		Department: new("Art"), FTEThousandths: 600, Contract: directory.FixedTerm, ContractEndsOn: day("2027-08-31"), QTS: &yes, InductionStartsOn: day("2026-09-01"), InductionEndsOn: day("2028-09-01"),
		ProbationEndsOn: day("2027-02-01"), PayRange: new("Main"), PayPoint: new("M1"), AtTopOfRange: new(false), Term: directory.Term{FromOn: day("2026-09-01")}}}
	return dir
}

func TestFieldsChangeOneByOne(t *testing.T) {
	for change, want := range map[string]string{
		"Job Title|Teacher":             "",
		"Job Title|":                    "",
		"Job Title|Artist":              "job_title",
		"FTE|0.6":                       "",
		"FTE|60%":                       "",
		"FTE|":                          "",
		"FTE|1.2":                       "fte",
		"FTE|0.3333":                    "fte",
		"Contract|Fixed term":           "",
		"Contract|":                     "",
		"Contract|Permanent":            "contract,contract_ends_on",
		"Contract End|2027-08-31":       "",
		"Contract End|":                 "contract_ends_on",
		"Induction End|2028-08-31":      "",
		"Induction End|":                "induction_ends_on",
		"Probation End|2027-01-31":      "",
		"Probation End|2027-02-01":      "probation_ends_on",
		"Probation End|":                "probation_ends_on",
		"QTS|Y":                         "",
		"QTS|":                          "qts",
		"Role|":                         "",
		"Role|Support":                  "staff_type,role_code",
		"Pay Point|M2":                  "pay_point",
		"Pay Range|":                    "pay_range",
		"Top of Range|Y":                "at_top_of_range",
		"Start Date|2026-09-01":         "",
		"Start Date|2026-09-07":         "from_on",
		"Start Date|":                   "",
		"School|":                       "",
		"School|Northfield School":      "",
		"Work Email|ada@school.example": "email",
		"Work Email|":                   "",
		"Payroll Number|9":              "external_ids",
		"TRN|":                          "",
		"Preferred Surname|Marsh-Reed":  "family_name",
		"Department|Art":                "",
		"Department|":                   "department",
		"Line Manager|":                 "",
		"Shoe size|9":                   "",
	} {
		header, value, _ := strings.Cut(change, "|")
		p := compared(t, employed(), "Person ID,Forename,Surname,"+header, "1,Ada,Marsh,"+value)
		require.Equal(t, want, strings.Join(p.Rows[0].Changes, ","), change)
		action := map[bool]Action{true: Unchanged, false: Changed}[want == ""]
		require.Equal(t, action, p.Rows[0].Action, change)
		require.NotNil(t, p.Rows[0].PostID, change)
	}
}

func TestKindOfStaffOfTheTrustsOwnStays(t *testing.T) {
	dir := employed()
	dir.Posts[0].StaffType = "catering"
	p := compared(t, dir, "Person ID,Forename,Surname,Role", "1,Ada,Marsh,Support")
	require.Equal(t, []string{"role_code"}, p.Rows[0].Changes)
	require.Equal(t, "catering", p.work.posts[0].want.StaffType)
}

func TestPostIsHeldToTheRulesOfTheDirectory(t *testing.T) {
	for row, want := range map[string][2]string{
		"Contract,Contract End|Permanent,2027-08-31": {"permanent_contract", "contract_end_on"},
		"Contract End|2026-08-01":                    {"before_start", "contract_end_on"},
		"Induction Start|":                           {"required", "induction_starts_on"},
		"Induction Start|2029-09-01":                 {"before_start", "induction_ends_on"},
	} {
		header, cells, _ := strings.Cut(row, "|")
		p := compared(t, employed(), "Person ID,Forename,Surname,"+header, "1,Ada,Marsh,"+cells)
		require.Equal(t, Failed, p.Rows[0].Action, row)
		got := p.Rows[0].Problems[0]
		require.Equal(t, want, [2]string{got.Code, got.Field}, row)
		require.Equal(t, 2, got.Line)
	}
}

func TestSamePlanHasTheSameDigestAndAnotherHasNot(t *testing.T) {
	dir := employed()
	lines := []string{"Person ID,Forename,Surname,Job Title", "1,Ada,Marsh,Artist"}
	first := compared(t, dir, lines...)
	require.Equal(t, first.Digest, compared(t, dir, lines...).Digest)
	dir.Posts[0].Version++
	require.NotEqual(t, first.Digest, compared(t, dir, lines...).Digest, "the post that changes has changed")
	lines[1] = "1,Ada,Marsh,Teacher"
	same := compared(t, dir, lines...)
	dir.Posts[0].Version++
	require.Equal(t, same.Digest, compared(t, dir, lines...).Digest, "what stays as it is may change elsewhere")
}

func TestTwoRowsOfOnePersonThatDisagreeAreTakenByTheFirst(t *testing.T) {
	p := compared(t, trust(), "Person ID,Forename,Surname,Work Email,School,Job Title,Start Date,Payroll Number",
		"1,Ada,Marsh,ada@school.example,Northfield School,Teacher,2025-09-01,P1", "1,Adah,Marsh,adah@school.example,Central team,Clerk,2025-09-01,P2")
	require.Len(t, p.work.people, 1)
	ada := p.work.people[0].now
	require.Equal(t, []string{"Ada", "ada@school.example"}, []string{ada.GivenName, *ada.Email})
	require.Equal(t, []directory.ExternalID{{System: MIS, Value: "1"}, {System: Payroll, Value: "P1"}, {System: Payroll, Value: "P2"}}, ada.ExternalIDs)
	codes := []string{}
	for _, problem := range p.Rows[1].Problems {
		codes = append(codes, problem.Code)
		require.True(t, problem.Warning)
	}
	require.Equal(t, []string{"same_id_other_name", "differs_between_rows", "differs_between_rows"}, codes)
}

func TestContentComesBackByteForByte(t *testing.T) {
	for _, raw := range []string{"", "Forename,Surname\n", "\xff\xfeF\x00", "Zo\xeb\x00\r\n"} {
		v, err := Content(raw).Value()
		require.NoError(t, err)
		require.NotContains(t, v, "\x00")
		var back Content
		require.NoError(t, back.Scan(v))
		require.Equal(t, raw, string(back))
	}
	var c Content
	require.Error(t, c.Scan("not packed"))
	require.Error(t, c.Scan(7))
}
