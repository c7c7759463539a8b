using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;

namespace DrMesh.Grains.Backups;

/// <summary>From a manifest's head to the message that tells of it.</summary>
internal static class BackupEntries
{
    /// <summary>The message.</summary>
    public static BackupEntry Of(BackupSummary summary) => new()
    {
        Id = summary.Id,
        Engine = summary.Engine,
        Source = summary.Source,
        Parent = summary.Parent,
        StartedAt = summary.StartedAt,
        CompletedAt = summary.CompletedAt,
        LogicalBytes = summary.LogicalBytes,
        StoredBytes = summary.StoredBytes,
        FileCount = summary.FileCount,
        Labels = summary.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Facts = summary.Facts.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Warnings = [.. summary.Warnings],
        Tiers = [.. summary.Tiers],
    };
}
