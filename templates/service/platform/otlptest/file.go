package otlptest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// File returns the spans in a file to which a collector appends OTLP/JSON, one object a line. A file that is not there yet
// has none, and neither has a last line that is not whole yet.
func File(path string) Source {
	return func() ([]Span, error) {
		text, err := fs.ReadFile(os.DirFS(filepath.Dir(path)), filepath.Base(path))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		var spans []Span
		for line := range bytes.Lines(text) {
			if !bytes.HasSuffix(line, []byte("\n")) {
				break
			}
			more, err := parse(line)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			spans = append(spans, more...)
		}
		return spans, nil
	}
}

func parse(line []byte) ([]Span, error) {
	var data otlp.TracesData
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(line, &data); err != nil {
		return nil, err
	}
	var spans []Span
	for _, resource := range data.GetResourceSpans() {
		sender := textsOf(resource.GetResource().GetAttributes())
		for _, scope := range resource.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				parsed := spanOf(sender, span)
				parsed.Trace, parsed.ID, parsed.Parent = asWritten(span.GetTraceId()), asWritten(span.GetSpanId()), asWritten(span.GetParentSpanId())
				spans = append(spans, parsed)
			}
		}
	}
	return spans, nil
}

// asWritten undoes what protojson does to ids: OTLP/JSON writes them in hexadecimal, protobuf's JSON takes every text of
// bytes for base64.
func asWritten(id []byte) string { return base64.StdEncoding.EncodeToString(id) }
