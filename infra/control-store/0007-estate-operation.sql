-- The operation that applied a version. A call whose answer was lost is repeated under the same id and finds what it did.

alter table drmesh.estate_version add column if not exists operation uuid not null default gen_random_uuid();
alter table drmesh.estate_version alter column operation drop default;

create unique index if not exists estate_version_operation on drmesh.estate_version (operation);
