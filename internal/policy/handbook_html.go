package policy

import (
	"embed"
	"html/template"
	"io"
)

//go:embed handbook.html
var handbookFile embed.FS

var handbookPage = template.Must(template.ParseFS(handbookFile, "handbook.html"))

// WriteHTML writes the handbook as a page that stands by itself: no script, no address of anything
// else, and styles for print.
func (h *Handbook) WriteHTML(to io.Writer) error { return handbookPage.Execute(to, h) }
