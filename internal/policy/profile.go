package policy

import (
	"bytes"
	"embed"
	"encoding/json"
	"reflect"
	"slices"
	"sync"
)

// The built-in profiles, in the order in which they are offered. The model is the policy that
// every document is a layer over.
var profileCodes = []string{modelCode, "tlp", "tsat", "lt2", "canonium"}

const modelCode = "model"

//go:embed profiles/*.json
var profileFiles embed.FS

// Source is the passage of a published document that a value was read from, or a note that there
// is none. A profile follows a source's structure; its words are our own.
type Source struct {
	Title   string `json:"title,omitempty"`
	Section string `json:"section,omitempty"`
	Note    string `json:"note,omitempty"`
}

// Profile is a built-in policy that a trust may start from.
type Profile struct {
	Code     string            `json:"code"`
	Label    string            `json:"label"`
	Summary  string            `json:"summary"`
	Document *Document         `json:"document"`
	Sources  map[string]Source `json:"sources"` // by the path of a leaf
	ToFill   []Finding         `json:"to_fill"` // what the trust has to fill before it is used
}

// profileFile is a profile as it is embedded; passages name all the leaves that they are behind.
type profileFile struct {
	Code, Label, Summary string
	Document             json.RawMessage
	Sources              []struct {
		Source
		Paths []string `json:"paths"`
	}
	ToFill []gap `json:"to_fill"`
}

// gap is something that a profile's source leaves open. Until the trust says it, the value at each
// of the paths is Perennial's: a default, or a place-holder that the profile had to give.
type gap struct {
	Paths      []string `json:"paths"`
	Message    string   `json:"message"`
	Suggestion string   `json:"suggestion"`
}

// Profiles lists the built-in profiles. They are shared; a caller reads them.
func Profiles() []Profile { return slices.Clone(loadProfiles()) }

// ProfileNamed returns the built-in profile with the code.
func ProfileNamed(code string) (Profile, bool) {
	for _, p := range loadProfiles() {
		if p.Code == code {
			return p, true
		}
	}
	return Profile{}, false
}

// Values lists every parameter of the profile as it holds for the trust, or for a staff group, with
// the place where it was read.
func (p Profile) Values(group string) ([]LeafValue, error) {
	if group != "" && !p.Document.HasGroup(group) {
		return nil, unknownGroup()
	}
	return Values(p.Document, "", group), nil
}

var loadProfiles = sync.OnceValue(func() []Profile {
	var profiles []Profile
	for _, code := range profileCodes {
		file := readProfile(code)
		if code == modelCode { // its values are the defaults, so its document sets none of them
			file.Document = json.RawMessage(`{"schema":1,"profile":"model"}`)
		}
		document, findings := Parse(file.Document)
		if document == nil {
			panic("policy: the profile " + code + " is faulty: " + findings[0].Message)
		}
		profiles = append(profiles, Profile{
			Code: code, Label: file.Label, Summary: file.Summary, Document: document,
			Sources: file.sources(), ToFill: Unset(Validate(document)),
		})
	}
	return profiles
})

func readProfile(code string) profileFile {
	raw, err := profileFiles.ReadFile("profiles/" + code + ".json")
	var file profileFile
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		err = d.Decode(&file)
	}
	if err != nil {
		panic("policy: the profile " + code + " is unreadable: " + err.Error())
	}
	return file
}

func (p profileFile) sources() map[string]Source {
	sources := map[string]Source{}
	for _, passage := range p.Sources {
		for _, path := range passage.Paths {
			sources[path] = passage.Source
		}
	}
	return sources
}

// modelRules is the complete model policy as a tree, which nobody changes.
var modelRules = sync.OnceValue(func() map[string]any {
	document, findings := Parse(readProfile(modelCode).Document)
	if document == nil {
		panic("policy: the model policy is faulty: " + findings[0].Message + " at " + findings[0].Paths[0])
	}
	return child(document.root, "rules")
})

// embedded is a profile as its file has it: what its source leaves open, and the layer of its own.
type embedded struct {
	gaps  []gap
	layer map[string]any
}

// embeddedProfiles stands beside loadProfiles, which validates, so that validation may ask it.
var embeddedProfiles = sync.OnceValue(func() map[string]embedded {
	all := map[string]embedded{}
	for _, code := range profileCodes {
		file := readProfile(code)
		tree, _ := readTreeJSON(file.Document)
		document, _ := tree.(map[string]any)
		all[code] = embedded{file.ToFill, child(document, "rules")}
	}
	return all
})

// leftOpen reports what the source of the document's profile leaves open and the trust has not
// said yet: where it has set nothing, or has kept what the profile had to put there.
func (in *inspection) leftOpen() {
	p := embeddedProfiles()[in.document.Profile()]
	trust := child(in.document.root, "rules")
	for _, g := range p.gaps {
		f := Finding{Severity: SeverityUnset, Code: "left_open", Message: g.Message, Suggestion: g.Suggestion}
		for _, path := range g.Paths {
			own := lookup(trust, path)
			if own == nil || reflect.DeepEqual(own, lookup(p.layer, path)) {
				f.Paths = append(f.Paths, join("rules", path))
			}
		}
		if len(f.Paths) > 0 {
			in.once(f)
		}
	}
}

// sourcesFor returns the source of a value of the document for a staff group, by the path of the
// value and of its leaf. A value that the trust has changed since is the trust's own and has none,
// and neither has a default.
func sourcesFor(d *Document, group string) func(path, leaf string, value any) *Source {
	p, ok := ProfileNamed(d.Profile())
	if !ok {
		return func(string, string, any) *Source { return nil }
	}
	original := p.Document.Resolve("", group).tree
	return func(path, leaf string, value any) *Source {
		source, found := p.Sources[path]
		if !found {
			source, found = p.Sources[leaf]
		}
		if !found || !reflect.DeepEqual(lookup(original, path), value) {
			return nil
		}
		return &source
	}
}
