#!/usr/bin/env bash
# Jaeger, built from its Go module without the pages for browsers, with traces in memory as the platform's bundle has it.
#
#   install   builds it, some minutes the first time; needs go
#   start     waits until its API answers
#   addr      prints host:port for OTLP over gRPC
#   api       prints host:port of its API
#   status    prints pid and port; exit code 3 when it does not run
#   stop      ends it; its traces are gone
#   restart   stop, then start, on the same ports
#   kill      SIGKILL: a crash
#   clean     stops it and deletes its directory
NAME=jaeger
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Jaeger 2.13: one module has the numbers of both series.
VERSION=1.76.0
PROGRAM="$PROGRAMS_DIR/jaeger-$VERSION"

install() { build_module github.com/jaegertracing/jaeger "$VERSION" ./cmd/jaeger; }

port() { own_port port; }
api_port() { own_port api-port; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }
api() { printf '%s:%s' "$HOST" "$(api_port)"; }
ready() { curl --silent --fail --output /dev/null "http://$(api)/api/services"; }

configure() {
  cat >"$HOME_DIR/config.yaml" <<YAML
extensions:
  jaeger_storage: { backends: { memory: { memory: { max_traces: 100000 } } } }
  jaeger_query:
    storage: { traces: memory }
    http: { endpoint: "$(api)" }
    grpc: { endpoint: "$HOST:$(own_port query-port)" }
receivers:
  otlp: { protocols: { grpc: { endpoint: "$(endpoint)" } } }
exporters:
  jaeger_storage_exporter: { trace_storage: memory }
service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: { receivers: [otlp], exporters: [jaeger_storage_exporter] }
  telemetry:
    logs: { level: warn }
    metrics: { level: none }
YAML
}

start() {
  [ -x "$PROGRAM" ] || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  mkdir -p "$HOME_DIR"
  configure
  launch "$NAME" "$PROGRAM" --config "$HOME_DIR/config.yaml"
  wait_ready "$NAME" ready
  status
}

case "${1:-}" in
  addr) need_running; endpoint; echo ;;
  api) need_running; api; echo ;;
  *) act "$@" ;;
esac
