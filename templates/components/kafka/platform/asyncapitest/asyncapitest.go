// Package asyncapitest holds the events of a service to its AsyncAPI document.
package asyncapitest

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/service/kernel/message"
)

// Contract is a document whose messages events must be.
type Contract struct {
	channels map[string]channel
	compiler *jsonschema.Compiler
}

// channel is a topic of the document.
type channel struct {
	Messages map[string]struct {
		Ref string `json:"$ref"`
	} `json:"messages"`
}

// documentURL stands for the document in references.
const documentURL = "https://example.com/asyncapi.json"

// Open reads the document in the file at path.
func Open(t testing.TB, path string) *Contract {
	t.Helper()
	dir, file := filepath.Split(path)
	text, err := fs.ReadFile(os.DirFS(filepath.Clean(dir)), file)
	if err != nil {
		t.Fatalf("the AsyncAPI document: %v", err)
	}
	if text, err = yaml.YAMLToJSON(text); err != nil {
		t.Fatalf("the AsyncAPI document is no YAML: %v", err)
	}
	var head struct {
		Version  string             `json:"asyncapi"`
		Channels map[string]channel `json:"channels"`
	}
	if err := json.Unmarshal(text, &head); err != nil || !strings.HasPrefix(head.Version, "3.") {
		t.Fatalf("this is no AsyncAPI 3 document (version %q, error %v)", head.Version, err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("the AsyncAPI document cannot be read: %v", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(documentURL, document); err != nil {
		t.Fatalf("the AsyncAPI document cannot be read: %v", err)
	}
	return &Contract{channels: head.Channels, compiler: compiler}
}

// Check fails the test unless the document's channel for m's topic has a message of m's type, and m as it is sent is one.
func (c *Contract) Check(t testing.TB, m message.Message) {
	t.Helper()
	reference, found := c.channels[m.Topic].Messages[m.Type]
	if !found {
		t.Errorf("the channel %s of the document has no message %s", m.Topic, m.Type)
		return
	}
	schema, err := c.compiler.Compile(documentURL + reference.Ref + "/payload")
	if err != nil {
		t.Errorf("message %s: the schema of its payload is not valid: %v", m.Type, err)
		return
	}
	data, err := json.Marshal(m.Data)
	if err != nil {
		t.Errorf("message %s: %v", m.Type, err)
		return
	}
	event := kafka.Event{ID: m.ID.String(), Source: "/test", Type: m.Type, Subject: m.Key, Time: m.Time, Version: m.Version, Data: data}
	text, err := json.Marshal(event)
	if err != nil {
		t.Errorf("message %s: %v", m.Type, err)
		return
	}
	sent, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Errorf("message %s: %v", m.Type, err)
		return
	}
	if err := schema.Validate(sent); err != nil {
		t.Errorf("message %s is not what the document says: %v\n%s", m.Type, err, text)
	}
}
