package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/privacy"
	"github.com/perennial-api/perennial/internal/retention"
)

// SetHold implements retention.Store.
func (d *DB) SetHold(ctx context.Context, person uuid.UUID, version int, change func(*retention.Hold) (audit.Event, error)) (*retention.Hold, error) {
	if err := d.reached(ctx, person); err != nil {
		return nil, err
	}
	if err := d.holding(ctx); err != nil {
		return nil, err
	}
	var h retention.Hold
	err := d.conn(ctx).Where("trust_id = ? and person_id = ?", access.From(ctx).TrustID, person).Take(&h).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return d.firstHold(ctx, version, change)
	case err != nil:
		return nil, err
	}
	return update(ctx, d, h.ID, version, change)
}

func (d *DB) firstHold(ctx context.Context, version int, change func(*retention.Hold) (audit.Event, error)) (*retention.Hold, error) {
	if version != 0 {
		return nil, staleVersion(0)
	}
	h := &retention.Hold{}
	h.ID = d.ids()
	event, err := change(h)
	if err != nil {
		return nil, err
	}
	event.Subject.Version = 1
	return h, create(ctx, d, h, func(*retention.Hold) audit.Event { return event })
}

// AddExport implements retention.Store.
func (d *DB) AddExport(ctx context.Context, e *retention.Export) error {
	if err := d.reached(ctx, e.PersonID); err != nil {
		return err
	}
	return create(ctx, d, e, func(e *retention.Export) audit.Event { return e.Created() })
}

// Export implements retention.Store.
func (d *DB) Export(ctx context.Context, id uuid.UUID) (*retention.Export, error) {
	reach, args := d.reachSQL("GetSubjectAccessExport", access.From(ctx), "e.person_id", "null", "false")
	args["id"] = id
	e := &retention.Export{}
	err := d.conn(ctx).Raw("select e.* from subject_access_exports e where e.trust_id = @trust and e.id = @id and "+reach, args).Take(e).Error
	if err != nil {
		return nil, translate(err)
	}
	return e, nil
}

// TakeExport implements retention.Store. Whoever takes what is held about somebody else leaves a
// trace for them.
func (d *DB) TakeExport(ctx context.Context, id uuid.UUID, take func(*retention.Export) (audit.Event, error)) (*retention.Export, retention.Holdings, error) {
	none := retention.Holdings{}
	trust := access.From(ctx).TrustID
	if err := d.conn(ctx).Exec("select 1 from subject_access_exports where trust_id = ? and id = ? for "+forChange, trust, id).Error; err != nil {
		return nil, none, err
	}
	e, err := d.Export(ctx, id)
	if err != nil {
		return nil, none, err
	}
	if err := save(ctx, d, e, take); err != nil {
		return nil, none, err
	}
	err = d.Disclose(ctx, privacy.Reading{PersonID: e.PersonID, Purpose: "subject_access", SubjectKind: "subject_access_export", SubjectID: e.ID})
	if err != nil {
		return nil, none, err
	}
	held, err := d.holdings(ctx, e.PersonID)
	return e, held, err
}

// holdings reads everything that is held about a person, kind by kind.
func (d *DB) holdings(ctx context.Context, person uuid.UUID) (retention.Holdings, error) {
	var out retention.Holdings
	known, err := d.knownTo(ctx, person)
	if err != nil {
		return out, err
	}
	args := map[string]any{"trust": access.From(ctx).TrustID, "person": person, "known": known}
	for _, k := range heldKinds {
		var rows []string
		if err := d.conn(ctx).Raw(k.sql(), args).Scan(&rows).Error; err != nil {
			return out, err
		}
		kind := retention.Kind{Name: k.name, From: k.from, Why: k.why, Rows: make([]json.RawMessage, len(rows))}
		for i, r := range rows {
			kind.Rows[i] = json.RawMessage(r)
		}
		out.Kinds = append(out.Kinds, kind)
	}
	err = d.conn(ctx).Raw(`select t.id, t.file_name, t.blob_key from evidence t where t.trust_id = @trust and t.blob_key is not null and t.removed_at is null
		and `+ofPerson+" and "+evidenceShown+" order by t.id", args).Scan(&out.Documents).Error
	return out, err
}
