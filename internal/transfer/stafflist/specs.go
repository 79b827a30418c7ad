package stafflist

import (
	"slices"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// specs is the table of fields. Its order is that of the documentation and of
// reading: title and the two names come before the full name, which fills what
// they left empty.
//
// The aliases come from the OneRoster 1.2 and Wonde formats, from SIMS reports
// and from other appraisal products' import files; what has not been seen in
// one is what schools are likely to call their own report's columns.
var specs = slices.Concat(personSpecs, postSpecs, paySpecs, dateSpecs)

var personSpecs = []spec{
	{
		field: FieldExternalID, limit: 100,
		description: "The person's identifier in the system that the list comes from. It stays the same from one export to the next.",
		aliases: [][]string{
			{"Person ID", "MIS ID", "sourcedId", "USR ID", "Arbor ID", "Arbor Staff ID", "Bromcom ID", "SIMS ID", "Staff ID", "Employee ID", "External ID"},
			{"id", "UPI"},
		},
		read: identifier(func(r *Row) **string { return &r.ExternalID }),
	},
	{
		field: FieldPayrollNumber, limit: 100,
		description: "The number that payroll knows the person by.",
		aliases:     [][]string{{"Payroll Number", "Payroll No", "Payroll ID", "Employee Number", "Employee No"}},
		read:        identifier(func(r *Row) **string { return &r.PayrollNumber }),
	},
	{
		field: FieldTRN, limit: 20, typed: true,
		description: "The teacher reference number: seven digits, with or without a slash.",
		aliases:     [][]string{{"TRN", "Teacher Reference Number", "Teacher Reference No", "Teacher Number", "Teacher No", "DfE Number"}},
		read:        readTRN,
	},
	{
		field: FieldTitle, limit: 40,
		description: "Mr, Ms, Dr and the like.",
		aliases:     [][]string{{"Title", "Salutation"}},
		read:        readTitle,
	},
	{
		field: FieldGivenName, limit: 200, fallback: true,
		description: "The forename the person is known by. A preferred forename is taken before a legal one.",
		aliases: [][]string{
			{"Preferred Forename", "Preferred First Name", "Preferred Given Name", "Known As", "Chosen Forename"},
			{"Forename", "First Name", "Given Name", "Legal Forename", "Legal First Name", "Forenames"},
		},
		read: text(func(r *Row) **string { return &r.GivenName }),
	},
	{
		field: FieldFamilyName, limit: 200, fallback: true,
		description: "The surname the person is known by. A preferred surname is taken before a legal one.",
		aliases: [][]string{
			{"Preferred Surname", "Preferred Last Name", "Preferred Family Name", "Chosen Surname"},
			{"Surname", "Last Name", "Family Name", "Legal Surname", "Legal Last Name"},
		},
		read: text(func(r *Row) **string { return &r.FamilyName }),
	},
	{
		field: FieldFullName, limit: 400, fallback: true,
		description: "Both names in one column, as \"Surname, Forename\" or \"Forename Surname\", for lists without a column for each.",
		aliases:     [][]string{{"Preferred Full Name"}, {"Name", "Full Name", "Staff Name", "Employee Name", "Display Name", "Legal Name"}},
		read:        readFullName,
	},
	{
		field: FieldEmail, limit: 4 * maxEmail, typed: true,
		description: "The work e-mail address. Of several in one cell the first is taken.",
		aliases:     [][]string{{"Email", "Work Email", "Main Email", "Email Address", "Work Email Address", "School Email", "contact_details.data.emails.work"}},
		read:        readEmailCell,
	},
	{
		field: FieldInitials, limit: 20,
		description: "The person's initials or timetable code.",
		aliases:     [][]string{{"Initials", "Staff Code", "Teacher Code", "employment_details.data.staff_code"}},
		read:        text(func(r *Row) **string { return &r.Initials }),
	},
}

var postSpecs = []spec{
	{
		field: FieldSchool, limit: 200, fallback: true,
		description: "Where the post is: the school's URN, LAESTAB number, code or name, or the central team's. A person with posts at two schools has a row for each.",
		aliases: [][]string{
			{"URN", "School URN"},
			{"LAESTAB", "School Code", "primaryOrgSourcedId", "orgSourcedId", "orgSourcedIds"},
			{"School", "School Name", "Academy", "Establishment", "Unit"},
		},
		read: readSchool,
	},
	{
		field: FieldJobTitle, limit: 200,
		description: "What the post is called.",
		aliases:     [][]string{{"Job Title", "Post", "Post Title", "Position", "Business Role"}},
		read:        text(func(r *Row) **string { return &r.JobTitle }),
	},
	{
		field: FieldRole, limit: 100,
		description: "The kind of staff: teacher, support, or the trust's own word. A yes/no column of teaching staff will do.",
		aliases:     [][]string{{"Role", "Staff Type"}, {"Teaching Staff", "employment_details.data.teaching_staff"}},
		read:        readRole,
	},
	{
		field: FieldDepartment, limit: 200,
		description: "The department, faculty or team.",
		aliases:     [][]string{{"Department", "Faculty"}, {"Subject"}},
		read:        text(func(r *Row) **string { return &r.Department }),
	},
	{
		field: FieldTags, limit: 1300,
		description: "What the trust says of the post by codes of its own, separated by semicolons, such as coaching_qualified.",
		aliases:     [][]string{{"Tags", "Labels"}},
		read:        readTags,
	},
	{
		field: FieldLineManager, limit: 400, fallback: true, typed: true,
		description: "Who manages the person in this post: an e-mail address, an external id, or a name that only one person has.",
		aliases: [][]string{
			{"Line Manager Email", "Manager Email", "Appraiser Email", "Reviewer Email"},
			{"Line Manager ID", "Manager ID", "Appraiser ID", "Reviewer ID"},
			{"Line Manager", "Line Manager Name", "Manager", "Appraiser", "Reviewer", "Reports To"},
		},
		read: readManager,
	},
	{
		field: FieldCurrent, limit: 40, typed: true,
		description: "Whether the person still works there: yes or no.",
		aliases:     [][]string{{"Current", "Is Current", "employment_details.data.current"}},
		read:        flag(func(r *Row) **bool { return &r.Current }),
	},
}

var paySpecs = []spec{
	{
		field: FieldFTE, limit: 40, typed: true,
		description: "The part of full time that the post is: 0.8 or 80%.",
		aliases:     [][]string{{"FTE", "Full Time Equivalent"}},
		read:        readFTE,
	},
	{
		field: FieldPayRange, limit: 100,
		description: "The pay range or scale, as the trust writes it.",
		aliases:     [][]string{{"Pay Range", "Pay Scale", "Pay Band", "Salary Scale", "Salary Range"}},
		read:        text(func(r *Row) **string { return &r.PayRange }),
	},
	{
		field: FieldPayPoint, limit: 100,
		description: "The point on the range, as the trust writes it.",
		aliases:     [][]string{{"Pay Point", "Spine Point", "Spinal Point", "Scale Point"}},
		read:        text(func(r *Row) **string { return &r.PayPoint }),
	},
	{
		field: FieldTopOfRange, limit: 40, typed: true,
		description: "Whether the person is at the top of the range: yes or no.",
		aliases:     [][]string{{"Top of Range", "At Top of Range", "Top of Scale", "Range Maximum"}},
		read:        flag(func(r *Row) **bool { return &r.TopOfRange }),
	},
	{
		field: FieldContract, limit: 100, typed: true,
		description: "Permanent or fixed term. The school workforce census codes PRM, FXT and TMP will do.",
		aliases:     [][]string{{"Contract", "Contract Type", "Employment Type"}},
		read:        readContract,
	},
	{
		field: FieldQTS, limit: 40, typed: true,
		description: "Whether the person has qualified teacher status: yes or no.",
		aliases:     [][]string{{"QTS", "QT Status", "Has QTS", "Qualified Teacher Status", "Qualified Teacher"}},
		read:        flag(func(r *Row) **bool { return &r.QTS }),
	},
}

var dateSpecs = []spec{
	{
		field: FieldStartOn, limit: 60, typed: true,
		description: "The first day of the employment.",
		aliases: [][]string{{
			"Start Date", "Date of Arrival", "Arrival Date", "Contract Start", "Contract Start Date", "beginDate", "Employment Start Date", "Employment Start",
			"employment_details.data.employment_start_date", "employment_details.data.employment_start_date.date",
		}},
		read: day(func(r *Row) **schooltime.Date { return &r.StartOn }),
	},
	{
		field: FieldEndOn, limit: 60, typed: true,
		description: "The last day of the employment, for leavers.",
		aliases: [][]string{{
			"End Date", "Leaving Date", "Date of Leaving", "Leave Date", "Employment End Date", "Employment End",
			"employment_details.data.employment_end_date", "employment_details.data.employment_end_date.date",
		}},
		read: day(func(r *Row) **schooltime.Date { return &r.EndOn }),
	},
	{
		field: FieldContractEndOn, limit: 60, typed: true,
		description: "The last day of a fixed-term contract.",
		aliases:     [][]string{{"Contract End", "Contract End Date", "Fixed Term End Date"}},
		read:        day(func(r *Row) **schooltime.Date { return &r.ContractEndOn }),
	},
	{
		field: FieldInductionStartsOn, limit: 60, typed: true,
		description: "The first day of an early career teacher's statutory induction.",
		aliases:     [][]string{{"Induction Start", "Induction Start Date", "ECT Start", "ECT Start Date", "ECT Induction Start Date", "NQT Start Date"}},
		read:        day(func(r *Row) **schooltime.Date { return &r.InductionStartsOn }),
	},
	{
		field: FieldInductionEndsOn, limit: 60, typed: true,
		description: "The last day of an early career teacher's statutory induction.",
		aliases:     [][]string{{"Induction End", "Induction End Date", "ECT End", "ECT End Date", "ECT Induction End Date", "NQT End Date"}},
		read:        day(func(r *Row) **schooltime.Date { return &r.InductionEndsOn }),
	},
	{
		field: FieldProbationEndsOn, limit: 60, typed: true,
		description: "The last day of the probation period.",
		aliases:     [][]string{{"Probation End", "Probation End Date", "End of Probation", "Probation Ends"}},
		read:        day(func(r *Row) **schooltime.Date { return &r.ProbationEndsOn }),
	},
}
