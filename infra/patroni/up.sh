#!/usr/bin/env bash
# Starts the control store on this machine as three members, each etcd and Patroni with PostgreSQL: what runs in three regions in production,
# each region with the files that render.sh writes. Members that run already are left alone.
#   up.sh DIR [NAME=ADDRESS NAME=ADDRESS NAME=ADDRESS]
# The last line it prints is the connection string for DRMESH_STORE; the password is in the file the string names.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=common.sh
. "$here/common.sh"
(($# == 1 || $# == 4)) || fail "usage: up.sh DIR [NAME=ADDRESS NAME=ADDRESS NAME=ADDRESS]"
dir=$(realpath -m "$1")
shift
(($#)) || set -- us-east-1=127.0.10.1 eu-west-1=127.0.10.2 ap-southeast-1=127.0.10.3
for program in etcd patroni; do
  command -v "$program" >/dev/null || fail "$program is not installed; apt-get install patroni etcd-server python3-etcd"
done

mkdir -p "$dir"
[[ $EUID -ne 0 ]] || chown "$server_user:" "$dir"

# Starts a program of a member in the background, with its output in a log file beside its configuration.
start() {
  local member=$1 program=$2
  is_running "$dir/$member/$program.pid" && return
  as_server bash -c 'cd / && umask 077 && { exec setsid "${@:2}" >>"$1.log" 2>&1 </dev/null & echo $! >"$1.pid"; }' _ "$dir/$member/$program" "$program" "${@:3}"
}

hosts=
for member in "$@"; do
  name=${member%%=*}
  "$here/render.sh" "$dir" "$name" "$@"
  start "$name" etcd --config-file "$dir/$name/etcd.yml"
  start "$name" patroni "$dir/$name/patroni.yml"
  hosts+="${hosts:+,}${member#*=}:5432"
done

# Whoever calls this connects; the servers' user needs no part of it.
(umask 077 && printf '*:*:*:drmesh:%s\n' "$(sed -n 's/^DRMESH_PASSWORD=//p' "$dir/secrets")" >"$dir/pgpass")
echo "Host=$hosts;Database=drmesh;Username=drmesh;Passfile=$dir/pgpass"
