package policy

const notStated = "not_stated"

// concern checks that what follows a concern goes together.
func (in *inspection) concern() {
	c := &in.Rules.Concern
	if c.WeeksMin > c.WeeksMax {
		in.fault("bounds", "the fewest weeks of monitoring are more than the most", "swap weeks_min and weeks_max", &c.WeeksMin, &c.WeeksMax)
	}
	if c.ExtensionWeeks > 0 && len(c.ExtensionReasons) == 0 {
		in.fault("extension_without_reason", "monitoring may be extended and there is no reason for it",
			"list the reasons, or let extension_weeks be 0", &c.ExtensionWeeks, &c.ExtensionReasons)
	}
	if c.Record == notStated && len(c.MustCover) > 0 {
		in.fault("cover_without_record", "it is said what a record of a concern covers, and not that there is one",
			"say how it is recorded, or empty must_cover", &c.Record, &c.MustCover)
	}
	if c.Direct && c.Capability == notStated {
		in.fault("capability_not_stated", "a concern may lead to capability, and what that does to the appraisal is not said",
			"say whether it suspends or ends the appraisal", &c.Direct, &c.Capability)
	}
	if !c.Direct && len(c.CapabilityBy) > 0 && c.Capability == notStated {
		in.unset("capability_not_stated", "a concern may lead to capability, and what that does to the appraisal is not said",
			"say whether it suspends or ends the appraisal", &c.Capability)
	}
	if c.Direct && len(c.CapabilityBy) == 0 {
		in.fault("direct_by_nobody", "a serious concern goes to capability at once, and nobody moves it there",
			"say who begins the capability process, or let direct be false", &c.Direct, &c.CapabilityBy)
	}
	if len(c.RaisedBy) == 0 && c.Direct {
		in.fault("direct_without_concerns", "a serious concern goes to capability at once, and nobody may raise one",
			"say who raises concerns, or let direct be false", &c.RaisedBy, &c.Direct)
	}
}

// retention checks that each class of record has one rule. A class without one is kept until
// somebody decides.
func (in *inspection) retention() {
	unique(in, in.Rules.Privacy.Retention, func(r *Retention) *string { return &r.Class })
}
