#!/usr/bin/env bash
# Apache Kafka, one node in KRaft mode, from its Maven artifacts. Topics are not made by using them.
#
#   install   Kafka's jars, at the versions of kafka/pom.xml; needs java and mvn
#   start     formats on first use, waits until the broker serves
#   addr      prints host:port: the value for TEST_KAFKA_BROKERS
#   status    prints pid and port; exit code 3 when it does not run
#   stop      ends it; the data stays
#   restart   stop, then start, on the same port
#   kill      SIGKILL: a crash
#   freeze    SIGSTOP: connections open, and nothing answers
#   thaw      ends a freeze
#   clean     stops it and deletes its data
#
# Environment: KAFKA_PORT (default: a free one, kept until clean), KAFKA_SETTINGS (more lines for the server's
# configuration), KAFKA_HEAP (256m) and that of lib.sh.
NAME=kafka
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
POM="$SCRIPTS/kafka/pom.xml"
CHECKSUMS="$SCRIPTS/kafka/checksums.sha256"
# Another list of jars is another directory.
JARS="$PROGRAMS_DIR/kafka-$(cksum <"$CHECKSUMS" | cut -d' ' -f1)"
LOG="$DATA_DIR/$NAME.log"
HEAP="${KAFKA_HEAP:-256m}"
JVM=("-Xms$HEAP" "-Xmx$HEAP" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -Djava.net.preferIPv4Stack=true
  -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.showDateTime=true
  -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info -cp "$JARS/*")

# install moves the directory into place when the jars are the ones that were listed.
install() {
  have mvn && have java || die "kafka needs java and mvn"
  [ ! -d "$JARS" ] || return 0
  mkdir -p "$PROGRAMS_DIR"
  local fresh
  fresh="$(mktemp -d "$JARS.XXXXXX")"
  mvn -B -f "$POM" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$fresh" >"$DATA_DIR/mvn.log" 2>&1 ||
    { tail -20 "$DATA_DIR/mvn.log" >&2; die "mvn failed"; }
  (cd "$fresh" && sha256sum --quiet --check "$CHECKSUMS" >&2) || die "the jars are not those of $CHECKSUMS"
  [ "$(find "$fresh" -type f | wc -l)" -eq "$(wc -l <"$CHECKSUMS")" ] || die "there are more jars than in $CHECKSUMS"
  mv -T "$fresh" "$JARS" 2>/dev/null || rm -rf "$fresh"
}

port() { own_port port "${KAFKA_PORT:-}"; }
controller_port() { own_port controller-port; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }
cluster_id() { remember cluster-id new_cluster_id; }
# new_cluster_id: 16 bytes in base64, without the characters that look like an option in front.
new_cluster_id() { head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | cut -c1-22; }

configure() {
  cat >"$HOME_DIR/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@$HOST:$(controller_port)
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://$HOST:$(port),CONTROLLER://$HOST:$(controller_port)
advertised.listeners=PLAINTEXT://$HOST:$(port)
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$HOME_DIR/data
auto.create.topics.enable=false
num.partitions=3
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=3
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=3
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
background.threads=2
log.cleaner.dedupe.buffer.size=4194304
log.segment.bytes=16777216
log.index.size.max.bytes=1048576
metadata.log.max.record.bytes.between.snapshots=20971520
# After a crash the one node waits for its old session to end.
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=1000
${KAFKA_SETTINGS:-}
PROPERTIES
}

# format is done anew when it was interrupted: its last step writes meta.properties.
format() {
  [ ! -f "$HOME_DIR/data/meta.properties" ] || return 0
  rm -rf "$HOME_DIR/data"
  java "${JVM[@]}" kafka.tools.StorageTool format --config "$HOME_DIR/server.properties" --cluster-id "$(cluster_id)" >>"$LOG" 2>&1 ||
    { tail -20 "$LOG" >&2; die "format failed"; }
}

# serves OFFSET: the port opens before the broker serves; what it logs from OFFSET on says when it does.
serves() { port_is_open "$(port)" && tail -c "+$1" "$LOG" | grep -q 'Kafka Server started'; }

start() {
  [ -d "$JARS" ] || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  ! port_is_open "$(port)" || die "port $(port) is in use"
  configure
  format
  local offset
  offset=$(($(stat -c %s "$LOG" 2>/dev/null || echo 0) + 1))
  launch "$NAME" java "${JVM[@]}" kafka.Kafka "$HOME_DIR/server.properties"
  wait_ready "$NAME" serves "$offset"
  status
}

case "${1:-}" in
  addr) need_running; endpoint; echo ;;
  *) act "$@" ;;
esac
