-- Orleans grain state (Microsoft.Orleans.Persistence.AdoNet). The two hashes narrow a search and are not unique, so every statement
-- compares the whole key; a missing extension string is a value of its own. A write names the version it read: an unchanged version
-- in the answer means another activation was first, and the provider throws.

create table public.OrleansStorage (
  GrainIdHash integer not null,
  GrainIdN0 bigint not null,
  GrainIdN1 bigint not null,
  GrainTypeHash integer not null,
  GrainTypeString varchar(512) not null,
  GrainIdExtensionString varchar(512),
  ServiceId varchar(150) not null,
  PayloadBinary bytea,
  ModifiedOn timestamptz(3) not null default clock_timestamp(),
  Version integer not null
) with (fillfactor = 80);

-- Of two activations that insert the same new key at once, this index lets one succeed.
create unique index OrleansStorageKey on public.OrleansStorage
  (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, ServiceId, GrainTypeString, GrainIdExtensionString) nulls not distinct;

insert into public.OrleansQuery (QueryKey, QueryText) values
('ReadFromStorageKey', $$
select PayloadBinary, ModifiedOn, Version
from public.OrleansStorage
where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
  and ServiceId = @ServiceId and GrainTypeString = @GrainTypeString
  and GrainIdExtensionString is not distinct from @GrainIdExtensionString
$$),
('WriteToStorageKey', $$
with updated as (
  update public.OrleansStorage set PayloadBinary = @PayloadBinary, ModifiedOn = clock_timestamp(), Version = Version + 1
  where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
    and ServiceId = @ServiceId and GrainTypeString = @GrainTypeString
    and GrainIdExtensionString is not distinct from @GrainIdExtensionString
    and Version = @GrainStateVersion
  returning Version),
inserted as (
  insert into public.OrleansStorage
    (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, Version)
  select @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, 1
  where @GrainStateVersion is null
  on conflict do nothing
  returning Version)
select coalesce((select Version from updated), (select Version from inserted), @GrainStateVersion) as NewGrainStateVersion
$$),
('ClearStorageKey', $$
with cleared as (
  update public.OrleansStorage set PayloadBinary = null, ModifiedOn = clock_timestamp(), Version = Version + 1
  where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
    and ServiceId = @ServiceId and GrainTypeString = @GrainTypeString
    and GrainIdExtensionString is not distinct from @GrainIdExtensionString
    and Version = @GrainStateVersion
  returning Version)
select coalesce((select Version from cleared), @GrainStateVersion) as NewGrainStateVersion
$$),
('DeleteStorageKey', $$
with deleted as (
  delete from public.OrleansStorage
  where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
    and ServiceId = @ServiceId and GrainTypeString = @GrainTypeString
    and GrainIdExtensionString is not distinct from @GrainIdExtensionString
    and Version = @GrainStateVersion
  returning Version)
select coalesce((select Version + 1 from deleted), @GrainStateVersion) as NewGrainStateVersion
$$);
