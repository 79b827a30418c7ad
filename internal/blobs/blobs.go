// Package blobs keeps the documents of evidence through gocloud.dev/blob, on disk. Object stores
// are another driver and another address.
//
// It owns where documents are and how they are written whole. It does not know what they are, nor
// who may read them.
package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"github.com/perennial-api/perennial/internal/evidence"
)

// Store is a place of documents: kept ones, and beside them what is coming in.
type Store struct {
	bucket   *blob.Bucket
	incoming string
}

var _ evidence.Files = (*Store)(nil)

// Open opens the place at an address such as file:///var/lib/perennial/blobs, and makes it where it
// is missing, for its owner alone.
func Open(address string) (*Store, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" || u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
		return nil, errors.New("BLOB_URL is an address such as file:///var/lib/perennial/blobs")
	}
	s := &Store{incoming: filepath.Join(u.Path, "incoming")}
	kept := filepath.Join(u.Path, "kept")
	for _, dir := range []string{s.incoming, kept} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the place of documents: %w", err)
		}
	}
	s.bucket, err = fileblob.OpenBucket(kept, &fileblob.Options{NoTempDir: true, DirFileMode: 0o700, Metadata: fileblob.MetadataDontWrite})
	return s, err
}

// Close ends the use of the place.
func (s *Store) Close() error { return s.bucket.Close() }

// Ready says whether documents can be written.
func (s *Store) Ready(ctx context.Context) error {
	if ok, err := s.bucket.IsAccessible(ctx); err != nil || !ok {
		return errors.Join(errors.New("the place of documents is not there"), err)
	}
	f, err := s.Temporary()
	if err != nil {
		return err
	}
	return f.Close()
}

// temporary is removed as soon as the system lets it, at the latest when it is closed.
type temporary struct{ *os.File }

// Close closes and removes the file.
func (t temporary) Close() error {
	err := t.File.Close()
	if gone := os.Remove(t.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// Temporary implements evidence.Files. The name is taken away at once where an open file may lose
// it, so that even a killed process leaves nothing.
func (s *Store) Temporary() (evidence.File, error) {
	f, err := os.CreateTemp(s.incoming, "upload-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // Windows refuses, and Close tries again
	return temporary{f}, nil
}

// Put implements evidence.Files. The driver writes beside and renames, so that a document is there
// whole or not at all.
func (s *Store) Put(ctx context.Context, key string, content io.Reader) error {
	return s.bucket.Upload(ctx, key, content, &blob.WriterOptions{ContentType: "application/octet-stream", IfNotExist: true})
}

// Open implements evidence.Files.
func (s *Store) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	return s.bucket.NewReader(ctx, key, nil)
}

// Delete implements evidence.Files. What is gone already is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	err := s.bucket.Delete(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return err
}

// Each implements evidence.Files.
func (s *Store) Each(ctx context.Context, trust uuid.UUID, visit func(key string, at time.Time) error) error {
	list := s.bucket.List(&blob.ListOptions{Prefix: trust.String() + "/"})
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = visit(o.Key, o.ModTime)
		}
		if err != nil {
			return err
		}
	}
}
