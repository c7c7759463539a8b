-- Orleans membership (Microsoft.Orleans.Clustering.AdoNet). The provider reads its statements from OrleansQuery at start and
-- binds parameters and reads columns by name. A cluster's version row is the lock of its membership: whoever inserts or updates a
-- silo holds that row, finds the version it expected, changes the silo and raises the version, or does none of it.
--
-- The provider names OrleansQuery without a schema, so Orleans' tables are in public, and are named so everywhere: a role that has a
-- schema of its own name would else find, or make, another set of them.

create table public.OrleansQuery (
  QueryKey varchar(64) primary key,
  QueryText varchar(8000) not null
);

create table public.OrleansMembershipVersionTable (
  DeploymentId varchar(150) primary key,
  Timestamp timestamptz(3) not null default clock_timestamp(),
  Version integer not null default 0
) with (fillfactor = 50);

create table public.OrleansMembershipTable (
  DeploymentId varchar(150) not null references public.OrleansMembershipVersionTable (DeploymentId),
  Address varchar(45) not null,
  Port integer not null,
  Generation integer not null,
  SiloName varchar(150) not null,
  HostName varchar(150) not null,
  Status integer not null,
  ProxyPort integer,
  SuspectTimes varchar(8000),
  StartTime timestamptz(3) not null,
  IAmAliveTime timestamptz(3) not null,
  primary key (DeploymentId, Address, Port, Generation)
) with (fillfactor = 50);

create function drmesh.insert_membership(
  deployment varchar, silo_address varchar, silo_port integer, silo_generation integer, silo_name varchar, host_name varchar,
  silo_status integer, proxy_port integer, start_time timestamptz, alive_time timestamptz, expected_version integer)
returns integer language plpgsql as $$
begin
  perform from public.OrleansMembershipVersionTable where DeploymentId = deployment and Version = expected_version for update;
  if not found then
    return 0;
  end if;
  insert into public.OrleansMembershipTable
    (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
  values
    (deployment, silo_address, silo_port, silo_generation, silo_name, host_name, silo_status, proxy_port, start_time, alive_time)
  on conflict do nothing;
  if not found then
    return 0;
  end if;
  update public.OrleansMembershipVersionTable set Timestamp = clock_timestamp(), Version = Version + 1 where DeploymentId = deployment;
  return 1;
end $$;

create function drmesh.update_membership(
  deployment varchar, silo_address varchar, silo_port integer, silo_generation integer,
  silo_status integer, suspect_times varchar, alive_time timestamptz, expected_version integer)
returns integer language plpgsql as $$
begin
  perform from public.OrleansMembershipVersionTable where DeploymentId = deployment and Version = expected_version for update;
  if not found then
    return 0;
  end if;
  update public.OrleansMembershipTable set Status = silo_status, SuspectTimes = suspect_times, IAmAliveTime = alive_time
  where DeploymentId = deployment and Address = silo_address and Port = silo_port and Generation = silo_generation;
  if not found then
    return 0;
  end if;
  update public.OrleansMembershipVersionTable set Timestamp = clock_timestamp(), Version = Version + 1 where DeploymentId = deployment;
  return 1;
end $$;

insert into public.OrleansQuery (QueryKey, QueryText) values
('GatewaysQueryKey', $$
select Address, ProxyPort, Generation
from public.OrleansMembershipTable
where DeploymentId = @DeploymentId and Status = @Status and ProxyPort > 0
$$),
-- The version row comes even when no silo matches: that is how a silo learns the version before it joins.
('MembershipReadRowKey', $$
select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
  m.StartTime, m.IAmAliveTime, v.Version
from public.OrleansMembershipVersionTable v
left join public.OrleansMembershipTable m
  on m.DeploymentId = v.DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
where v.DeploymentId = @DeploymentId
$$),
('MembershipReadAllKey', $$
select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
  m.StartTime, m.IAmAliveTime, v.Version
from public.OrleansMembershipVersionTable v
left join public.OrleansMembershipTable m on m.DeploymentId = v.DeploymentId
where v.DeploymentId = @DeploymentId
$$),
('InsertMembershipVersionKey', $$
with inserted as (
  insert into public.OrleansMembershipVersionTable (DeploymentId) values (@DeploymentId) on conflict do nothing returning 1)
select count(*)::integer from inserted
$$),
('InsertMembershipKey', $$
select drmesh.insert_membership(@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
  @StartTime, @IAmAliveTime, @Version)
$$),
('UpdateMembershipKey', $$
select drmesh.update_membership(@DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime, @Version)
$$),
('UpdateIAmAlivetimeKey', $$
update public.OrleansMembershipTable set IAmAliveTime = @IAmAliveTime
where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation
$$),
('DeleteMembershipTableEntriesKey', $$
with silos as (delete from public.OrleansMembershipTable where DeploymentId = @DeploymentId)
delete from public.OrleansMembershipVersionTable where DeploymentId = @DeploymentId
$$),
-- 3 is Active: a silo that is said to live is never cleaned away, however old its sign of life.
('CleanupDefunctSiloEntriesKey', $$
delete from public.OrleansMembershipTable
where DeploymentId = @DeploymentId and IAmAliveTime < @IAmAliveTime and Status <> 3
$$);
