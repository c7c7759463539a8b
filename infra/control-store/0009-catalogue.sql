-- The catalogue: one row a committed backup, as its manifest's head tells, so that backups are found without reading every repository. The repositories are the truth; "drmesh catalogue
-- rebuild" writes these rows anew from them.

create table if not exists drmesh.backup (
  -- What was backed up: a cluster's, replica set's, file tree's or application's name.
  source text not null,
  backup text not null,
  engine text not null,
  parent text,
  started_at timestamptz not null,
  completed_at timestamptz not null,
  logical_bytes bigint not null,
  stored_bytes bigint not null,
  file_count bigint not null,
  -- Objects of text values.
  labels jsonb not null,
  facts jsonb not null,
  warnings text[] not null,
  -- The repositories that hold it, the preferred first.
  tiers text[] not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (source, backup)
);

create index if not exists backup_recent on drmesh.backup (source, completed_at desc);
create index if not exists backup_labels on drmesh.backup using gin (labels);
