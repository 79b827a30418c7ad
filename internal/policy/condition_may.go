package policy

// may says whether the condition can hold, and whether it can fail, for somebody of whom only these
// facts are sure. Anything else may be so or not.
func (c Condition) may(sure FactSet) (hold, fail bool) {
	switch {
	case len(c.All) > 0:
		hold = true
		for _, part := range c.All {
			h, f := part.may(sure)
			hold, fail = hold && h, fail || f
		}
	case len(c.Any) > 0:
		fail = true
		for _, part := range c.Any {
			h, f := part.may(sure)
			hold, fail = hold || h, fail && f
		}
	case c.Not != nil:
		fail, hold = c.Not.may(sure)
	case c.Fact != "":
		if _, known := sure.known(c.Fact); !known {
			return true, true
		}
		hold = c.compare(sure)
		fail = !hold
	default:
		hold = true
	}
	return hold, fail
}

// sure lists what is so of everybody for whom the condition holds, one set for each alternative
// that it names. What it says in other ways is left out, so that no set says too much.
func (c Condition) sure() []FactSet {
	switch values, _ := c.Value.([]any); {
	case c.Op == "is":
		return []FactSet{{c.Fact: c.Value}}
	case c.Op == "in" && len(values) > 0:
		var sets []FactSet
		for _, v := range values {
			sets = append(sets, FactSet{c.Fact: v})
		}
		return sets
	}
	merged := FactSet{}
	for _, part := range c.All {
		if sets := part.sure(); len(sets) == 1 {
			for name, v := range sets[0] {
				merged[name] = v
			}
		}
	}
	return []FactSet{merged}
}
