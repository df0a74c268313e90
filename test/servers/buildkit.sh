#!/usr/bin/env bash
# BuildKit, which builds Dockerfiles for `docker build`, without Docker and without a registry of images.
#
#   install   builds it from its modules (buildkit/), some minutes the first time, and the distribution's runc and busybox
#   start     waits until it answers; as root
#   buildctl  prints the path of its client
#   addr      prints where it listens: for `buildctl --addr`
#   status    prints pid and address; exit code 3 when it does not run
#   stop      ends it; what it built stays
#   restart   stop, then start
#   clean     stops it and deletes what it built
#
# Environment: that of lib.sh.
NAME=buildkit
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
PROGRAMS="$PROGRAMS_DIR/buildkit-$(cksum <"$SCRIPTS/buildkit/go.mod" | cut -d' ' -f1)"

install() {
  have go || die "BuildKit needs go"
  have runc && have busybox || apt_install runc busybox-static
  [ ! -d "$PROGRAMS" ] || return 0
  local fresh="$PROGRAMS.$$"
  mkdir -p "$fresh"
  (cd "$SCRIPTS/buildkit" && GOWORK=off GOFLAGS=-trimpath CGO_ENABLED=0 go build -ldflags '-s -w' -o "$fresh/" \
    github.com/moby/buildkit/cmd/{buildctl,buildkitd}) >&2
  mv -T "$fresh" "$PROGRAMS"
}

endpoint() { printf 'unix://%s/socket' "$HOME_DIR"; }
answers() { "$PROGRAMS/buildctl" --addr "$(endpoint)" debug workers; }

start() {
  [ -d "$PROGRAMS" ] || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  mkdir -p "$HOME_DIR"
  # What is built shares the network of this machine, for the modules that it downloads.
  launch "$NAME" "$PROGRAMS/buildkitd" --root "$HOME_DIR/root" --addr "$(endpoint)" --containerd-worker=false \
    --oci-worker=true --oci-worker-net=host --oci-worker-binary runc --oci-cni-binary-dir /nonexistent
  wait_ready "$NAME" answers
  status
}

case "${1:-}" in
  addr) need_running; endpoint; echo ;;
  buildctl) printf '%s\n' "$PROGRAMS/buildctl" ;;
  *) act "$@" ;;
esac
