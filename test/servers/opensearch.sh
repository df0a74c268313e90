#!/usr/bin/env bash
# OpenSearch, one node, from its Maven artifacts: it has the interface of Elasticsearch 7.10.
#
#   install   its jars, at the versions of opensearch/pom.xml; needs java, javac and mvn
#   start     waits until it is ready
#   addr      prints host:port
#   status    prints pid and port; exit code 3 when it does not run
#   stop      ends it; the data stays
#   restart   stop, then start, on the same port
#   kill      SIGKILL: a crash
#   freeze    SIGSTOP: connections open, and nothing answers
#   thaw      ends a freeze
#   clean     stops it and deletes its data
#
# Environment: OPENSEARCH_PORT (default: a free one, kept until clean), OPENSEARCH_HEAP (512m) and that of lib.sh.
NAME=opensearch
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
SOURCES="$SCRIPTS/opensearch"
# Another list of jars is another directory.
JARS="$PROGRAMS_DIR/opensearch-$(cat "$SOURCES"/{checksums.sha256,Server.java} | cksum | cut -d' ' -f1)"
HEAP="${OPENSEARCH_HEAP:-512m}"
READY_TIMEOUT="${OPENSEARCH_READY_TIMEOUT:-180}"

# install moves the directory into place when the jars are the ones that were listed.
install() {
  have mvn && have javac || die "opensearch needs java, javac and mvn"
  [ ! -d "$JARS" ] || return 0
  mkdir -p "$PROGRAMS_DIR"
  local fresh
  fresh="$(mktemp -d "$JARS.XXXXXX")"
  mvn -B -f "$SOURCES/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$fresh" >"$DATA_DIR/mvn.log" 2>&1 ||
    { tail -20 "$DATA_DIR/mvn.log" >&2; die "mvn failed"; }
  (cd "$fresh" && sha256sum --quiet --check "$SOURCES/checksums.sha256" >&2) || die "the jars are not those of $SOURCES/checksums.sha256"
  [ "$(find "$fresh" -type f | wc -l)" -eq "$(wc -l <"$SOURCES/checksums.sha256")" ] || die "there are more jars than are listed"
  javac -nowarn -cp "$fresh/*" -d "$fresh" "$SOURCES/Server.java" >&2
  mv -T "$fresh" "$JARS" 2>/dev/null || rm -rf "$fresh"
}

port() { own_port port "${OPENSEARCH_PORT:-}"; }
transport_port() { own_port transport-port; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }

is_ready() {
  local answer
  exec 3<>"/dev/tcp/$HOST/$(port)"
  printf 'GET /_cluster/health?wait_for_status=yellow&timeout=1s HTTP/1.0\r\n\r\n' >&3
  read -t 5 -r answer <&3
  [[ "$answer" == *" 200 "* ]]
}
ready() { (is_ready); }

start() {
  [ -d "$JARS" ] || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  ! port_is_open "$(port)" || die "port $(port) is in use"
  launch "$NAME" java "-Xms$HEAP" "-Xmx$HEAP" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true \
    -Djava.awt.headless=true -cp "$JARS:$JARS/*" Server "$HOST" "$(port)" "$(transport_port)" "$HOME_DIR/data"
  wait_ready "$NAME" ready
  status
}

case "${1:-}" in
  addr) need_running; endpoint; echo ;;
  *) act "$@" ;;
esac
