package protogen_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	upstream "google.golang.org/protobuf/compiler/protogen"

	"create-service/protogen"
)

const head = "syntax = \"proto3\";\npackage a.v1;\noption go_package = \"e.org/a/v1;av1\";\n"

func file(path, text string) protogen.File { return protogen.File{Path: path, Text: text} }

func TestGenerateGoesThroughEveryGenerator(t *testing.T) {
	t.Parallel()
	services := func(plugin *upstream.Plugin, file *upstream.File) *upstream.GeneratedFile {
		made := plugin.NewGeneratedFile(file.GeneratedFilenamePrefix+"_other.pb.go", file.GoImportPath)
		made.P("package ", file.GoPackageName)
		return made
	}
	request := protogen.Request{Files: []protogen.File{
		file("b/b.proto", head+"import \"a/a.proto\";\nmessage B { A a = 1; }\n"),
		file("a/a.proto", head+"// An A.\nmessage A {}\n"),
	}}
	answer, err := protogen.Generate(request, protogen.Go, services)
	if err != nil || answer.Problems != nil {
		t.Fatalf("Generate: %v, problems %v", err, answer.Problems)
	}
	var paths []string
	for _, made := range answer.Files {
		paths = append(paths, made.Path)
	}
	want := "a/a.pb.go a/a_other.pb.go b/b.pb.go b/b_other.pb.go"
	if got := strings.Join(paths, " "); got != want {
		t.Errorf("paths = %s, want %s", got, want)
	}
	if text := answer.Files[0].Text; !strings.Contains(text, "// An A.\ntype A struct") {
		t.Errorf("the comment is lost in\n%s", text)
	}
}

func TestGenerateNamesTheProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		files []protogen.File
		want  []protogen.Problem
	}{
		"syntax, in several files": {
			files: []protogen.File{file("b.proto", head+"message"), file("a.proto", head+"message M {\n\tstring\n}\n")},
			want: []protogen.Problem{
				{File: "a.proto", Line: 6, Column: 1, Message: "syntax error: unexpected '}'"},
				{File: "b.proto", Line: 4, Column: 8, Message: "syntax error: unexpected end of file"},
			},
		},
		"a type that does not exist": {
			files: []protogen.File{file("a.proto", head+"message M {\n\t/* ü */ N n = 1;\n}\n")},
			want:  []protogen.Problem{{File: "a.proto", Line: 5, Column: 10, Message: "field a.v1.M.n: unknown type N"}},
		},
		"an import that leads nowhere": {
			files: []protogen.File{file("a.proto", head+"import \"b.proto\";\n")},
			want: []protogen.Problem{
				{File: "a.proto", Line: 4, Column: 8, Message: `could not resolve path "b.proto": file does not exist`},
			},
		},
		"no go_package": {
			files: []protogen.File{file("a.proto", "syntax = \"proto3\";\n")},
			want:  []protogen.Problem{{File: "a.proto", Message: "option go_package is missing"}},
		},
		"what only the generator refuses": {
			files: []protogen.File{file("a.proto", "syntax = \"proto3\";\noption go_package = \"a\";\n")},
			want:  []protogen.Problem{{File: "a.proto", Message: `invalid Go import path "a" for "a.proto"`}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer, err := protogen.Generate(protogen.Request{Files: test.files}, protogen.Go)
			if err != nil || answer.Files != nil {
				t.Fatalf("Generate: %v, files %v", err, answer.Files)
			}
			if got, want := marshal(t, answer.Problems), marshal(t, test.want); got != want {
				t.Errorf("problems = %s, want %s", got, want)
			}
		})
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	in := strings.NewReader(`{"files":[{"path":"a.proto","text":"syntax = 3;"}]}`)
	if err := protogen.Serve(in, &out, protogen.Go); err != nil {
		t.Fatalf("Serve: %v", err)
	}
	want := `{"problems":[{"file":"a.proto","line":1,"column":10,"message":"syntax error: unexpected int literal, expecting string literal"}]}`
	if got := strings.TrimSpace(out.String()); got != want {
		t.Errorf("answer = %s, want %s", got, want)
	}
	if err := protogen.Serve(strings.NewReader("hello"), &out, protogen.Go); err == nil {
		t.Error("Serve took a request that is not JSON")
	}
	if err := protogen.Serve(strings.NewReader("{}"), brokenPipe{}, protogen.Go); !errors.Is(err, errBroken) {
		t.Errorf("Serve: %v, want %v", err, errBroken)
	}
}

var errBroken = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }

func marshal(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
