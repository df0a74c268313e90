#!/usr/bin/env bash
# A server that speaks MongoDB's protocol. mongod itself is in no package registry, so there are two independent ones that
# do; what passes on both is sound. Neither has accounts, replica sets or transactions.
#
#   install   builds or fetches it, at the versions of mongo/: needs go, or java and mvn
#   start     waits until it answers
#   uri       prints its URI: the value for TEST_MONGO_URI
#   status    prints pid and port; exit code 3 when it does not run
#   stop      ends it; the data stays
#   restart   stop, then start, on the same port
#   kill      SIGKILL: a crash; mongo-java-server then forgets the last second
#   freeze    SIGSTOP: connections open, and nothing answers
#   thaw      ends a freeze
#   clean     stops it and deletes its data
#
# Environment: MONGO_BACKEND (ferretdb: the stand-in of devstack, FerretDB on SQLite behind its gate; java:
# mongo-java-server on H2; default: ferretdb), MONGO_PORT (default: a free one, kept until clean) and that of lib.sh.
BACKEND="${MONGO_BACKEND:-ferretdb}"
NAME="mongo-$BACKEND"
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
SOURCE="$SCRIPTS/mongo"
CHECKSUMS="$SOURCE/checksums.sha256"
# Another list of jars, another program: another directory.
JAVA="$PROGRAMS_DIR/mongo-java-$(cat "$CHECKSUMS" "$SOURCE/Server.java" | cksum | cut -d' ' -f1)"
PROGRAM="$PROGRAMS_DIR/mongo-ferretdb"

install() { "install_$BACKEND"; }

# install_ferretdb leaves it to go whether there is anything to build.
install_ferretdb() {
  have go || die "the stand-in needs go"
  mkdir -p "$PROGRAMS_DIR"
  local fresh="$PROGRAM.$$"
  (cd "$SOURCE" && GOWORK=off GOFLAGS= CGO_ENABLED=0 go build -trimpath -tags ferretdb_no_postgresql -o "$fresh" .) >&2
  mv "$fresh" "$PROGRAM"
}

# install_java moves the directory into place when the jars are the ones that were listed.
install_java() {
  have mvn && have javac || die "mongo-java-server needs java and mvn"
  [ ! -d "$JAVA" ] || return 0
  mkdir -p "$PROGRAMS_DIR"
  local fresh
  fresh="$(mktemp -d "$JAVA.XXXXXX")"
  mvn -B -f "$SOURCE/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$fresh" >"$DATA_DIR/mvn.log" 2>&1 ||
    { tail -20 "$DATA_DIR/mvn.log" >&2; die "mvn failed"; }
  (cd "$fresh" && sha256sum --quiet --check "$CHECKSUMS" >&2) || die "the jars are not those of $CHECKSUMS"
  [ "$(find "$fresh" -type f | wc -l)" -eq "$(wc -l <"$CHECKSUMS")" ] || die "there are more jars than in $CHECKSUMS"
  javac -cp "$fresh/*" -d "$fresh" "$SOURCE/Server.java"
  mv -T "$fresh" "$JAVA" 2>/dev/null || rm -rf "$fresh"
}

installed() { case "$BACKEND" in ferretdb) [ -x "$PROGRAM" ] ;; java) [ -d "$JAVA" ] ;; *) die "MONGO_BACKEND is ferretdb or java" ;; esac; }
port() { own_port port "${MONGO_PORT:-}"; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }
listens() { port_is_open "$(port)"; }

start() {
  installed || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  ! port_is_open "$(port)" || die "port $(port) is in use"
  mkdir -p "$HOME_DIR/data"
  if [ "$BACKEND" = ferretdb ]; then
    launch "$NAME" "$PROGRAM" "$(endpoint)" "$HOME_DIR/data"
  else
    launch "$NAME" java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true \
      -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$JAVA:$JAVA/*" Server "$HOST" "$(port)" "$HOME_DIR/data/db.mv"
  fi
  wait_ready "$NAME" listens
  status
}

case "${1:-}" in
  uri) need_running; printf 'mongodb://%s/\n' "$(endpoint)" ;;
  *) act "$@" ;;
esac
