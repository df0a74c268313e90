#!/usr/bin/env bash
# A Prometheus with a data directory of its own. With it come promtool, and Alertmanager's amtool.
#
#   install   the distribution's packages; needs root, once
#   start     waits until it is ready; needs PROMETHEUS_CONFIG
#   addr      prints host:port
#   status    prints pid and port; exit code 3 when it does not run
#   stop      ends it; the data stays
#   restart   stop, then start, on the same port
#   kill      SIGKILL: a crash
#   freeze    SIGSTOP: connections open, and nothing answers
#   thaw      ends a freeze
#   clean     stops it and deletes its data
#
# Environment: PROMETHEUS_CONFIG (a file that is used as it is), PROMETHEUS_PORT (default: a free one, kept until clean) and
# that of lib.sh.
NAME=prometheus
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install() {
  have prometheus && have promtool && have amtool || apt_install prometheus prometheus-alertmanager
}
port() { own_port port "${PROMETHEUS_PORT:-}"; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }

is_ready() {
  local answer
  exec 3<>"/dev/tcp/$HOST/$(port)"
  printf 'GET /-/ready HTTP/1.0\r\n\r\n' >&3
  read -t 5 -r answer <&3
  [[ "$answer" == *" 200 "* ]]
}
ready() { (is_ready); }

start() {
  have prometheus || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  ! port_is_open "$(port)" || die "port $(port) is in use"
  promtool check config "${PROMETHEUS_CONFIG:?}" >"$HOME_DIR/check.log" 2>&1 || { cat "$HOME_DIR/check.log" >&2; die "the configuration is wrong"; }
  launch "$NAME" prometheus --config.file="$PROMETHEUS_CONFIG" --storage.tsdb.path="$HOME_DIR/data" \
    --web.listen-address="$(endpoint)" --log.level=warn
  wait_ready "$NAME" ready
  status
}

case "${1:-}" in
  addr) need_running; endpoint; echo ;;
  *) act "$@" ;;
esac
