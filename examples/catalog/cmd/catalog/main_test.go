package main

import (
	"io"
	"strings"
	"testing"
)

func TestRunRefusesWrongCommandLines(t *testing.T) {
	tests := []struct {
		args []string
		want string
	}{
		{nil, "usage: catalog"},
		{[]string{"start"}, `unknown command "start"`},
		{[]string{"serve", "worker"}, `unexpected argument "worker"`},
		{[]string{"serve", "-role", "boss"}, "api, worker or all"},
		{[]string{"healthcheck", "-role", "api"}, "-role"},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			err := run(t.Context(), tt.args, nil, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), usage) {
				t.Errorf("error %v, want %q and the usage", err, tt.want)
			}
		})
	}
}

func TestRunPrintsItsUsage(t *testing.T) {
	var stdout strings.Builder
	if err := run(t.Context(), []string{"--help"}, nil, &stdout); err != nil || stdout.String() != usage+"\n" {
		t.Errorf("error %v after %q, want the usage", err, stdout.String())
	}
}
