package openapitest

import "strings"

// templateOf writes Gin's ":id" as OpenAPI's "{id}".
func templateOf(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if name, isParam := strings.CutPrefix(s, ":"); isParam {
			segments[i] = "{" + name + "}"
		}
	}
	return strings.Join(segments, "/")
}
