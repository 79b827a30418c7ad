package transfer

import (
	"bytes"
	"compress/gzip"
	"database/sql/driver"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// Content is a file as it came, byte for byte. It is stored packed and as text, for a file may be
// in any encoding and hold bytes that the database takes for no text.
type Content []byte

// Value writes the packed content; no content is an empty text.
func (c Content) Value() (driver.Value, error) {
	if len(c) == 0 {
		return "", nil
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(c); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

// Scan reads packed content.
func (c *Content) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("cannot read a %T as a file's content", src)
	}
	if *c = nil; text == "" {
		return nil
	}
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text)))
	if err != nil {
		return err
	}
	*c, err = io.ReadAll(z)
	return err
}

// GormDataType names the column type.
func (Content) GormDataType() string { return "text" }
