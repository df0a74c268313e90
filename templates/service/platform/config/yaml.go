package config

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseYAML reads "KEY: scalar" lines. It works on the syntax tree, so that a value is exactly the text that was
// written (0010 stays 0010) and aliases, anchors and nesting are refused rather than resolved.
func parseYAML(path string, content []byte) (map[string]text, []Problem) {
	file, err := parser.ParseBytes(content, 0)
	if err != nil {
		return nil, []Problem{syntaxProblem(path, err)}
	}
	if len(file.Docs) > 1 {
		return nil, []Problem{{Key: fileKey, Source: path, Message: "must be one YAML document"}}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, nil
	}
	mapping, ok := file.Docs[0].Body.(ast.MapNode)
	if !ok {
		return nil, []Problem{{Key: fileKey, Source: path, Message: "must be a mapping of keys to values"}}
	}
	return entries(path, mapping)
}

func entries(path string, mapping ast.MapNode) (map[string]text, []Problem) {
	values := map[string]text{}
	var problems []Problem
	for entry := mapping.MapRange(); entry.Next(); {
		position := entry.Key().GetToken().Position
		t := text{source: fmt.Sprintf("%s:%d", path, position.Line)}
		key, isText := entry.Key().(*ast.StringNode)
		if !isText {
			problems = append(problems, Problem{Source: t.source, Message: "a key must be a plain text"})
			continue
		}
		if t.value, isText = scalar(entry.Value()); !isText {
			problems = append(problems, Problem{Key: key.Value, Source: t.source, Message: "must be a plain value, not a list, mapping, anchor, alias or tag"})
			continue
		}
		values[key.Value] = t
	}
	return values, problems
}

// scalar returns a plain value as it was written, and whether the node is one.
func scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	default:
		return "", false
	}
}

// syntaxProblem keeps the position and the reason, and drops the excerpt of the file: it may hold a secret.
func syntaxProblem(path string, err error) Problem {
	var syntax interface {
		GetMessage() string
		GetToken() *token.Token
	}
	if !errors.As(err, &syntax) || syntax.GetToken() == nil {
		return Problem{Key: fileKey, Source: path, Message: "is not valid YAML"}
	}
	at := syntax.GetToken().Position
	return Problem{Key: fileKey, Source: fmt.Sprintf("%s:%d:%d", path, at.Line, at.Column), Message: "is not valid YAML: " + syntax.GetMessage()}
}
