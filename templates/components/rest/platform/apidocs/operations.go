package apidocs

import (
	"fmt"
	"slices"
	"strings"
)

// endpoint is one operation with everything that it refers to put in its place.
type endpoint struct {
	Method, Path string
	operation
}

// Endpoints lists the operations in the order of the document's paths.
func (d *document) Endpoints() []endpoint {
	var all []endpoint
	for _, path := range d.Paths {
		item := path.Value
		for _, m := range []named[*operation]{
			{"GET", item.Get}, {"POST", item.Post}, {"PUT", item.Put}, {"PATCH", item.Patch}, {"DELETE", item.Delete},
		} {
			if m.Value != nil {
				all = append(all, endpoint{Method: m.Name, Path: path.Name, operation: d.resolved(item, *m.Value)})
			}
		}
	}
	return all
}

// resolved returns op with the path's parameters and without references to parameters and responses.
func (d *document) resolved(item pathItem, op operation) operation {
	op.Parameters = slices.Concat(item.Parameters, op.Parameters)
	for i, p := range op.Parameters {
		if shared, found := d.Components.Parameters.find(refName(p.Ref)); found {
			op.Parameters[i] = shared
		}
	}
	op.Responses = slices.Clone(op.Responses)
	for i, r := range op.Responses {
		if shared, found := d.Components.Responses.find(refName(r.Value.Ref)); found {
			op.Responses[i].Value = shared
		}
	}
	return op
}

// IsRequired reports whether the schema's object must have the property.
func (s schema) IsRequired(property string) bool {
	return slices.Contains(s.Required, property)
}

// link is the name of the schema that s refers to, or that its items refer to; empty when it stands for itself.
func link(s schema) string {
	if s.Items != nil {
		return link(*s.Items)
	}
	return refName(s.Ref)
}

// typeOf describes a schema in a few words.
func typeOf(s schema) string {
	if s.Ref != "" {
		return refName(s.Ref)
	}
	if s.Items != nil {
		return "array of " + typeOf(*s.Items)
	}
	words := append(kinds(s.Type), limits(s)...)
	if len(s.Enum) > 0 {
		words = append(words, "one of "+list(s.Enum, ", "))
	}
	return strings.Join(words, ", ")
}

// kinds reads "type", which is one name or a list of them.
func kinds(t any) []string {
	switch t := t.(type) {
	case string:
		return []string{t}
	case []any:
		return []string{list(t, " or ")}
	default:
		return []string{"any"}
	}
}

func limits(s schema) []string {
	var words []string
	if s.Format != "" {
		words = append(words, s.Format)
	}
	if s.MaxLength != nil {
		words = append(words, fmt.Sprintf("at most %d characters", *s.MaxLength))
	}
	if s.Minimum != nil {
		words = append(words, fmt.Sprintf("at least %v", s.Minimum))
	}
	if s.Maximum != nil {
		words = append(words, fmt.Sprintf("at most %v", s.Maximum))
	}
	if s.Pattern != "" {
		words = append(words, "matching "+s.Pattern)
	}
	return words
}

func list(values []any, separator string) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, separator)
}
