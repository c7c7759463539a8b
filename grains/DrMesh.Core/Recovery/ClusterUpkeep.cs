using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;

namespace DrMesh.Core.Recovery;

/// <summary>What the keeper of a cluster does next, by what is recorded and what is seen.</summary>
public static class ClusterUpkeep
{
    /// <summary>What a cluster nobody has taken on yet is found to be; null: no single member leads. Its primary's own setting says whom commits wait for.</summary>
    public static ClusterRecord? TakeOn(PostgreSqlCluster cluster, IReadOnlyDictionary<string, MemberStatus> members)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(members);
        var primaries = cluster.Members.Where(member => members.GetValueOrDefault(member.Name) is { Role: MemberRole.Primary, IsFenced: false }).ToArray();
        if (primaries is not [var primary] || members.Count != cluster.Members.Length)
        {
            return null;
        }

        var status = members[primary.Name];
        var set = AcknowledgingSetText.OfSetting(status.SynchronousStandbyNames) ?? AcknowledgingSet.Nobody;
        return ClusterRecord.Found(cluster.Name, primary.Name, set) with
        {
            Epoch = Math.Max(1, members.Values.Max(member => member.Epoch)),
            // Nobody knows since when the setting holds: until its standbys are seen to have everything, earlier commits may be on the primary alone.
            OpenSets = SetConfirmation.HasAll(set, status.Lsn, status.Followers) ? [set] : [AcknowledgingSet.Nobody, set],
        };
    }

    /// <summary>
    /// Whom commits are to wait for from here on; null: it is as it should be, or must be left alone. A standby counts while it streams from the primary; one that is gone leaves the set only
    /// when enough others stay, so that writes never go on with less than was asked for unless the policy says so.
    /// </summary>
    public static AcknowledgingSet? NextSet(PostgreSqlCluster cluster, ClusterRecord record, MemberStatus primary)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(primary);
        if (record.Session is not null || record.Candidate is not null || primary.Role != MemberRole.Primary || primary.IsFenced)
        {
            return null;
        }

        var move = new ClusterMove
        {
            Cluster = cluster.Name,
            OldPrimary = record.Primary,
            Standbys = [.. cluster.Members.Select(member => member.Name).Where(name => name != record.Primary)],
            Promotable = [],
            OpenSets = record.OpenSets,
            Nodes = cluster.NodesOfMembers(),
            Durability = record.Durability ?? cluster.Durability,
        };
        var known = move.Standbys.ToHashSet(StringComparer.Ordinal);
        var wanted = SurvivingSet.Of(move, record.Primary, primary.Followers.Select(follower => follower.Name).Where(known.Contains)).Set;
        return record.OpenSets is [var only] && only == wanted && AcknowledgingSetText.OfSetting(primary.SynchronousStandbyNames) == wanted ? null : wanted;
    }
}
