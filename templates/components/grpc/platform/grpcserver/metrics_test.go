package grpcserver_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"

	"create-service/templates/service/kernel/fault"
)

// observed returns how many calls each combination of labels has counted, by "method code".
func observed(t *testing.T, f *fixture) map[string]uint64 {
	t.Helper()
	counts := map[string]uint64{}
	for _, m := range family(t, f, "rpc_server_call_duration_seconds").GetMetric() {
		labels := map[string]string{}
		for _, l := range m.GetLabel() {
			labels[l.GetName()] = l.GetValue()
		}
		counts[labels["rpc_method"]+" "+labels["rpc_response_status_code"]] = m.GetHistogram().GetSampleCount()
	}
	return counts
}

func family(t *testing.T, f *fixture, name string) *dto.MetricFamily {
	t.Helper()
	families, err := f.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, fam := range families {
		if fam.GetName() == name {
			return fam
		}
	}
	return nil
}

func TestMetricsLabels(t *testing.T) {
	answers := []error{nil, nil, fault.New(fault.NotFound, "no such order"), nil}
	f, calls := client(t, &service{unary: func(context.Context, *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
		answer := answers[0]
		answers = answers[1:]
		return &grpc_testing.SimpleResponse{}, answer
	}})
	for range 4 {
		_ = ask(t.Context(), calls)
	}
	want := map[string]uint64{unaryCall + " OK": 3, unaryCall + " NOT_FOUND": 1}
	if diff := cmp.Diff(want, observed(t, f)); diff != "" {
		t.Errorf("calls by label (-want +got):\n%s", diff)
	}
}

func TestMetricsNumberOfSeriesIsBounded(t *testing.T) {
	f := newFixture(t, config())
	desc := grpc_testing.TestService_ServiceDesc
	for i := range 100 {
		desc.ServiceName = fmt.Sprintf("service%d", i)
		f.RegisterService(&desc, answering(nil))
	}
	start(t, f, answering(nil))
	conn := dial(t, f)
	for i := range 100 {
		if err := conn.Invoke(t.Context(), fmt.Sprintf("/service%d/UnaryCall", i), &grpc_testing.SimpleRequest{}, &grpc_testing.SimpleResponse{}); err != nil {
			t.Fatal(err)
		}
	}
	counts := observed(t, f)
	if len(counts) > 40 {
		t.Errorf("there are %d histograms, want at most 40", len(counts))
	}
	var total uint64
	for _, n := range counts {
		total += n
	}
	if total != 100 || counts["_OTHER OK"] == 0 {
		t.Errorf("%d calls are counted, %d of them as others; want all 100", total, counts["_OTHER OK"])
	}
}

func TestMetricsBucketsHaveTheObjective(t *testing.T) {
	cfg := config()
	cfg.SLOThreshold = 420 * time.Millisecond
	f := newFixture(t, cfg)
	start(t, f, answering(nil))
	if err := ask(t.Context(), grpc_testing.NewTestServiceClient(dial(t, f))); err != nil {
		t.Fatal(err)
	}
	var bounds []float64
	for _, b := range family(t, f, "rpc_server_call_duration_seconds").GetMetric()[0].GetHistogram().GetBucket() {
		bounds = append(bounds, b.GetUpperBound())
	}
	want := []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.42, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	if diff := cmp.Diff(want, bounds); diff != "" {
		t.Errorf("bounds (-want +got):\n%s", diff)
	}
}

func TestMetricsExemplarsLinkToTraces(t *testing.T) {
	f, calls := client(t, answering(nil))
	ctx := metadata.AppendToOutgoingContext(t.Context(), "traceparent", traceparent)
	if _, err := calls.UnaryCall(ctx, &grpc_testing.SimpleRequest{}, grpc.WaitForReady(true)); err != nil {
		t.Fatal(err)
	}
	for _, bucket := range family(t, f, "rpc_server_call_duration_seconds").GetMetric()[0].GetHistogram().GetBucket() {
		for _, label := range bucket.GetExemplar().GetLabel() {
			if label.GetName() == "trace_id" && label.GetValue() == traceID {
				return
			}
		}
	}
	t.Error("no exemplar has the trace's id")
}
