package httpfake

import "github.com/getkin/kin-openapi/openapi3"

// exampleOf returns a value that the schema allows: the document's own example where it has one, else the smallest.
func exampleOf(ref *openapi3.SchemaRef) any {
	if ref == nil || ref.Value == nil {
		return nil
	}
	schema := ref.Value
	switch {
	case schema.Example != nil:
		return schema.Example
	case len(schema.Examples) > 0:
		return schema.Examples[0]
	case schema.Default != nil:
		return schema.Default
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Type.Includes(openapi3.TypeObject):
		return object(schema)
	case schema.Type.Includes(openapi3.TypeArray):
		return []any{exampleOf(schema.Items)}
	case schema.Type.Includes(openapi3.TypeInteger), schema.Type.Includes(openapi3.TypeNumber):
		return least(schema)
	case schema.Type.Includes(openapi3.TypeBoolean):
		return true
	case schema.Type.Includes(openapi3.TypeString):
		return word(schema)
	default:
		return nil
	}
}

// object has the required members alone: the others may lead back to itself.
func object(schema *openapi3.Schema) map[string]any {
	members := map[string]any{}
	for _, name := range schema.Required {
		members[name] = exampleOf(schema.Properties[name])
	}
	return members
}

func least(schema *openapi3.Schema) float64 {
	if schema.Min != nil {
		return *schema.Min
	}
	if schema.Max != nil {
		return min(1, *schema.Max)
	}
	return 1
}

// word fits the formats that OpenAPI and this service's kind have.
func word(schema *openapi3.Schema) string {
	switch schema.Format {
	case "uuid":
		return "0190b2f0-7c1a-7000-8000-000000000001"
	case "date-time":
		return "2026-01-02T03:04:05Z"
	case "date":
		return "2026-01-02"
	case "decimal":
		return "1"
	case "int64":
		return "1"
	case "uri", "uri-reference":
		return "https://example.com/"
	}
	example := "example"
	for uint64(len(example)) < schema.MinLength {
		example += "e"
	}
	if schema.MaxLength != nil && uint64(len(example)) > *schema.MaxLength {
		example = example[:*schema.MaxLength]
	}
	return example
}
