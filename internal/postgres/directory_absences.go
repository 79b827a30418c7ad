package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
)

// AbsencesOf implements directory.Store.
func (s DirectoryStore) AbsencesOf(ctx context.Context, person uuid.UUID) (rows []directory.Absence, err error) {
	err = s.db.conn(ctx).Raw("select * from absences where trust_id = ? and person_id = ? order by from_on desc, id desc limit 200",
		access.From(ctx).TrustID, person).Scan(&rows).Error
	return rows, err
}

// Absence implements directory.Store.
func (s DirectoryStore) Absence(ctx context.Context, op string, id uuid.UUID) (*directory.Absence, error) {
	reach, args := s.db.reachWhere(op, access.From(ctx), "p.id", headsPerson, teamPerson)
	args["id"] = id
	var a directory.Absence
	err := s.db.conn(ctx).Raw("select ab.* from absences ab join people p on p.trust_id = ab.trust_id and p.id = ab.person_id where ab.trust_id = @trust and ab.id = @id and "+reach, args).Take(&a).Error
	return &a, translate(err)
}

// CreateAbsence implements directory.Store.
func (s DirectoryStore) CreateAbsence(ctx context.Context, a *directory.Absence, event func(*directory.Absence) audit.Event) error {
	return create(ctx, s.db, a, event)
}

// UpdateAbsence implements directory.Store.
func (s DirectoryStore) UpdateAbsence(ctx context.Context, id uuid.UUID, version int, fn func(*directory.Absence) (audit.Event, error)) (*directory.Absence, error) {
	return change(ctx, s, id, version, fn)
}

// HeadedUnit implements directory.Store. Nobody's unit is the zero id, which nobody heads.
func (s DirectoryStore) HeadedUnit(ctx context.Context, person uuid.UUID) (uuid.UUID, error) {
	args := about(ctx)
	args["id"], args["units"] = person, access.From(ctx).Units
	var units []uuid.UUID
	err := s.db.conn(ctx).Raw(`select hp.unit_id from posts hp where hp.trust_id = @trust and hp.person_id = @id and hp.unit_id in @units and (`+currentSQL("hp")+`
		or not exists (select from posts op where op.trust_id = @trust and op.person_id = @id and (`+currentSQL("op")+` or op.from_on > hp.from_on))) order by hp.id limit 1`, args).Scan(&units).Error
	if err != nil || len(units) == 0 {
		return uuid.Nil, err
	}
	return units[0], nil
}
