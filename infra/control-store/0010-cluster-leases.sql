-- The leases of clusters whose commits wait for nobody: who may write, and whose promises a promotion needs. A row is renewed only while the row of drmesh.cluster is at a known version; its
-- times are counted by the holder's monotonic clock, renewed_at is for people.

create table if not exists drmesh.cluster_lease (
  cluster text primary key,
  epoch bigint not null,
  holder text not null,
  voters text[] not null,
  length interval not null,
  renewed_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
