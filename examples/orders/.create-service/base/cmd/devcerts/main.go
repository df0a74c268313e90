// Command devcerts makes the certificates with which services on this machine speak mutual TLS. They are for development:
// anybody who can read the directory can be any of the services.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/acme/orders/internal/platform/certtest"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "devcerts:", err)
		os.Exit(1)
	}
}

// run makes the certificates below the directory and says where they are, as KEY=value.
func run(args []string, stdout io.Writer) error {
	if len(args) != 2 {
		return errors.New("usage: devcerts <directory> <service>")
	}
	dir, name := args[0], args[1]
	if err := certtest.Development(dir, name); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stdout, "TLS_DIR="+filepath.Join(dir, name))
	return err
}
