// Package protogen turns the texts of .proto files into the Go that `buf generate` writes with protoc-gen-go and
// protoc-gen-go-grpc, in one process: a compiler, and the generators of both commands.
package protogen

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	gengo "google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/pluginpb"
)

// parameter is what buf.gen.yaml gives both commands.
const parameter = "paths=source_relative"

// File is a text and the path that other files import it by.
type File struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// Problem is one thing that is wrong in a .proto file. Line and Column count from 1; 0 is the whole file.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// Request holds every .proto file of a service.
type Request struct {
	Files []File `json:"files"`
}

// Answer holds the Go files, or why there are none.
type Answer struct {
	Files    []File    `json:"files,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
}

// Generator adds to a plugin what it makes of one .proto file. It is what the commands run for each file.
type Generator func(*protogen.Plugin, *protogen.File) *protogen.GeneratedFile

// Go is the generator of protoc-gen-go.
func Go(plugin *protogen.Plugin, file *protogen.File) *protogen.GeneratedFile {
	return gengo.GenerateFile(plugin, file)
}

// Serve reads one Request as JSON from in and writes its Answer as JSON to out. An error is a bug or a broken pipe, never
// a mistake in a .proto file.
func Serve(in io.Reader, out io.Writer, generators ...Generator) error {
	var request Request
	if err := json.NewDecoder(in).Decode(&request); err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	answer, err := Generate(request, generators...)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(answer); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// Generate compiles the files and runs each generator over all of them. Mistakes in the files are problems of the
// Answer, sorted by place.
func Generate(request Request, generators ...Generator) (Answer, error) {
	compiled, problems, err := compile(request.Files)
	if err != nil {
		return Answer{}, err
	}
	if len(problems) > 0 {
		return Answer{Problems: problems}, nil
	}
	var files []File
	for _, generator := range generators {
		made, err := run(generator, compiled)
		if refused, ok := errors.AsType[*refusal](err); ok {
			return Answer{Problems: []Problem{refused.problem(compiled)}}, nil
		}
		if err != nil {
			return Answer{}, err
		}
		files = append(files, made...)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return Answer{Files: files}, nil
}

// refusal is what protoc-gen-go says about descriptors that it makes no Go of: clashing go_package options, as a rule.
type refusal struct{ cause error }

func (r *refusal) Error() string { return r.cause.Error() }

// problem blames the first file that the words of the generator quote.
func (r *refusal) problem(request *pluginpb.CodeGeneratorRequest) Problem {
	message, _, _ := strings.Cut(r.cause.Error(), "\n")
	for _, name := range request.GetFileToGenerate() {
		if strings.Contains(message, name) {
			return Problem{File: name, Message: message}
		}
	}
	return Problem{Message: message}
}

// run does what a plugin does: it gets the request over the wire, so that options which only the compiler knows are
// unknown fields to the generator too.
func run(generator Generator, request *pluginpb.CodeGeneratorRequest) ([]File, error) {
	wire, err := proto.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("encode the plugin's request: %w", err)
	}
	received := &pluginpb.CodeGeneratorRequest{}
	if err := proto.Unmarshal(wire, received); err != nil {
		return nil, fmt.Errorf("decode the plugin's request: %w", err)
	}
	plugin, err := protogen.Options{}.New(received)
	if err != nil {
		return nil, &refusal{cause: err}
	}
	for _, file := range plugin.Files {
		if file.Generate {
			generator(plugin, file)
		}
	}
	response := plugin.Response()
	if response.Error != nil {
		return nil, &refusal{cause: errors.New(response.GetError())}
	}
	files := make([]File, 0, len(response.GetFile()))
	for _, file := range response.GetFile() {
		files = append(files, File{Path: file.GetName(), Text: file.GetContent()})
	}
	return files, nil
}
