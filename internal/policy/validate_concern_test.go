package policy_test

func init() {
	unrunnable = append(unrunnable, []breach{
		{"capability at once by nobody", "canonium", []edit{{"rules.concern.capability_by", `[]`}}, "direct_by_nobody",
			[]string{"rules.concern.direct", "rules.concern.capability_by"}},
		{"capability at once for what nobody raises", "canonium", []edit{{"rules.concern.raised_by", `[]`}}, "direct_without_concerns",
			[]string{"rules.concern.raised_by", "rules.concern.direct"}},
	}...)
}
