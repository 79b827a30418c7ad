package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// A tree is a document as plain values: map[string]any, []any, string, bool, int64, float64, nil.
// Whole numbers are int64 however they were written, so that equal documents have equal bytes.

const (
	maxBytes = 1 << 20 // of a document as sent
	maxDepth = 48      // of values in values; a document needs about twelve
)

// treeReader reads a document and collects the faults that leave it readable.
type treeReader struct{ findings []Finding }

func (r *treeReader) fault(path, code, format string, args ...any) {
	r.findings = append(r.findings, faultAt(path, code, format, args...))
}

// readTree reads JSON if the first character is a brace, else YAML. YAML is read without anchors,
// tags and merge keys: two ways to write one value would make a document hard to review.
func readTree(raw []byte) (any, []Finding) {
	r := &treeReader{}
	if len(raw) > maxBytes {
		return nil, []Finding{faultAt("", "too_large", "a document has at most %d bytes", maxBytes)}
	}
	read := r.yaml
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '{' {
		read = r.json
	}
	tree, err := read(raw)
	if err != nil {
		r.fault("", "unreadable", "the document cannot be read: %v", err)
		return nil, r.findings
	}
	return tree, r.findings
}

func (r *treeReader) json(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	tree, err := r.jsonValue(d, "", 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the document")
	}
	return tree, nil
}

func (r *treeReader) jsonValue(d *json.Decoder, path string, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, errTooDeep
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '[' {
			return r.jsonList(d, path, depth)
		}
		return r.jsonObject(d, path, depth)
	case json.Number:
		return number(string(v))
	}
	return token, nil
}

var errTooDeep = errors.New("values are nested too deeply")

func (r *treeReader) jsonList(d *json.Decoder, path string, depth int) (any, error) {
	values := []any{}
	for d.More() {
		v, err := r.jsonValue(d, fmt.Sprintf("%s[%d]", path, len(values)), depth+1)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	_, err := d.Token()
	return values, err
}

func (r *treeReader) jsonObject(d *json.Decoder, path string, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string) // the decoder refuses any other key
		v, err := r.jsonValue(d, join(path, key), depth+1)
		if err != nil {
			return nil, err
		}
		r.put(object, path, key, v)
	}
	_, err := d.Token()
	return object, err
}

func (r *treeReader) put(object map[string]any, path, key string, v any) {
	if _, twice := object[key]; twice {
		r.fault(join(path, key), "duplicate", "%q is given twice", key)
	}
	object[key] = v
}

func number(text string) (any, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, fmt.Errorf("the number %.40s is too large", text)
	}
	return float(f)
}

func float(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errors.New("a number must be finite")
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f), nil
	}
	return f, nil
}

func (r *treeReader) yaml(raw []byte) (any, error) {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	var first, second yaml.Node
	if err := d.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("it is empty")
		}
		return nil, err
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the document")
	}
	return r.yamlValue(&first, "", 0)
}

func (r *treeReader) yamlValue(n *yaml.Node, path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return r.yamlValue(n.Content[0], path, depth)
	case yaml.MappingNode:
		return r.yamlObject(n, path, depth)
	case yaml.SequenceNode:
		values := []any{}
		for i, item := range n.Content {
			v, err := r.yamlValue(item, fmt.Sprintf("%s[%d]", path, i), depth+1)
			if err != nil {
				return nil, err
			}
			values = append(values, v)
		}
		return values, nil
	case yaml.ScalarNode:
		return yamlScalar(n)
	}
	return nil, fmt.Errorf("line %d: anchors are not read", n.Line)
}

func (r *treeReader) yamlObject(n *yaml.Node, path string, depth int) (any, error) {
	object := map[string]any{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("line %d: a name must be a text", key.Line)
		}
		v, err := r.yamlValue(n.Content[i+1], join(path, key.Value), depth+1)
		if err != nil {
			return nil, err
		}
		r.put(object, path, key.Value, v)
	}
	return object, nil
}

// yamlScalar reads a scalar as JSON would have it: a day stays a text.
func yamlScalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!str", "!!timestamp":
		return n.Value, nil
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		err := n.Decode(&b)
		return b, err
	case "!!int", "!!float":
		var f float64
		if err := n.Decode(&f); err != nil {
			return nil, err
		}
		return float(f)
	}
	return nil, fmt.Errorf("line %d: the tag %.40s is not read", n.Line, n.Tag)
}

// canonical writes a tree in its one form: sorted keys, no spaces, shortest numbers.
func canonical(tree any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(tree); err != nil {
		panic("policy: a tree is always writable: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
