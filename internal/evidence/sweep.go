package evidence

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// orphanAge is how long a document without a row stays: longer than any upload takes.
const orphanAge = 24 * time.Hour

// Sweep deletes the documents that no evidence names any longer: those of uploads that a crash cut
// off, and of evidence that was removed while its document could not be. It says how many.
func (s *Service) Sweep(ctx context.Context) (swept int, err error) {
	trusts, err := s.store.Trusts(ctx)
	if err != nil {
		return 0, err
	}
	before := s.now().Add(-orphanAge)
	for _, trust := range trusts {
		n, err := s.sweepTrust(ctx, trust, before)
		swept += n
		if err != nil {
			return swept, err
		}
	}
	return swept, nil
}

// sweepTrust asks which documents are named after it has listed those that are there, so that none
// is taken for an orphan that got its row meanwhile.
func (s *Service) sweepTrust(ctx context.Context, trust uuid.UUID, before time.Time) (swept int, err error) {
	var old []string
	err = s.files.Each(ctx, trust, func(key string, at time.Time) error {
		if at.Before(before) {
			old = append(old, key)
		}
		return nil
	})
	if err != nil || len(old) == 0 {
		return 0, err
	}
	kept, err := s.store.KeptBlobs(ctx, trust)
	if err != nil {
		return 0, err
	}
	for _, key := range old {
		if kept[key] {
			continue
		}
		if err := s.files.Delete(ctx, key); err != nil {
			return swept, err
		}
		swept++
	}
	return swept, nil
}
