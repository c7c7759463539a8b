#!/usr/bin/env bash
# Stops what up.sh started in DIR: each Patroni with its PostgreSQL, then the etcds. The data stays.
#   down.sh DIR
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=common.sh
. "$here/common.sh"
(($# == 1)) || fail "usage: down.sh DIR"
dir=$(realpath -m "$1")

# Asks a process to end and waits; one that does not is ended after two minutes.
stop() {
  local pid
  is_running "$1" || return 0
  pid=$(<"$1")
  kill -TERM "$pid" 2>/dev/null || return 0
  for ((i = 0; i < 600; i++)); do
    is_running "$1" || return 0
    sleep 0.2
  done
  kill -KILL "$pid" 2>/dev/null || true
}

for program in patroni etcd; do
  for file in "$dir"/*/"$program".pid; do
    [[ -e $file ]] || continue
    stop "$file" &
  done
  wait
done
# A Patroni that was killed left its PostgreSQL behind.
for file in "$dir"/*/data/postmaster.pid; do
  [[ -e $file ]] || continue
  pid=$(head -1 "$file")
  [[ $(readlink "/proc/$pid/cwd" 2>/dev/null) == "${file%/postmaster.pid}" ]] && kill -INT "$pid" 2>/dev/null || true
done
