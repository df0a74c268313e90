#!/usr/bin/env bash
# A MariaDB server with a data directory of its own.
#
#   install   the distribution's package; needs root, once
#   start     initialises on first use, waits until it answers
#   dsn       prints how Go reaches it as root: the value for TEST_MYSQL_DSN
#   status    prints pid and port; exit code 3 when it does not run
#   stop      ends it; the data stays
#   restart   stop, then start, on the same port
#   kill      SIGKILL: a crash
#   freeze    SIGSTOP: connections open, and nothing answers
#   thaw      ends a freeze
#   clean     stops it and deletes its data
#
# Environment: MYSQL_PORT (default: a free one, kept until clean), MYSQL_SETTINGS (more lines for the server's
# configuration) and that of lib.sh.
NAME=mariadb
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
PATH="$PATH:/usr/sbin:/sbin"
# The path of a socket may have 107 bytes.
SOCKET="${TMPDIR:-/tmp}/create-service-$(printf %s "$HOME_DIR" | cksum | cut -d' ' -f1).sock"

install() { have mariadbd || apt_install mariadb-server mariadb-client; }

random_password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
port() { own_port port "${MYSQL_PORT:-}"; }
endpoint() { printf '%s:%s' "$HOST" "$(port)"; }
password() { remember password random_password; }

initialise() {
  [ ! -f "$HOME_DIR/initialised" ] || return 0
  rm -rf "$HOME_DIR/data"
  TMPDIR="$HOME_DIR/tmp" mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$HOME_DIR/data" --skip-test-db --skip-name-resolve \
    --auth-root-authentication-method=normal >>"$DATA_DIR/$NAME.log" 2>&1 ||
    { tail -20 "$DATA_DIR/$NAME.log" >&2; die "mariadb-install-db failed"; }
  touch "$HOME_DIR/initialised"
}

configure() {
  cat >"$HOME_DIR/my.cnf" <<CNF
[mariadbd]
user=$(id -un)
datadir=$HOME_DIR/data
# A server that starts deletes the temporary tables that it finds, whoever made them.
tmpdir=$HOME_DIR/tmp
socket=$SOCKET
pid-file=$HOME_DIR/server.pid
bind-address=$HOST
port=$(port)
skip-name-resolve
skip-log-bin
performance-schema=OFF
character-set-server=utf8mb4
collation-server=utf8mb4_unicode_ci
max-allowed-packet=64M
max-connections=300
innodb-buffer-pool-size=64M
innodb-log-file-size=32M
${MYSQL_SETTINGS:-}
CNF
  (umask 077 && cat >"$HOME_DIR/init.sql") <<SQL
ALTER USER 'root'@'localhost' IDENTIFIED BY '$(password)';
CREATE USER IF NOT EXISTS 'root'@'$HOST';
ALTER USER 'root'@'$HOST' IDENTIFIED BY '$(password)';
GRANT ALL ON *.* TO 'root'@'$HOST' WITH GRANT OPTION;
SQL
}

answers() { MYSQL_PWD="$(password)" mariadb --no-defaults -h "$HOST" -P "$(port)" -u root -e 'SELECT 1'; }

start() {
  have mariadbd || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  mkdir -p "$HOME_DIR/tmp"
  ! port_is_open "$(port)" || die "port $(port) is in use"
  initialise
  configure
  launch "$NAME" "$(command -v mariadbd)" --defaults-file="$HOME_DIR/my.cnf" --init-file="$HOME_DIR/init.sql"
  wait_ready "$NAME" answers
  status
}

clean() { rm -rf "$HOME_DIR" "$DATA_DIR/$NAME.log" "$SOCKET"; }

case "${1:-}" in
  dsn) need_running; printf 'root:%s@tcp(%s:%s)/\n' "$(password)" "$HOST" "$(port)" ;;
  *) act "$@" ;;
esac
