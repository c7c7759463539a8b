namespace DrMesh.Core.Backups.MongoDb;

/// <summary>From where a replica set may be backed up.</summary>
public sealed record MongoSourcePolicy
{
    /// <summary>How far a secondary may be behind.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the primary may be used when no secondary is fit.</summary>
    public bool AllowPrimary { get; init; } = true;
}

/// <summary>Which member a backup is read from, and why not from the others.</summary>
/// <param name="Member">The member; null when none is fit.</param>
/// <param name="Unfit">Each member that was passed over as unfit, with the reason.</param>
public sealed record MongoSourceChoice(MongoMember? Member, IReadOnlyList<(string Host, string Reason)> Unfit)
{
    /// <summary>A healthy secondary: the lowest priority first, then the least lag; the primary as the last resort.</summary>
    public static MongoSourceChoice Choose(IReadOnlyList<MongoMember> members, MongoSourcePolicy policy)
    {
        var reasons = members.Select(member => (Member: member, Reason: WhyUnfit(member, policy))).ToList();
        var chosen = reasons
            .Where(row => row.Reason is null)
            .Select(row => row.Member)
            .OrderBy(member => member.State == MongoMemberState.Primary)
            .ThenBy(member => member.Priority)
            .ThenBy(member => member.Lag)
            // Names decide between equals, so that two silos that see the same choose the same.
            .ThenBy(member => member.Host, StringComparer.Ordinal)
            .FirstOrDefault();
        return new MongoSourceChoice(chosen, reasons.Where(row => row.Reason is not null).Select(row => (row.Member.Host, row.Reason!)).ToList());
    }

    private static string? WhyUnfit(MongoMember member, MongoSourcePolicy policy)
    {
        if (!member.IsReachable)
        {
            return "it does not answer";
        }

        return member.State switch
        {
            MongoMemberState.Primary => policy.AllowPrimary ? null : "it is the primary, and the policy does not allow that",
            MongoMemberState.Secondary when member.Delay > TimeSpan.Zero => $"it stays {member.Delay.TotalSeconds:0} s behind on purpose",
            MongoMemberState.Secondary when member.Lag > policy.MaxLag => $"it is {member.Lag.TotalSeconds:0} s behind, the limit is {policy.MaxLag.TotalSeconds:0} s",
            MongoMemberState.Secondary => null,
            MongoMemberState.Arbiter => "it is an arbiter and holds no data",
            _ => $"its state is {member.State}",
        };
    }
}
