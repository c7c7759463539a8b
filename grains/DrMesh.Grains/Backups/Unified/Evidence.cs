using System.Collections.Immutable;
using DrMesh.Core.Backups;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Facts as steps keep them.</summary>
internal static class Evidence
{
    /// <summary>Of single facts.</summary>
    public static ImmutableSortedDictionary<string, string> Of(params (string Name, string Value)[] facts) =>
        facts.ToImmutableSortedDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);

    /// <summary>Of a committed backup.</summary>
    public static ImmutableSortedDictionary<string, string> Of(BackupSummary summary, IEnumerable<TierOutcome> tiers)
    {
        var evidence = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        evidence.AddRange(summary.Facts);
        evidence["backup"] = summary.Id.Value;
        evidence["bytes"] = $"{summary.LogicalBytes}";
        evidence["stored"] = $"{summary.StoredBytes}";
        evidence["files"] = $"{summary.FileCount}";
        evidence["warnings"] = string.Join("; ", summary.Warnings.Take(5));
        evidence["lostTiers"] = string.Join("; ", tiers.Where(tier => tier.Failure is not null).Select(tier => $"{tier.Tier}: {tier.Failure}"));
        return evidence.ToImmutable();
    }
}
