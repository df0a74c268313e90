package protogen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/linker"
	"github.com/bufbuild/protocompile/options"
	"github.com/bufbuild/protocompile/protoutil"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// compile returns the request that a compiler hands to its plugins when they are to generate code for all of the files,
// or what is wrong in the files.
func compile(files []File) (*pluginpb.CodeGeneratorRequest, []Problem, error) {
	texts := make(map[string]string, len(files))
	names := make([]string, 0, len(files))
	for _, file := range files {
		texts[file.Path] = file.Text
		names = append(names, file.Path)
	}
	slices.Sort(names)

	found := &findings{texts: texts}
	compiler := protocompile.Compiler{
		Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
			Accessor: protocompile.SourceAccessorFromMap(texts),
		}),
		SourceInfoMode: protocompile.SourceInfoStandard,
		MaxParallelism: 1,
		Reporter:       found,
	}
	linked, err := compiler.Compile(context.Background(), names...)
	if misplaced, ok := errors.AsType[reporter.ErrorWithPos](err); ok {
		found.add(misplaced) // An import that leads nowhere is only returned, not reported.
	}
	if err == nil {
		found.addWithoutGoPackage(linked)
	}
	if len(found.problems) > 0 {
		return nil, found.sorted(), nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("compile: %w", err)
	}
	request, err := requestFor(names, linked)
	return request, nil, err
}

// requestFor lists the files and all that they import, each after what it imports itself.
func requestFor(names []string, linked linker.Files) (*pluginpb.CodeGeneratorRequest, error) {
	request := &pluginpb.CodeGeneratorRequest{FileToGenerate: names, Parameter: proto.String(parameter)}
	listed := make(map[string]bool)
	var list func(protoreflect.FileDescriptor) error
	list = func(file protoreflect.FileDescriptor) error {
		if listed[file.Path()] {
			return nil
		}
		listed[file.Path()] = true
		for i := range file.Imports().Len() {
			if err := list(file.Imports().Get(i).FileDescriptor); err != nil {
				return err
			}
		}
		stripped, err := options.StripSourceRetentionOptionsFromFile(protoutil.ProtoFromFileDescriptor(file))
		if err != nil {
			return fmt.Errorf("strip %s: %w", file.Path(), err)
		}
		request.ProtoFile = append(request.ProtoFile, stripped)
		return nil
	}
	for _, file := range linked {
		if err := list(file); err != nil {
			return nil, err
		}
	}
	return request, nil
}

// findings collects every error that the compiler reports, instead of stopping at the first.
type findings struct {
	texts    map[string]string
	problems []Problem
}

// Error implements reporter.Reporter.
func (f *findings) Error(err reporter.ErrorWithPos) error {
	f.add(err)
	return nil
}

// Warning implements reporter.Reporter: an unused import is no reason to stop.
func (*findings) Warning(reporter.ErrorWithPos) {}

func (f *findings) add(err reporter.ErrorWithPos) {
	place := err.GetPosition()
	f.problems = append(f.problems, Problem{
		File:    place.Filename,
		Line:    place.Line,
		Column:  f.column(place),
		Message: strings.ReplaceAll(errors.Unwrap(err).Error(), "$end", "end of file"),
	})
}

// column counts characters as editors do; the compiler counts a tab as up to eight.
func (f *findings) column(place ast.SourcePos) int {
	before := f.texts[place.Filename]
	if place.Offset > len(before) {
		return place.Col
	}
	before = before[:place.Offset]
	return utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
}

// addWithoutGoPackage adds the files of which no Go can be made, all of them: the generator stops at the first.
func (f *findings) addWithoutGoPackage(files linker.Files) {
	for _, file := range files {
		if options, ok := file.Options().(*descriptorpb.FileOptions); ok && options.GetGoPackage() == "" {
			f.problems = append(f.problems, Problem{File: file.Path(), Message: "option go_package is missing"})
		}
	}
}

func (f *findings) sorted() []Problem {
	slices.SortFunc(f.problems, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(f.problems)
}
