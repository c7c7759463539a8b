#!/usr/bin/env bash
# Patroni calls this once, on the first leader: it makes DrMesh's role and database, and the role pg_rewind works as.
#   post-bootstrap.sh SECRETS CONNECTION-STRING
set -euo pipefail
secret() { sed -n "s/^$1_PASSWORD=//p" "$secrets"; }
secrets=$1
# The statements come by standard input: a command line could be read by every user of the machine.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$2" <<SQL
set log_statement = 'none';
create role drmesh login password '$(secret DRMESH)';
create database drmesh owner drmesh;
do \$\$ begin
  if not exists (select from pg_roles where rolname = 'rewinder') then
    create role rewinder login;
  end if;
end \$\$;
alter role rewinder password '$(secret REWIND)';
grant execute on function pg_catalog.pg_ls_dir(text, boolean, boolean) to rewinder;
grant execute on function pg_catalog.pg_stat_file(text, boolean) to rewinder;
grant execute on function pg_catalog.pg_read_binary_file(text) to rewinder;
grant execute on function pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) to rewinder;
SQL
