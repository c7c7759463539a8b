-- Orleans reminders (Microsoft.Orleans.Reminders.AdoNet). A silo reads the rows whose grain hash lies in its part of the ring.

create table public.OrleansRemindersTable (
  ServiceId varchar(150) not null,
  GrainId varchar(150) not null,
  ReminderName varchar(150) not null,
  StartTime timestamptz(3) not null,
  Period bigint not null,
  GrainHash integer not null,
  Version integer not null default 0,
  primary key (ServiceId, GrainId, ReminderName)
);

create index OrleansRemindersRing on public.OrleansRemindersTable (ServiceId, GrainHash);

insert into public.OrleansQuery (QueryKey, QueryText) values
('UpsertReminderRowKey', $$
insert into public.OrleansRemindersTable as r (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash)
values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
on conflict (ServiceId, GrainId, ReminderName) do update
set StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = r.Version + 1
returning Version as version
$$),
('ReadReminderRowsKey', $$
select GrainId, ReminderName, StartTime, Period, Version
from public.OrleansRemindersTable
where ServiceId = @ServiceId and GrainId = @GrainId
$$),
('ReadReminderRowKey', $$
select GrainId, ReminderName, StartTime, Period, Version
from public.OrleansRemindersTable
where ServiceId = @ServiceId and GrainId = @GrainId and ReminderName = @ReminderName
$$),
('ReadRangeRows1Key', $$
select GrainId, ReminderName, StartTime, Period, Version
from public.OrleansRemindersTable
where ServiceId = @ServiceId and GrainHash > @BeginHash and GrainHash <= @EndHash
$$),
-- The range that wraps around the end of the ring.
('ReadRangeRows2Key', $$
select GrainId, ReminderName, StartTime, Period, Version
from public.OrleansRemindersTable
where ServiceId = @ServiceId and (GrainHash > @BeginHash or GrainHash <= @EndHash)
$$),
('DeleteReminderRowKey', $$
with deleted as (
  delete from public.OrleansRemindersTable
  where ServiceId = @ServiceId and GrainId = @GrainId and ReminderName = @ReminderName and Version = @Version
  returning 1)
select count(*)::integer from deleted
$$),
('DeleteReminderRowsKey', $$
delete from public.OrleansRemindersTable where ServiceId = @ServiceId
$$);
