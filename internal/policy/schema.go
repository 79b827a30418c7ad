package policy

import "slices"

// Schema returns the JSON Schema (draft 2020-12) of a document. Parse accepts what it accepts,
// but for the size of the document, names given twice, and NUL. What Validate knows it does not say.
func Schema() map[string]any {
	w := schemaWriter{}
	layers := map[string][]string{
		"TrustRules": {ScopeTrust}, "GroupRules": {ScopeGroup},
		"SchoolRules": {ScopeSchool}, "SchoolGroupRules": {ScopeSchool, ScopeGroup},
	}
	for _, name := range []string{"TrustRules", "GroupRules", "SchoolRules", "SchoolGroupRules"} {
		w[name] = w.layer(rulesShape, layers[name])
	}
	school := closed(map[string]any{"rules": ref("SchoolRules"), "groups": groups("SchoolGroupRules")})
	document := closed(map[string]any{
		"schema":  map[string]any{"const": SchemaVersion},
		"profile": map[string]any{"type": "string", "enum": anys(profileCodes), "description": "the built-in profile that the document started from"},
		"rules":   ref("TrustRules"),
		"groups":  groups("GroupRules"),
		"schools": map[string]any{
			"type": "object", "description": "by the id of the school's unit",
			"propertyNames": map[string]any{"minLength": 1, "maxLength": 64}, "maxProperties": maxSchools, "additionalProperties": school,
		},
	})
	document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	document["title"] = "Policy of a trust's appraisal year"
	document["required"] = []any{"schema"}
	document["$defs"] = map[string]any(w)
	return document
}

// schemaWriter holds the definitions written so far.
type schemaWriter map[string]any

// layer describes a patch by somebody who may set the leaves that have every scope in needs.
func (w schemaWriter) layer(s *shape, needs []string) map[string]any {
	properties := map[string]any{}
	for _, f := range s.fields {
		if f.section() {
			if section := w.layer(f.shape, needs); len(section["properties"].(map[string]any)) > 0 {
				properties[f.name] = section
			}
			continue
		}
		outside := func(need string) bool { return !slices.Contains(f.scope, need) }
		if !slices.ContainsFunc(needs, outside) {
			properties[f.name] = w.member(f)
		}
	}
	return closed(properties)
}

// member describes the value of a field, with what its tags say.
func (w schemaWriter) member(f *field) map[string]any {
	described := w.of(f.shape)
	value := described
	if f.kind == kindList {
		value = described["items"].(map[string]any)
	}
	if f.enum != nil {
		value["enum"] = anys(f.enum)
	}
	if f.min != nil {
		value["minimum"] = *f.min
	}
	if f.max != nil {
		value["maximum"] = *f.max
	}
	switch {
	case f.kind == kindText && f.name == "code":
		value["pattern"] = codeRegexp
	case f.kind == kindText && f.name == "label":
		value["pattern"] = `\S`
	}
	described["description"] = f.doc
	if f.recorded {
		described["description"] = f.doc + " (" + recordedOnly + ")"
	}
	return described
}

// recordedOnly marks leaves on which nothing acts yet.
const recordedOnly = "recorded, not enforced"

func (w schemaWriter) of(s *shape) map[string]any {
	switch s.kind {
	case kindText:
		return map[string]any{"type": "string", "maxLength": maxText}
	case kindBool:
		return map[string]any{"type": "boolean"}
	case kindWhole:
		return map[string]any{"type": "integer", "minimum": -maxWhole, "maximum": maxWhole}
	case kindNumber:
		return map[string]any{"type": "number", "minimum": -maxWhole, "maximum": maxWhole}
	case kindLimit:
		return map[string]any{"oneOf": []any{
			map[string]any{"type": "integer", "minimum": 0, "maximum": maxWhole}, map[string]any{"const": "none"}}}
	case kindList:
		return map[string]any{"type": "array", "maxItems": maxItems, "items": w.of(s.elem)}
	case kindMap:
		return byCode(w.of(s.elem))
	case kindRecord:
		return w.record(s)
	}
	scalar := map[string]any{"type": []any{"string", "number", "boolean"}, "maxLength": maxText}
	if s.kind == kindScalar {
		return scalar
	}
	return map[string]any{"anyOf": []any{scalar, map[string]any{"type": "array", "maxItems": maxItems, "items": scalar}}}
}

func (w schemaWriter) record(s *shape) map[string]any {
	if _, written := w[s.name]; !written {
		definition := map[string]any{}
		w[s.name] = definition // before its members: a condition holds conditions
		properties, required := map[string]any{}, []any{}
		for _, f := range s.fields {
			properties[f.name] = w.member(f)
			if f.required {
				required = append(required, f.name)
			}
		}
		for key, v := range closed(properties) {
			definition[key] = v
		}
		if len(required) > 0 {
			definition["required"] = required
		}
	}
	return ref(s.name)
}

func ref(name string) map[string]any { return map[string]any{"$ref": "#/$defs/" + name} }

func groups(layer string) map[string]any {
	layers := byCode(ref(layer))
	layers["maxProperties"] = maxGroups
	return layers
}

func closed(properties map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

func byCode(value map[string]any) map[string]any {
	return map[string]any{
		"type": "object", "propertyNames": map[string]any{"pattern": codeRegexp}, "additionalProperties": value,
	}
}

func anys(texts []string) []any {
	var values []any
	for _, t := range texts {
		values = append(values, t)
	}
	return values
}
