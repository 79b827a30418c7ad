package retention

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Classes are the classes of records, in the order in which they are counted.
var Classes = []string{"appraisal", "self_assessment", "evidence", "concern", "pay"}

// Item is one record whose time is over.
type Item struct {
	Class    string
	Kind     string // what the id is of
	ID       uuid.UUID
	PersonID uuid.UUID
	DueOn    schooltime.Date
	Held     bool // kept, because the person is under a legal hold
	Rule     policy.Retention
}

// Count says how many records of a class are due, and how many of them are kept. Sum covers which
// ones are not.
type Count struct {
	Class  string           `json:"class"`
	Rule   policy.Retention `json:"rule" gorm:"-"`
	Erased int              `json:"erased"`
	Held   int              `json:"held"`
	Sum    string           `json:"-"`
}

// Preview is what would be erased on a day: all of it in numbers, and a page of it.
type Preview struct {
	AsOf   schooltime.Date
	Counts []Count
	page.Page[Item]
}

// Token names exactly what would be erased: the day, the rules and the records.
func (p Preview) Token() (string, error) {
	type part struct {
		Rule policy.Retention
		Sum  string
	}
	parts := make([]part, len(p.Counts))
	for i, c := range p.Counts {
		parts[i] = part{c.Rule, c.Sum}
	}
	raw, err := json.Marshal([]any{p.AsOf, parts})
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), err
}

// Run is one time that records were erased.
type Run struct {
	record.Row
	AsOf   schooltime.Date
	Token  string
	Counts []Count `gorm:"serializer:json"`
	RunBy  uuid.UUID
	RunOn  schooltime.Date
}

// TableName names the table.
func (Run) TableName() string { return "retention_runs" }

// Event is the event of one record that was erased by the run: codes, ids and days.
func (r *Run) Event(i Item) audit.Event {
	return audit.About(i.Kind, i.ID, 0, "erased", map[string]any{"class": i.Class, "months": i.Rule.Months, "from": i.Rule.From,
		"due_on": i.DueOn.String(), "run_id": r.ID.String()}).Of(i.PersonID, uuid.Nil)
}

// Preview lists what would be erased on the day, today where it is not given.
func (s *Service) Preview(ctx context.Context, asOf schooltime.Date, class string, p page.Request) (Preview, error) {
	if asOf.IsZero() {
		asOf = access.From(ctx).Today
	}
	p.Filter = []any{asOf, class}
	return s.store.Preview(ctx, asOf, class, p)
}

// Run erases what the preview with the token listed. The files of documents go once that is
// committed; one that cannot be deleted then is swept at a later start. It says
// who it was that ran it.
func (s *Service) Run(ctx context.Context, asOf schooltime.Date, token string) (run *Run, by directory.Card, err error) {
	a := access.From(ctx)
	if asOf.After(a.Today) {
		return nil, by, fault.Body("/as_of", "in_the_future", "That day has not come yet: what is due then is previewed now, and erased then.")
	}
	var blobs []string
	err = s.store.Alone(ctx, func(ctx context.Context) (err error) {
		if run, blobs, err = s.store.Erase(ctx, &Run{AsOf: asOf, Token: token, RunBy: a.PersonID, RunOn: a.Today}, stale); err != nil {
			return err
		}
		cards, err := s.store.Cards(ctx, []uuid.UUID{a.PersonID})
		by = cards[a.PersonID]
		return err
	})
	if err != nil {
		return nil, by, err
	}
	for _, key := range blobs {
		_ = s.files.Delete(context.WithoutCancel(ctx), key)
	}
	return run, by, nil
}

// stale refuses a run whose preview is no longer what would be erased.
func stale(now Preview, expected string) error {
	token, err := now.Token()
	if err != nil || token == expected {
		return err
	}
	return fault.New(fault.Conflict, "preview_stale", "What would be erased is no longer what the preview listed. Read it again, and decide on that.")
}
