package directory

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// The kinds of contract.
const (
	Permanent = "permanent"
	FixedTerm = "fixed_term"
)

// Post is what somebody is employed as, where and from when, with the facts by which a policy
// sorts staff into groups. Somebody may hold several.
type Post struct {
	record.Row
	PersonID          uuid.UUID
	UnitID            uuid.UUID
	JobTitle          string
	StaffType         string
	RoleCode          *string
	Department        *string
	FTEThousandths    int `gorm:"column:fte_thousandths"`
	Contract          string
	ContractEndsOn    schooltime.Date // the last day of the contract
	QTS               *bool           `gorm:"column:qts"`
	InductionStartsOn schooltime.Date
	InductionEndsOn   schooltime.Date // the first day after induction
	ProbationEndsOn   schooltime.Date // the first day after probation
	PayRange          *string
	PayPoint          *string
	AtTopOfRange      *bool
	Tags              []string `gorm:"serializer:json"` // codes of the trust's own, each once and in order
	Term
	LineManager *LineManager `gorm:"-"` // today's
}

var decimal = regexp.MustCompile(`^[0-9](\.[0-9]{1,3})?$`)

// ParseFTE reads a decimal share of full time, such as 0.8, in thousandths.
func ParseFTE(s string) (int, bool) {
	if !decimal.MatchString(s) {
		return 0, false
	}
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.Atoi(whole + (part + "000")[:3])
	return n, err == nil && n <= 1000
}

// FTE is the share of full time as a decimal.
func (p *Post) FTE() string {
	s := fmt.Sprintf("%d.%03d", p.FTEThousandths/1000, p.FTEThousandths%1000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// tidy trims the post's texts and finds every fault of it.
func (p *Post) tidy(f *faults) {
	p.JobTitle = strings.TrimSpace(p.JobTitle)
	p.Department, p.PayRange, p.PayPoint = trimmed(p.Department), trimmed(p.PayRange), trimmed(p.PayPoint)
	p.Tags = append([]string{}, slices.Compact(slices.Sorted(slices.Values(p.Tags)))...)
	f.blank("/job_title", p.JobTitle)
	if p.FTEThousandths < 0 {
		f.add("/fte", "bad_fte", "Give the share of full time as a decimal from 0 to 1 with at most three places, such as 0.8.")
	}
	ends := p.ContractEndsOn
	if !ends.IsZero() && p.Contract == Permanent {
		f.add("/contract_ends_on", "permanent_contract", "Only a fixed-term contract has a last day.")
	}
	if !ends.IsZero() && ends.Before(p.FromOn) {
		f.add("/contract_ends_on", "before_start", "The contract cannot end before the post begins.")
	}
	if !p.InductionEndsOn.IsZero() && p.InductionStartsOn.IsZero() {
		f.add("/induction_starts_on", "required", "An induction that ends has a first day.")
	}
	if !p.InductionEndsOn.IsZero() && p.InductionEndsOn.Before(p.InductionStartsOn) {
		f.add("/induction_ends_on", "before_start", "Induction cannot end before it starts.")
	}
	if !p.UntilOn.IsZero() && p.UntilOn.Before(p.FromOn) {
		f.add("/from_on", "after_end", "The post cannot begin after it ends.")
	}
}

// BadFTE is the number of thousandths of a share that could not be read; tidy reports it.
const BadFTE = -1

// changes names what of the post changed.
func (p *Post) changes(was Post) []string {
	return differing(
		difference{"unit_id", p.UnitID != was.UnitID}, difference{"job_title", p.JobTitle != was.JobTitle},
		difference{"staff_type", p.StaffType != was.StaffType}, difference{"role_code", !same(p.RoleCode, was.RoleCode)},
		difference{"department", !same(p.Department, was.Department)}, difference{"fte", p.FTEThousandths != was.FTEThousandths},
		difference{"contract", p.Contract != was.Contract}, difference{"contract_ends_on", p.ContractEndsOn != was.ContractEndsOn},
		difference{"qts", !same(p.QTS, was.QTS)}, difference{"induction_starts_on", p.InductionStartsOn != was.InductionStartsOn},
		difference{"induction_ends_on", p.InductionEndsOn != was.InductionEndsOn}, difference{"probation_ends_on", p.ProbationEndsOn != was.ProbationEndsOn},
		difference{"pay_range", !same(p.PayRange, was.PayRange)}, difference{"pay_point", !same(p.PayPoint, was.PayPoint)},
		difference{"at_top_of_range", !same(p.AtTopOfRange, was.AtTopOfRange)}, difference{"tags", !slices.Equal(p.Tags, was.Tags)}, difference{"from_on", p.FromOn != was.FromOn})
}
