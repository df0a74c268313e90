package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/acme/shipping/internal/platform/certtest"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	var stdout bytes.Buffer
	if err := run([]string{dir, "shipping"}, &stdout); err != nil {
		t.Fatal(err)
	}
	if got, want := stdout.String(), "TLS_DIR="+filepath.Join(dir, "shipping")+"\n"; got != want {
		t.Errorf("it printed %q, want %q", got, want)
	}
	for _, name := range []string{"shipping", "client"} {
		if _, err := certtest.Read(filepath.Join(dir, name)); err != nil {
			t.Errorf("the certificate of %s: %v", name, err)
		}
	}
	if err := run(nil, &stdout); err == nil {
		t.Error("without arguments there is no error")
	}
}
