package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
)

// Files is where documents are kept. Keys are random and begin with the trust's id.
type Files interface {
	// Temporary is a new file that is gone when it is closed, or when the process ends.
	Temporary() (File, error)
	// Put keeps the content under a new key, whole or not at all.
	Put(ctx context.Context, key string, content io.Reader) error
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	Delete(ctx context.Context, key string) error
	// Each calls visit for every key of a trust, with when it was put there.
	Each(ctx context.Context, trust uuid.UUID, visit func(key string, at time.Time) error) error
}

// File is a temporary file.
type File interface {
	io.ReadWriteCloser
	io.ReaderAt
	io.Seeker
}

// received is an upload on its way: in a temporary file, measured and told from its content.
type received struct {
	file   File
	bytes  int64
	sha256 string
	media  media
}

// Upload adds a document. Nothing is read of it before the caller is known to be allowed to add
// one, and no connection is held while it comes in: whoever may add is asked before and after.
func (s *Service) Upload(ctx context.Context, appraisalID uuid.UUID, d Draft, fileName string, content io.Reader) (*Aggregate, error) {
	if err := d.Subject.named(); err != nil {
		return nil, err
	}
	c, err := s.admit(ctx, appraisalID, d)
	if err != nil {
		return nil, err
	}
	up, err := s.receive(c, content)
	if err != nil {
		return nil, err
	}
	defer func() { _ = up.file.Close() }()
	key := access.From(ctx).TrustID.String() + "/" + uuid.NewString()
	if err := s.files.Put(ctx, key, up.file); err != nil {
		return nil, err
	}
	a, err := s.keep(ctx, appraisalID, d, up.document(fileName, key))
	if err != nil {
		_ = s.files.Delete(context.WithoutCancel(ctx), key)
	}
	return a, err
}

// errEnough ends a transaction in which nothing is to be kept.
var errEnough = errors.New("evidence: nothing to keep")

// admit asks whether the document may be added, and returns the case with its rules.
func (s *Service) admit(ctx context.Context, appraisalID uuid.UUID, d Draft) (c *appraisal.Case, err error) {
	err = s.store.Alone(ctx, func(ctx context.Context) error {
		_, err := s.store.AddEvidence(ctx, appraisalID, d.Subject, func(p Place) (*Aggregate, audit.Event, error) {
			c = p.Case
			if _, err := d.document(p); err != nil {
				return nil, audit.Event{}, err
			}
			return nil, audit.Event{}, errEnough
		})
		return err
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return c, err
}

// document decides on the act, and makes the piece that the document will be part of.
func (d Draft) document(p Place) (Evidence, error) {
	if err := fault.Check(appraisal.Decide(p.Case, p, uploading)); err != nil {
		return Evidence{}, err
	}
	form, err := ofKind(p.Case, d.Kind, Document)
	if err != nil {
		return Evidence{}, err
	}
	return d.piece(p.Case, form)
}

// receive takes the content into a temporary file, up to the policy's limit.
func (s *Service) receive(c *appraisal.Case, content io.Reader) (*received, error) {
	f, err := s.files.Temporary()
	if err != nil {
		return nil, err
	}
	up, err := measure(f, content, int64(c.Rules().Evidence.MaxMB)<<20)
	if errors.Is(err, errTooLarge) {
		err = tooLarge(c)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return up, nil
}

var errTooLarge = errors.New("evidence: above the limit")

func measure(f File, content io.Reader, limit int64) (*received, error) {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(content, limit+1))
	switch {
	case err != nil:
		return nil, unreadable(err)
	case n > limit:
		return nil, errTooLarge
	case n == 0:
		return nil, fault.Body("/file", "empty_document", "The file is empty.")
	}
	kind, err := tell(f, n)
	if err != nil {
		return nil, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return &received{file: f, bytes: n, sha256: hex.EncodeToString(sum.Sum(nil)), media: kind}, err
}

// unreadable is what the sender of a broken upload is told; a fault that came with it stands.
func unreadable(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.New(fault.Malformed, "unreadable_body", "The body could not be read to its end.")
}

// document is the part of the piece that describes the file.
func (up *received) document(fileName, key string) Evidence {
	name, sum := safeName(fileName, up.media), up.sha256
	return Evidence{FileName: &name, MediaType: &up.media.typ, Bytes: &up.bytes, SHA256: &sum, BlobKey: &key}
}

// keep stores the row of a document that is in its place.
func (s *Service) keep(ctx context.Context, appraisalID uuid.UUID, d Draft, doc Evidence) (a *Aggregate, err error) {
	err = s.store.Alone(ctx, func(ctx context.Context) (err error) {
		a, err = s.store.AddEvidence(ctx, appraisalID, d.Subject, func(p Place) (*Aggregate, audit.Event, error) {
			e, err := d.document(p)
			e.FileName, e.MediaType, e.Bytes, e.SHA256, e.BlobKey = doc.FileName, doc.MediaType, doc.Bytes, doc.SHA256, doc.BlobKey
			return &Aggregate{Evidence: e, Case: p.Case}, e.event("added"), err
		})
		return err
	})
	return a, err
}
