using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery.Simulation;

/// <summary>What the mesh does for the cluster between sessions, by the real rules: gives it back after a session, changes its acknowledging set, brings members back.</summary>
internal sealed class SimKeeper(
    Random random, SimCluster cluster, Func<AcknowledgingSet, ClusterRecord, ClusterRecord>? change = null, Func<AcknowledgingSet, MemberStatus, bool>? isConfirmed = null)
{
    private readonly Func<AcknowledgingSet, MemberStatus, bool> _isConfirmed = isConfirmed ?? ((set, primary) => SetConfirmation.HasAll(set, primary.Lsn, primary.Followers));
    private readonly Func<AcknowledgingSet, ClusterRecord, ClusterRecord> _change = change ?? ((set, record) => record.Change(set));

    /// <summary>Looks once.</summary>
    /// <param name="sessionHasEnded">Whether the session that holds the cluster, if any, has ended.</param>
    public void Look(bool sessionHasEnded)
    {
        var record = cluster.Record;
        if (!cluster.StoreIsUp || (record.Session is not null && !sessionHasEnded))
        {
            return;
        }

        if (record.Session is not null)
        {
            cluster.TryStore(record.Release());
            return;
        }

        var primary = cluster[record.Primary];
        if (!cluster.SessionReaches(primary))
        {
            return;
        }

        KeepSet(record, primary);
        KeepMembers(cluster.Record, primary);
    }

    private void KeepSet(ClusterRecord record, SimMember primary)
    {
        if (ClusterUpkeep.NextSet(cluster.Declared, record, Status(primary)) is not { } wanted)
        {
            return;
        }

        var opened = _change(wanted, record);
        if (opened != record && !cluster.TryStore(opened))
        {
            return;
        }

        if (random.Next(4) == 0)
        {
            cluster.Late.Add(() => cluster.SetAcknowledging(primary, opened.Epoch, wanted));
        }
        else if (cluster.SetAcknowledging(primary, opened.Epoch, wanted) && random.Next(4) > 0 && _isConfirmed(wanted, Status(primary)))
        {
            cluster.TryStore(opened.Close(primary.Name, wanted));
        }
    }

    private void KeepMembers(ClusterRecord record, SimMember primary)
    {
        if (!primary.IsPrimary || primary.IsFenced)
        {
            return;
        }

        foreach (var member in cluster.Members.Where(cluster.SessionReaches))
        {
            var declared = cluster.Declared.Members.Single(known => known.Name == record.Primary);
            if (MemberUpkeep.RejoinReason(record, declared, primary.Name, member.Name, Status(member)) is not null
                && (!member.IsPrimary || cluster.Fence(member, record.Epoch)))
            {
                cluster.Repoint(member, primary, record.Epoch);
            }
        }
    }

    private MemberStatus Status(SimMember member) => new()
    {
        Role = member.IsFenced ? MemberRole.Stopped : member.IsPrimary ? MemberRole.Primary : MemberRole.Standby,
        Epoch = member.Epoch,
        IsFenced = member.IsFenced,
        Upstream = member.Follows is { } upstream ? $"{upstream}:5432" : null,
        Lsn = new Lsn((ulong)member.Log.Count),
        SynchronousStandbyNames = member.Set.ToString(),
        Followers =
        [
            .. cluster.Members
                .Where(follower => follower.IsAlive && follower.Follows == member.Name && cluster.Reaches(follower.Name, member.Name))
                .Select(follower => new FollowerStatus { Name = follower.Name, Flushed = new Lsn((ulong)(follower.Log.TakeWhile((write, index) => index < member.Log.Count && member.Log[index] == write).Count())), Replayed = default, SyncState = "quorum" }),
        ],
    };
}
