#!/usr/bin/env bash
# Alertmanager and its amtool, built from their Go module in the version of the platform's bundle.
#
#   install         builds both; needs go
#   validate FILE   reads a configuration and says what is wrong with it
#   start           waits until it is ready; needs ALERTMANAGER_CONFIG
#   addr            prints host:port
#   status          prints pid and port; exit code 3 when it does not run
#   stop            ends it; what it has said stays
#   restart         stop, then start, on the same port
#   kill            SIGKILL: a crash
#   clean           stops it and deletes its data
#
# Environment: ALERTMANAGER_CONFIG (a file that is used as it is), and that of lib.sh.
NAME=alertmanager
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
VERSION=$(sed -n "s/^  alertmanager: '\(.*\)',$/\1/p" "$SCRIPTS/../../src/resolve/stack.ts")
PROGRAM="$PROGRAMS_DIR/alertmanager-$VERSION"
AMTOOL="$PROGRAMS_DIR/amtool-$VERSION"

install() {
  PROGRAM="$AMTOOL" build_module github.com/prometheus/alertmanager "$VERSION" ./cmd/amtool
  build_module github.com/prometheus/alertmanager "$VERSION" ./cmd/alertmanager
}

port() { own_port port; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }
ready() { curl --silent --fail --output /dev/null "http://$(endpoint)/-/ready"; }

start() {
  [ -x "$PROGRAM" ] || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  mkdir -p "$HOME_DIR"
  launch "$NAME" "$PROGRAM" --config.file="${ALERTMANAGER_CONFIG:?}" --storage.path="$HOME_DIR/data" \
    --web.listen-address="$(endpoint)" --cluster.listen-address= --log.level=warn
  wait_ready "$NAME" ready
  status
}

case "${1:-}" in
  validate) "$AMTOOL" check-config "$2" ;;
  addr) need_running; endpoint; echo ;;
  *) act "$@" ;;
esac
