# What the scripts of the test servers share. Source it with NAME set, define install, start and endpoint, and end with
# `act "$@"`; do not run it.
#
# Environment of every script:
#   DATA_DIR        data, logs and pid files      (default: ${XDG_CACHE_HOME:-$HOME/.cache}/create-service/servers)
#   PROGRAMS_DIR    programs that no package has   (default: ${XDG_CACHE_HOME:-$HOME/.cache}/create-service/programs)
#   READY_TIMEOUT   seconds until a server must be ready               (default: 60)
#   STOP_TIMEOUT    seconds until a server that does not stop is killed (default: 20)
#
# Give each run its own DATA_DIR: several then live side by side. Every server listens on 127.0.0.1 only.
set -euo pipefail

DATA_DIR="${DATA_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/create-service/servers}"
PROGRAMS_DIR="${PROGRAMS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/create-service/programs}"
READY_TIMEOUT="${READY_TIMEOUT:-60}"
STOP_TIMEOUT="${STOP_TIMEOUT:-20}"
HOST=127.0.0.1
mkdir -p "$DATA_DIR"
DATA_DIR="$(cd "$DATA_DIR" && pwd)"
HOME_DIR="$DATA_DIR/$NAME"
SCRIPTS="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# apt_install PACKAGE...: nothing happens when all are there. The packages' own services are not started.
apt_install() {
  local missing=() package sudo=()
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || die "install as root: ${missing[*]}"
    sudo=(sudo -n)
  fi
  local get=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=300)
  "${get[@]}" update >"$DATA_DIR/apt.log" 2>&1 || true
  "${get[@]}" install -y --no-install-recommends "${missing[@]}" >>"$DATA_DIR/apt.log" 2>&1 ||
    { tail -20 "$DATA_DIR/apt.log" >&2; die "cannot install ${missing[*]}"; }
}

# build_module MODULE VERSION PACKAGE: builds PROGRAM, once, inside the module's own folder of the module cache, where nothing is
# written: the replacements of its go.mod count only there.
build_module() {
  have go || die "$NAME needs go"
  [ ! -x "$PROGRAM" ] || return 0
  mkdir -p "$PROGRAMS_DIR" "$HOME_DIR"
  local source
  source="$(cd "$HOME_DIR" && GOWORK=off GOFLAGS=-mod=mod go mod download -json "$1@v$2" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')"
  [ -d "$source" ] || die "the module $1 is not to be had in version $2"
  (cd "$source" && GOWORK=off GOFLAGS=-mod=readonly CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$PROGRAM.$$" "$3") >&2
  mv "$PROGRAM.$$" "$PROGRAM"
}

# started_at PID: the process's start time, field 22 of /proc/PID/stat. Kept beside the pid, so that a pid that was
# given to another process since is never taken for the server, and never signalled.
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
state_of() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f1; }

# pid_of NAME: prints the pid of the server while it lives, else fails.
pid_of() {
  local pid start
  [ -s "$DATA_DIR/$1.pid" ] || return 1
  read -r pid start <"$DATA_DIR/$1.pid"
  [ -r "/proc/$pid/stat" ] && [ "$(started_at "$pid")" = "$start" ] && [ "$(state_of "$pid")" != Z ] || return 1
  printf '%s\n' "$pid"
}

port_is_open() { (exec 3<>"/dev/tcp/$HOST/$1") >/dev/null 2>&1; }

# free_port: a port that nothing listens on, below the range that the kernel gives to clients.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 12000))
    port_is_open "$port" || { printf '%s\n' "$port"; return; }
  done
  die "no free port found"
}

# remember FILE COMMAND...: the content of FILE in the server's directory, which COMMAND makes on first use.
remember() {
  local file="$HOME_DIR/$1"
  shift
  [ -s "$file" ] || (umask 077 && mkdir -p "$HOME_DIR" && "$@" >"$file")
  cat "$file"
}

# own_port FILE [PORT]: PORT or a free one; the same until clean, so also after a restart.
own_port() { remember "$1" printf '%s\n' "${2:-$(free_port)}"; }

# launch NAME COMMAND...: in a session of its own, with its output in NAME.log and none of the caller's descriptors.
launch() {
  local name=$1 pid
  shift
  setsid "$@" </dev/null >>"$DATA_DIR/$name.log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$DATA_DIR/$name.pid"
  disown "$pid"
}

# wait_ready NAME CHECK...: until CHECK succeeds. Fails at once when the server ends.
wait_ready() {
  local name=$1 end=$((SECONDS + READY_TIMEOUT))
  shift
  until "$@" >/dev/null 2>&1; do
    pid_of "$name" >/dev/null || { tail -20 "$DATA_DIR/$name.log" >&2; die "$name ended while it started"; }
    [ $SECONDS -lt $end ] || { tail -20 "$DATA_DIR/$name.log" >&2; die "$name was not ready after $READY_TIMEOUT s"; }
    sleep 0.1
  done
}

# stop_server NAME: SIGTERM, and SIGKILL when that does not help.
stop_server() {
  local pid
  if pid="$(pid_of "$1")"; then
    kill -CONT "$pid"
    kill -TERM "$pid"
    for ((i = 0; i < STOP_TIMEOUT * 10; i++)); do
      pid_of "$1" >/dev/null || break
      sleep 0.1
    done
    if pid_of "$1" >/dev/null; then
      say "$1 did not stop in $STOP_TIMEOUT s"
      kill_server "$1"
    fi
  fi
  rm -f "$DATA_DIR/$1.pid"
}

# kill_server NAME: SIGKILL, as a crash.
kill_server() {
  signal_server KILL "$1"
  while pid_of "$1" >/dev/null; do sleep 0.05; done
  rm -f "$DATA_DIR/$1.pid"
}

# signal_server SIGNAL NAME
signal_server() {
  local pid
  pid="$(pid_of "$2")" || die "$2 is not running"
  kill "-$1" "$pid"
}

# status: prints pid and endpoint; exit code 3 when the server does not run.
status() {
  local pid
  pid="$(pid_of "$NAME")" || { say "$NAME is not running"; return 3; }
  say "$NAME runs: pid $pid, $(endpoint)"
}

# need_running: fails when the server does not run.
need_running() { pid_of "$NAME" >/dev/null || die "$NAME is not running"; }

# clean: deletes what the server left.
clean() { rm -rf "$HOME_DIR" "$DATA_DIR/$NAME.log"; }

# act ACTION: what every script can do. A script handles actions of its own before.
act() {
  case "${1:-}" in
    install | start | status) "$1" ;;
    restart) stop_server "$NAME"; start ;;
    stop) stop_server "$NAME" ;;
    kill) kill_server "$NAME" ;;
    freeze) signal_server STOP "$NAME" ;;
    thaw) signal_server CONT "$NAME" ;;
    clean) stop_server "$NAME"; clean ;;
    *) sed -n 's/^#   \([a-z-]*  *[a-zA-Z].*\)/  \1/p' "$0" >&2; exit 64 ;;
  esac
}
