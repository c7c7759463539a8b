-- Every estate that was ever applied, as the document that was applied. The current one is the one with the highest version: going
-- back to an earlier estate applies it again as a new version. Two appliers of the same next version meet in the primary key.

create table drmesh.estate_version (
  version bigint primary key check (version > 0),
  -- json, not jsonb: the text is kept byte for byte, so that the hash can be checked against it.
  document json not null,
  sha256 bytea not null check (length(sha256) = 32),
  applied_by text not null,
  reason text not null default '',
  applied_at timestamptz not null default clock_timestamp()
);

create view drmesh.estate_current as
  select version, document, sha256, applied_by, reason, applied_at from drmesh.estate_version order by version desc limit 1;

-- What the supervisors of all silos look through: one row a durable session, so that one whose silo died is woken again.
-- The session's state itself is grain state; this row says only that it exists, how far it is and when it was last seen alive.
create table drmesh.session (
  session_id text primary key,
  kind text not null,
  -- The key of the grain that runs the session.
  key text not null,
  phase text not null,
  finished boolean not null default false,
  owner_silo text not null,
  started_at timestamptz not null default clock_timestamp(),
  -- Set from this server's clock only: the silos' clocks are never compared with each other.
  heartbeat_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  check (finished = (finished_at is not null))
) with (fillfactor = 70);

create index session_unfinished on drmesh.session (heartbeat_at) where not finished;
create index session_recent on drmesh.session (started_at desc);
