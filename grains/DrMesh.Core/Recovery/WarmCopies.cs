using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Recovery;

/// <summary>Which copies of <c>warm_standby</c> are to be brought up to the archive.</summary>
public static class WarmCopies
{
    /// <summary>How much time passes from one look at the archive to the next.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a member's copy is due: it is kept by the strategy, its agent answers, it follows nobody, no person shut it down, and the last time is long enough ago.</summary>
    /// <param name="strategy">The strategy that holds.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="record">Its record; a session that holds the cluster brings its copies up itself.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="status">What its agent says; null: nothing.</param>
    /// <param name="sinceLast">Since it last began; null: it never did.</param>
    public static bool IsDue(FailoverStrategy strategy, PostgreSqlCluster cluster, ClusterRecord record, string member, MemberStatus? status, TimeSpan? sinceLast)
    {
        ArgumentNullException.ThrowIfNull(record);
        return strategy == FailoverStrategy.WarmStandby && record.Session is null && record.Candidate is null && SiteStrategy.Keeps(strategy, cluster, record, member)
            && status is { Role: MemberRole.Stopped, IsShutDown: false } or { Role: MemberRole.Standby, Upstream: null }
            && (sinceLast is not { } since || since >= Period);
    }
}
