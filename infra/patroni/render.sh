#!/usr/bin/env bash
# Writes the configuration of one member of the control store.
#   render.sh DIR NAME NAME=ADDRESS NAME=ADDRESS NAME=ADDRESS
# DIR/secrets is made if it is missing. Members on several machines share one: copy it to each before the first start. With DIR/tls/server.crt
# and server.key, PostgreSQL takes TLS connections only. etcd and Patroni's API speak in the clear: they belong into a private network.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=common.sh
. "$here/common.sh"
(($# == 5)) || fail "usage: render.sh DIR NAME NAME=ADDRESS NAME=ADDRESS NAME=ADDRESS"
dir=$1 name=$2
shift 2

address= etcd_cluster= etcd_hosts=
for member in "$@"; do
  [[ $member == ?*=?* ]] || fail "\"$member\" is not NAME=ADDRESS"
  etcd_cluster+="${etcd_cluster:+,}${member%%=*}=http://${member#*=}:2380"
  if [[ ${member%%=*} == "$name" ]]; then address=${member#*=}; else etcd_hosts+=",${member#*=}:2379"; fi
done
[[ -n $address ]] || fail "$name is not among the members $*"
etcd_hosts=$address:2379$etcd_hosts

bin=${DRMESH_PG_BIN:-$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)}
[[ -x $bin/postgres ]] || fail "no PostgreSQL server is installed; apt-get install postgresql-15"

if [[ ! -e $dir/secrets ]]; then
  as_server bash -c 'umask 077; for name in SUPERUSER REPLICATION REWIND RESTAPI DRMESH; do
    printf "%s_PASSWORD=%s\n" "$name" "$(od -An -N32 -tx1 /dev/urandom | tr -d " \n")"; done >"$1"' _ "$dir/secrets"
fi
declare -A value=(
  [NAME]=$name [ADDRESS]=$address [DIR]=$dir [HOME]=$dir/$name [BIN]=$bin [SCRIPTS]=$here
  [ETCD_CLUSTER]=$etcd_cluster [ETCD_HOSTS]=$etcd_hosts [SSL]=off [HOST]=host)
if [[ -e $dir/tls/server.crt ]]; then value[SSL]=on value[HOST]=hostssl; fi
while IFS='=' read -r key secret; do value[$key]=$secret; done < <(as_server cat "$dir/secrets")

as_server mkdir -p -m 700 "$dir/$name"
for file in etcd.yml patroni.yml; do
  text=$(<"$here/$file.in")
  for key in "${!value[@]}"; do text=${text//"@$key@"/${value[$key]}}; done
  as_server bash -c 'umask 077; cat >"$1"' _ "$dir/$name/$file" <<<"$text"
done
