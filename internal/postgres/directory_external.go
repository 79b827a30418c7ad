package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/directory"
)

// externalRow is an outside id of a person as it is stored.
type externalRow struct {
	TrustID  uuid.UUID
	System   string
	Value    string
	PersonID *uuid.UUID
}

func (externalRow) TableName() string { return "external_ids" }

// externalIDs returns the outside ids of the people, each person's in a steady order.
func (s DirectoryStore) externalIDs(ctx context.Context, people []uuid.UUID) (map[uuid.UUID][]directory.ExternalID, error) {
	var rows []externalRow
	err := s.db.conn(ctx).Where("trust_id = ? and person_id in ?", access.From(ctx).TrustID, people).Order("system, value").Find(&rows).Error
	of := map[uuid.UUID][]directory.ExternalID{}
	for _, r := range rows {
		of[*r.PersonID] = append(of[*r.PersonID], directory.ExternalID{System: r.System, Value: r.Value})
	}
	return of, err
}

// keepExternalIDs makes the stored ids those of the person, in a few statements.
func (s DirectoryStore) keepExternalIDs(ctx context.Context, p *directory.Person) error {
	stored, err := s.externalIDs(ctx, []uuid.UUID{p.ID})
	if err != nil {
		return err
	}
	for _, id := range stored[p.ID] {
		if slices.Contains(p.ExternalIDs, id) {
			continue
		}
		err := s.db.conn(ctx).Exec("delete from external_ids where trust_id = ? and system = ? and value = ?", p.TrustID, id.System, id.Value).Error
		if err != nil {
			return err
		}
	}
	var added []externalRow
	for _, id := range p.ExternalIDs {
		if !slices.Contains(stored[p.ID], id) {
			added = append(added, externalRow{TrustID: p.TrustID, System: id.System, Value: id.Value, PersonID: &p.ID})
		}
	}
	if len(added) == 0 {
		return nil
	}
	return personTaken(s.db.conn(ctx).Create(&added).Error)
}

// LockExternalID implements directory.Store.
func (s DirectoryStore) LockExternalID(ctx context.Context, id directory.ExternalID) (*uuid.UUID, error) {
	if err := s.alone(ctx, externalLock, id.System+":"+id.Value); err != nil {
		return nil, err
	}
	var rows []externalRow
	err := s.db.conn(ctx).Where("trust_id = ? and system = ? and value = ? and person_id is not null", access.From(ctx).TrustID, id.System, id.Value).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].PersonID, nil
}
