package apitest

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"slices"
)

// Form is multipart/form-data of the fields, with the one called file behind the others.
func Form(fields map[string]any) (contentType string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	names := slices.DeleteFunc(keys(fields), func(name string) bool { return name == "file" })
	for _, name := range names {
		_ = w.WriteField(name, fmt.Sprint(fields[name])) // a buffer takes everything
	}
	if content, ok := fields["file"]; ok {
		to, _ := w.CreateFormFile("file", "readers.pdf")
		_, _ = fmt.Fprint(to, content)
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}
