-- What the mesh knows of each database cluster: its epoch, its primary, and whom commits may wait for. A row changes by compare-and-set on its version only.

create table if not exists drmesh.cluster (
  cluster text primary key,
  version bigint not null,
  epoch bigint not null,
  record jsonb not null,
  changed_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
