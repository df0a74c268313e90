package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// config of the exporter.
type config struct {
	// File is appended to; its directory must exist.
	File string `mapstructure:"file"`
}

// Validate reports what is missing.
func (c *config) Validate() error {
	if c.File == "" {
		return errors.New("file is not set")
	}
	return nil
}

// file is what one exporter appends to.
type file struct {
	mu   sync.Mutex
	path string
}

// jsonl returns the factory of the exporter.
func jsonl() exporter.Factory {
	return exporter.NewFactory(component.MustNewType("jsonl"),
		func() component.Config { return &config{} },
		exporter.WithTraces(newTraces, component.StabilityLevelStable))
}

func newTraces(ctx context.Context, settings exporter.Settings, cfg component.Config) (exporter.Traces, error) {
	parsed, ok := cfg.(*config)
	if !ok {
		return nil, fmt.Errorf("jsonl: configuration of type %T", cfg)
	}
	out := &file{path: parsed.File}
	return exporterhelper.NewTraces(ctx, settings, cfg, out.append)
}

// append adds one line, whole.
func (f *file) append(_ context.Context, traces ptrace.Traces) error {
	line, err := new(ptrace.JSONMarshaler).MarshalTraces(traces)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	out, err := os.OpenFile(f.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(append(line, '\n'))
	return errors.Join(err, out.Close())
}
