-- The table of sessions as the supervisors, the list and the claim of a subject need it.

drop table drmesh.session;

create table drmesh.session (
  session_id text primary key,
  kind text not null,
  subject text not null,
  title text not null,
  status text not null,
  phase text not null,
  started_by text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  -- The silo that runs it, as its address; it changes with every start of a silo.
  silo text not null,
  -- By this server's clock only: the silos' clocks are never compared with each other. Null: whoever ran it let it go.
  heartbeat_at timestamptz default clock_timestamp()
) with (fillfactor = 70);

-- Two unfinished sessions of one kind never work on one subject.
create unique index session_subject on drmesh.session (kind, subject) where ended_at is null;
create index session_recent on drmesh.session (started_at desc);
