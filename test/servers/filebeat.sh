#!/usr/bin/env bash
# Filebeat, built from its Go module, with a directory of its own.
#
#   install   builds it, some minutes the first time; needs go
#   start     waits until its output answers; needs FILEBEAT_CONFIG
#   status    prints pid; exit code 3 when it does not run
#   stop      ends it; what it noted of its files stays
#   restart   stop, then start
#   kill      SIGKILL: a crash
#   clean     stops it and deletes its data
#
# Environment: FILEBEAT_CONFIG (files that are used as they are, with colons between), what they name and that of lib.sh.
NAME=filebeat
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
VERSION=7.17.29
PROGRAM="$PROGRAMS_DIR/filebeat-$VERSION"

install() { build_module github.com/elastic/beats/v7 "$VERSION" ./filebeat; }

endpoint() { printf 'with %s' "${FILEBEAT_CONFIG:-its configuration}"; }
flags() {
  FLAGS=(--strict.perms=false --path.home "$HOME_DIR" --path.data "$HOME_DIR/data" --path.logs "$HOME_DIR")
  local file files
  IFS=: read -ra files <<<"${FILEBEAT_CONFIG:?}"
  for file in "${files[@]}"; do FLAGS+=(-c "$file"); done
}
ready() { "$PROGRAM" test output "${FLAGS[@]}"; }

start() {
  [ -x "$PROGRAM" ] || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  mkdir -p "$HOME_DIR"
  flags
  "$PROGRAM" test config "${FLAGS[@]}" >"$HOME_DIR/check.log" 2>&1 || { cat "$HOME_DIR/check.log" >&2; die "the configuration is wrong"; }
  launch "$NAME" "$PROGRAM" -e "${FLAGS[@]}"
  wait_ready "$NAME" ready
  status
}

act "$@"
