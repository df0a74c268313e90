package apidocs

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// document is the part of OpenAPI 3.1 that the page shows.
type document struct {
	Info struct {
		Title       string `yaml:"title"`
		Version     string `yaml:"version"`
		Description string `yaml:"description"`
	} `yaml:"info"`
	Paths      ordered[pathItem] `yaml:"paths"`
	Components struct {
		Parameters ordered[parameter] `yaml:"parameters"`
		Responses  ordered[response]  `yaml:"responses"`
		Schemas    ordered[schema]    `yaml:"schemas"`
	} `yaml:"components"`
}

type pathItem struct {
	Parameters []parameter `yaml:"parameters"`
	Get        *operation  `yaml:"get"`
	Post       *operation  `yaml:"post"`
	Put        *operation  `yaml:"put"`
	Patch      *operation  `yaml:"patch"`
	Delete     *operation  `yaml:"delete"`
}

type operation struct {
	Summary     string      `yaml:"summary"`
	Description string      `yaml:"description"`
	Parameters  []parameter `yaml:"parameters"`
	RequestBody struct {
		Content ordered[media] `yaml:"content"`
	} `yaml:"requestBody"`
	Responses ordered[response] `yaml:"responses"`
}

type parameter struct {
	Ref         string `yaml:"$ref"`
	Name        string `yaml:"name"`
	In          string `yaml:"in"`
	Required    bool   `yaml:"required"`
	Description string `yaml:"description"`
	Schema      schema `yaml:"schema"`
}

type response struct {
	Ref         string         `yaml:"$ref"`
	Description string         `yaml:"description"`
	Content     ordered[media] `yaml:"content"`
}

type media struct {
	Schema schema `yaml:"schema"`
}

type schema struct {
	Ref         string          `yaml:"$ref"`
	Type        any             `yaml:"type"`
	Format      string          `yaml:"format"`
	Description string          `yaml:"description"`
	Enum        []any           `yaml:"enum"`
	Items       *schema         `yaml:"items"`
	Properties  ordered[schema] `yaml:"properties"`
	Required    []string        `yaml:"required"`
	MaxLength   *int64          `yaml:"maxLength"`
	Minimum     any             `yaml:"minimum"`
	Maximum     any             `yaml:"maximum"`
	Pattern     string          `yaml:"pattern"`
}

// ordered is a mapping in the order in which it was written.
type ordered[T any] []named[T]

type named[T any] struct {
	Name  string
	Value T
}

// UnmarshalYAML reads the mapping twice: for its order and for its values.
func (o *ordered[T]) UnmarshalYAML(unmarshal func(any) error) error {
	var order yaml.MapSlice
	if err := unmarshal(&order); err != nil {
		return err
	}
	var values map[string]T
	if err := unmarshal(&values); err != nil {
		return err
	}
	for _, item := range order {
		name := fmt.Sprint(item.Key)
		*o = append(*o, named[T]{Name: name, Value: values[name]})
	}
	return nil
}

func (o ordered[T]) find(name string) (value T, found bool) {
	for _, item := range o {
		if item.Name == name {
			return item.Value, true
		}
	}
	return value, false
}

func parse(text []byte) (*document, error) {
	var d document
	if err := yaml.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("api docs: read the OpenAPI document: %w", err)
	}
	return &d, nil
}

// refName is the last part of a reference such as #/components/schemas/Order.
func refName(ref string) string {
	return ref[strings.LastIndexByte(ref, '/')+1:]
}
