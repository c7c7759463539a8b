using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>Which member a backup is read from, and why not from the others.</summary>
/// <param name="Node">The member; null when none is fit.</param>
/// <param name="Unfit">Each member that was passed over, with the reason.</param>
public sealed record BackupSourceChoice(NodeId? Node, IReadOnlyList<(NodeId Node, string Reason)> Unfit)
{
    /// <summary>A fit standby, the one least behind; the primary as the last resort.</summary>
    /// <param name="systemId">The cluster's system identifier; null when it is not known yet.</param>
    /// <param name="candidates">The members as observed.</param>
    /// <param name="policy">What is allowed.</param>
    public static BackupSourceChoice Choose(ulong? systemId, IReadOnlyList<BackupSourceCandidate> candidates, BackupSourcePolicy policy)
    {
        var unfit = new List<(NodeId, string)>();
        var fit = new List<BackupSourceCandidate>();
        foreach (var candidate in candidates)
        {
            if (WhyUnfit(systemId, candidate, policy) is { } reason)
            {
                unfit.Add((candidate.Node, reason));
            }
            else
            {
                fit.Add(candidate);
            }
        }

        // Names decide between equals, so that two silos that see the same choose the same.
        var chosen = fit
            .OrderBy(candidate => candidate.IsPrimary == policy.PreferStandby)
            .ThenBy(candidate => candidate.LagBytes)
            .ThenBy(candidate => candidate.Node.ToString(), StringComparer.Ordinal)
            .FirstOrDefault();
        return new BackupSourceChoice(chosen?.Node, unfit);
    }

    private static string? WhyUnfit(ulong? systemId, BackupSourceCandidate candidate, BackupSourcePolicy policy)
    {
        if (!candidate.IsReachable)
        {
            return "it does not answer";
        }

        if (systemId is { } expected && candidate.SystemId != expected)
        {
            return $"its system identifier is {candidate.SystemId}, the cluster's is {expected}";
        }

        if (candidate.IsPrimary)
        {
            return policy.AllowPrimary ? null : "it is the primary, and the policy does not allow that";
        }

        if (!policy.PreferStandby)
        {
            return "it is a standby, and the policy asks for the primary";
        }

        if (candidate.IsReplayPaused)
        {
            return "its replay is paused";
        }

        if (!candidate.IsReceiving)
        {
            return "it receives no WAL";
        }

        return candidate.LagBytes > policy.MaxLagBytes
            ? $"it is {candidate.LagBytes / (1 << 20)} MiB behind, the limit is {policy.MaxLagBytes / (1 << 20)} MiB"
            : null;
    }
}
