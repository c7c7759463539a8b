-- The audit trail: rows are appended, numbered without gaps from 1, and each carries the hash of its predecessor. Appending is
-- serialised by an advisory lock held to the end of the appender's transaction.

create table drmesh.audit (
  sequence bigint primary key check (sequence > 0),
  at timestamptz not null,
  -- One id for the rows of one operation: its intent, then its outcome.
  operation uuid not null,
  actor text not null,
  action text not null,
  target text not null,
  reason text not null,
  outcome text not null check (outcome in ('Intended', 'Done', 'Refused', 'Failed')),
  detail text not null,
  previous_hash bytea not null check (length(previous_hash) = 32),
  hash bytea not null check (length(hash) = 32)
);

create index audit_at on drmesh.audit (at);
create index audit_actor on drmesh.audit (actor, sequence);
create index audit_target on drmesh.audit (target, sequence);
create index audit_operation on drmesh.audit (operation);

create function drmesh.refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only: % is refused', tg_op
    using errcode = 'insufficient_privilege', hint = 'rows of drmesh.audit are never changed or removed';
end $$;

create trigger audit_append_only before update or delete or truncate on drmesh.audit
  for each statement execute function drmesh.refuse_audit_change();

-- Fires under session_replication_role = replica too, which ordinary triggers do not.
alter table drmesh.audit enable always trigger audit_append_only;
