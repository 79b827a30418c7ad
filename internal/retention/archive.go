package retention

import (
	"archive/zip"
	"encoding/json"
	"html/template"
	"io"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// index is what the archive says of itself, once to process and once to read.
type index struct {
	PersonID    string          `json:"person_id"`
	RequestedOn schooltime.Date `json:"requested_on"`
	Files       []indexed       `json:"files"`
	Documents   []indexedFile   `json:"documents"`
}

type indexed struct {
	Kind
	File    string `json:"file"`
	Records int    `json:"records"`
}

type indexedFile struct {
	File     string `json:"file"`
	Name     string `json:"name"` // as it was given
	Evidence string `json:"evidence_id"`
}

var reading = template.Must(template.New("index").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What is held about you</title>
<h1>What is held about you</h1>
<p>Asked for on {{.RequestedOn}}. Each row is a file of this archive. What other people wrote in confidence stands in it as withheld. So does what is not released to you yet.</p>
<table><tr><th>What</th><th>Records</th><th>From where</th><th>Why it is held</th></tr>
{{range .Files}}<tr><td><a href="{{.File}}">{{.Name}}</a></td><td>{{.Records}}</td><td>{{.From}}</td><td>{{.Why}}</td></tr>
{{end}}</table>
<h2>Documents</h2>
<ul>{{range .Documents}}<li><a href="{{.File}}">{{.Name}}</a></li>{{else}}<li>none</li>{{end}}</ul>
</html>
`))

// write packs everything into a ZIP archive: the index twice, one file for each kind, and the
// documents, each under its evidence's id.
func write(to io.Writer, e *Export, held Holdings, open func(key string) (io.ReadCloser, error)) error {
	z := zip.NewWriter(to)
	in := index{PersonID: e.PersonID.String(), RequestedOn: e.RequestedOn, Files: []indexed{}, Documents: []indexedFile{}}
	for _, k := range held.Kinds {
		file := k.Name + ".json"
		if err := entry(z, file, k.Rows); err != nil {
			return err
		}
		in.Files = append(in.Files, indexed{k, file, len(k.Rows)})
	}
	for _, d := range held.Documents {
		file := "documents/" + d.ID.String() + "/" + d.FileName
		if err := document(z, file, d.BlobKey, open); err != nil {
			return err
		}
		in.Documents = append(in.Documents, indexedFile{file, d.FileName, d.ID.String()})
	}
	if err := entry(z, "index.json", in); err != nil {
		return err
	}
	w, err := z.Create("index.html")
	if err != nil {
		return err
	}
	if err := reading.Execute(w, in); err != nil {
		return err
	}
	return z.Close()
}

func entry(z *zip.Writer, file string, content any) error {
	w, err := z.Create(file)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(content)
}

func document(z *zip.Writer, file, key string, open func(key string) (io.ReadCloser, error)) error {
	content, err := open(key)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	w, err := z.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	return err
}
