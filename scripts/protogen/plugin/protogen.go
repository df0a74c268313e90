//go:build protogen

// This file joins the main package of protoc-gen-go-grpc, because that command's generator is in no package that could be
// imported. The build puts it beside a vendored, unmodified copy of the command.
package main

import (
	"fmt"
	"os"

	"create-service/protogen"
)

// It runs before the command's own main and instead of it.
func init() {
	byDefault := true
	requireUnimplemented = &byDefault
	if err := protogen.Serve(os.Stdin, os.Stdout, protogen.Go, generateFile); err != nil {
		fmt.Fprintln(os.Stderr, "protogen:", err)
		os.Exit(1)
	}
	os.Exit(0)
}
