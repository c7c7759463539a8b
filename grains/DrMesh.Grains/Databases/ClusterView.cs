using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Recovery;

namespace DrMesh.Grains.Databases;

/// <summary>Puts a cluster's status together from what this silo last saw.</summary>
internal static class ClusterView
{
    /// <summary>The status.</summary>
    public static ClusterStatus Of(EstateDocument estate, PostgreSqlCluster cluster, MemberBoard board, TimeProvider time)
    {
        var record = board.Record(cluster.Name);
        var sight = record is null ? null : board.Member(cluster.Name, record.Primary);
        var primary = sight?.Status;
        var acknowledging = record?.OpenSets.SelectMany(set => set.Members).ToHashSet(StringComparer.Ordinal) ?? [];
        ImmutableArray<MemberView> members = [.. cluster.Members.Select(member =>
        {
            var seen = board.Member(cluster.Name, member.Name);
            var follower = primary?.Followers.FirstOrDefault(known => known.Name == member.Name);
            return new MemberView
            {
                Name = member.Name,
                Node = member.Node,
                Status = seen?.Status,
                Age = seen?.At is { } at ? time.GetElapsedTime(at) : null,
                Problem = seen?.Problem,
                LagBytes = follower is null || primary is null ? null : Math.Max(0, primary.Lsn - follower.Flushed),
                Lag = follower?.Lag,
                IsAcknowledging = acknowledging.Contains(member.Name),
            };
        })];
        var durability = record?.Durability ?? cluster.Durability;
        // Where commits wait for nobody, one that is not seen may have written on since.
        var best = sight is { Problem: null } ? members.Where(member => member.LagBytes is not null).MinBy(member => member.LagBytes) : null;
        var waits = record is not null && record.OpenSets.All(set => set.Needed > 0);
        return new ClusterStatus
        {
            Cluster = cluster.Name,
            At = time.GetUtcNow(),
            Epoch = record?.Epoch ?? 0,
            Primary = record?.Primary,
            PrimaryRegion = cluster.Members.FirstOrDefault(member => member.Name == record?.Primary)?.Node.Region,
            Session = record?.Session,
            Durability = durability,
            Acknowledging = [.. record?.OpenSets.Select(set => set.ToString()) ?? []],
            Members = members,
            RpoNow = waits ? TimeSpan.Zero : best is null ? null : best.Lag ?? TimeSpan.Zero,
            LossNowBytes = waits ? 0 : best?.LagBytes,
            Findings = ClusterFindings.Of(estate, cluster, record, members),
        };
    }
}
