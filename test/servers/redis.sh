#!/usr/bin/env bash
# A Redis server with a data directory of its own: every write is in its append-only file before it is answered,
# so that it survives a crash of the process, and nothing is evicted.
#
#   install   the distribution's package; needs root, once
#   start     waits until it answers
#   addr      prints host:port: the value for TEST_REDIS_ADDR
#   status    prints pid and port; exit code 3 when it does not run
#   stop      ends it; the data stays
#   restart   stop, then start, on the same port
#   kill      SIGKILL: a crash
#   freeze    SIGSTOP: connections open, and nothing answers
#   thaw      ends a freeze
#   clean     stops it and deletes its data
#
# Environment: REDIS_PORT (default: a free one, kept until clean), REDIS_SETTINGS (more lines for the server's
# configuration) and that of lib.sh.
NAME=redis
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install() { have redis-server && have redis-cli || apt_install redis-server redis-tools; }
port() { own_port port "${REDIS_PORT:-}"; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }

# answers: also says that the data is loaded; until then PING is refused.
answers() { [ "$(redis-cli -h "$HOST" -p "$(port)" PING)" = PONG ]; }

configure() {
  cat >"$HOME_DIR/redis.conf" <<CONF
bind $HOST
port $(port)
daemonize no
dir "$HOME_DIR"
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
${REDIS_SETTINGS:-}
CONF
}

start() {
  have redis-server || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  ! port_is_open "$(port)" || die "port $(port) is in use"
  configure
  launch "$NAME" redis-server "$HOME_DIR/redis.conf"
  wait_ready "$NAME" answers
  status
}

case "${1:-}" in
  addr) need_running; endpoint; echo ;;
  *) act "$@" ;;
esac
