using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;

namespace DrMesh.Core.Recovery;

/// <summary>From what a cluster's other site comes up, as the repository was when the plan was made.</summary>
public sealed record SiteSource
{
    /// <summary>The member that is brought up.</summary>
    public required string Member { get; init; }

    /// <summary>The base backup, where one must be restored.</summary>
    public required string Backup { get; init; }

    /// <summary>The fastest tier that holds it.</summary>
    public required string Tier { get; init; }

    /// <summary>Whether the member has a copy already, so that only the rest of the archive is replayed.</summary>
    public required bool HasCopy { get; init; }

    /// <summary>The end of the archive.</summary>
    public required Lsn ArchivedTo { get; init; }

    /// <summary>The moment that belongs to it, by the old primary's clock; null: unknown.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>How long it takes by what earlier restores reached; null: none tells.</summary>
    public TimeSpan? Estimate { get; init; }

    /// <summary>From a plan to restore the newest the repository has.</summary>
    /// <param name="member">The member.</param>
    /// <param name="latest">The plan; it must not be refused.</param>
    /// <param name="copy">What the member's agent says of it; null: it does not answer.</param>
    public static SiteSource Of(string member, PitrPlan latest, MemberStatus? copy)
    {
        ArgumentNullException.ThrowIfNull(latest);
        var replay = latest.Steps.FirstOrDefault(step => step.Name == "ReplayLog")?.Estimate;
        var end = Lsn.Parse(latest.LogTo);
        return new SiteSource
        {
            Member = member,
            Backup = latest.Backup,
            Tier = latest.Tier,
            HasCopy = copy is { Role: MemberRole.Standby },
            ArchivedTo = end,
            ArchivedAt = latest.ReachedAt,
            Estimate = copy is not { Role: MemberRole.Standby } ? latest.Estimate
                : latest.LogBytes > 0 && replay is { } whole ? whole * Math.Clamp((double)Math.Max(0, end - copy.Lsn) / latest.LogBytes, 0, 1) : null,
        };
    }
}
