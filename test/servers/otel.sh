#!/usr/bin/env bash
# The OpenTelemetry Collector with its OTLP receiver, which writes the traces that it gets to a file, or does what
# COLLECTOR_CONFIG says.
#
#   install     builds it from its modules (otel/): some minutes the first time; needs go
#   start       waits until it listens
#   addr        prints host:port for OTLP over gRPC
#   http-addr   prints host:port for OTLP over HTTP
#   traces      prints the file, one object of OTLP/JSON a line
#   status      prints pid and port; exit code 3 when it does not run
#   stop        ends it; the file stays
#   restart     stop, then start, on the same ports
#   kill        SIGKILL: a crash
#   freeze      SIGSTOP: connections open, and nothing answers
#   thaw        ends a freeze
#   clean       stops it and deletes the file
#   validate FILE   reads a configuration, the platform's for one, and says what is wrong with it
#
# Environment: OTLP_PORT, OTLP_HTTP_PORT (default: free ones, kept until clean), COLLECTOR_CONFIG (a file that is used as it
# is but for the ports, such as the platform's collector.yaml), what it names, and that of lib.sh.
NAME=otel
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
PROGRAM="$PROGRAMS_DIR/otel-collector"

install() {
  have go || die "the collector needs go"
  mkdir -p "$PROGRAMS_DIR"
  local fresh="$PROGRAM.$$"
  (cd "$SCRIPTS/otel" && GOWORK=off GOFLAGS= CGO_ENABLED=0 go build -trimpath -o "$fresh" .) >&2
  mv "$fresh" "$PROGRAM"
}

port() { own_port port "${OTLP_PORT:-}"; }
http_port() { own_port http-port "${OTLP_HTTP_PORT:-}"; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }
traces() { printf '%s\n' "$HOME_DIR/traces.jsonl"; }
listens() { port_is_open "$(port)" && port_is_open "$(http_port)"; }

configure() {
  cat >"$HOME_DIR/here.yaml" <<YAML
receivers:
  otlp:
    protocols:
      grpc: { endpoint: "$HOST:$(port)" }
      http: { endpoint: "$HOST:$(http_port)" }
service:
  telemetry:
    logs: { level: warn }
    metrics: { level: none }
YAML
  if [ -n "${COLLECTOR_CONFIG:-}" ]; then
    printf 'extensions: { health_check: { endpoint: "%s:%s" } }\n' "$HOST" "$(own_port health-port)" >>"$HOME_DIR/here.yaml"
    return
  fi
  cat >"$HOME_DIR/config.yaml" <<YAML
exporters:
  jsonl: { file: "$(traces)" }
service:
  pipelines:
    traces: { receivers: [otlp], exporters: [jsonl] }
YAML
}

start() {
  [ -x "$PROGRAM" ] || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  ! port_is_open "$(port)" || die "port $(port) is in use"
  ! port_is_open "$(http_port)" || die "port $(http_port) is in use"
  configure
  launch "$NAME" "$PROGRAM" --config "${COLLECTOR_CONFIG:-$HOME_DIR/config.yaml}" --config "$HOME_DIR/here.yaml"
  wait_ready "$NAME" listens
  status
}

case "${1:-}" in
  addr) need_running; endpoint; echo ;;
  http-addr) need_running; printf '%s:%s\n' "$HOST" "$(http_port)" ;;
  traces) traces ;;
  validate) "$PROGRAM" validate --config "file:$2" ;;
  *) act "$@" ;;
esac
