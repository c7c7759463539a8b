using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Core.Backups.Files;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Backups.Unified;

/// <summary>What the steps of a unified backup left as evidence, read back by name.</summary>
public static class UnifiedFacts
{
    /// <summary>A fact of the point in one part.</summary>
    /// <exception cref="InvalidOperationException">The point was not taken, or not in that part.</exception>
    public static string Point(SessionState<UnifiedBackupPlan> state, UnifiedPart part, string fact) =>
        PointFacts(state, part).GetValueOrDefault(fact) ?? throw new InvalidOperationException($"the point of {part.Target} has no fact '{fact}'");

    /// <summary>The backup that holds a part's data at the point: its copy, for a file tree the snapshot taken with the point.</summary>
    public static BackupId Backup(SessionState<UnifiedBackupPlan> state, UnifiedPart part) =>
        part.Kind == PartKind.Files ? new BackupId(Point(state, part, "backup")) : part.Copy(state.Plan.Backup);

    /// <summary>The manifest.</summary>
    public static UnifiedManifest Manifest(SessionState<UnifiedBackupPlan> state) => new()
    {
        Application = state.Plan.Application,
        Mode = state.Plan.Consistency.Mode,
        Point = Of(state, "point") ?? "",
        TakenAt = DateTimeOffset.Parse(Of(state, "takenAt")!, CultureInfo.InvariantCulture),
        WindowMilliseconds = Milliseconds(state, "windowMs"),
        HeldMilliseconds = Milliseconds(state, "heldMs"),
        FilesReadMilliseconds = Milliseconds(state, "filesReadMs"),
        Parts = [.. state.Plan.Parts.Select(part => Part(state, part))],
        ApplicationState = Of(state, "state"),
    };

    /// <summary>What the manifest's reader must know, one sentence each.</summary>
    public static IReadOnlyList<string> Warnings(SessionState<UnifiedBackupPlan> state) =>
        [.. state.Plan.Parts.SelectMany(part => new[] { state.Find(UnifiedBackupMachine.CopyPart, part.Target)?.Evidence.GetValueOrDefault("warnings"), PointFacts(state, part).GetValueOrDefault("warnings") }
            .Where(warning => !string.IsNullOrEmpty(warning)).Distinct().Select(warning => $"{part.Target}: {warning}"))];

    /// <summary>What was asked for and is missing, one sentence each; empty: nothing.</summary>
    public static IReadOnlyList<string> Missing(SessionState<UnifiedBackupPlan> state)
    {
        var missing = new List<string>();
        foreach (var part in state.Plan.Parts)
        {
            string?[] lost =
            [
                state.Find(UnifiedBackupMachine.CopyPart, part.Target)?.Evidence.GetValueOrDefault("lostTiers"),
                PointFacts(state, part).GetValueOrDefault("lostTiers"),
                state.Find(UnifiedBackupMachine.SealPart, part.Target)?.Evidence.GetValueOrDefault("lostTiers"),
            ];
            missing.AddRange(lost.Where(tier => !string.IsNullOrEmpty(tier)).Select(tier => $"{part.Target} is not in {tier}"));
            if (PointFacts(state, part).GetValueOrDefault(FileTreeFacts.Unreadable) is { } unreadable and not "0")
            {
                missing.Add($"{unreadable} paths of {part.Target} could not be read");
            }
        }

        if (state.Evidence(UnifiedBackupMachine.RecordManifest, "", "lostTiers") is { Length: > 0 } without)
        {
            missing.Add($"the manifest is not in {without}");
        }

        return missing;
    }

    internal static string? Of(SessionState<UnifiedBackupPlan> state, string fact) => state.Evidence(UnifiedBackupMachine.TakePoint, "", fact);

    internal static double Milliseconds(SessionState<UnifiedBackupPlan> state, string fact) =>
        Of(state, fact) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : 0;

    internal static ImmutableSortedDictionary<string, string> PointFacts(SessionState<UnifiedBackupPlan> state, UnifiedPart part)
    {
        var prefix = $"{part.Target}.";
        return (state.Find(UnifiedBackupMachine.TakePoint)?.Evidence ?? ImmutableSortedDictionary<string, string>.Empty)
            .Where(fact => fact.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(fact => fact.Key[prefix.Length..], fact => fact.Value, StringComparer.Ordinal);
    }

    private static UnifiedBackupPart Part(SessionState<UnifiedBackupPlan> state, UnifiedPart part)
    {
        var point = PointFacts(state, part);
        var copy = state.Find(UnifiedBackupMachine.CopyPart, part.Target)!.Evidence;
        string[] kept = part.Kind switch
        {
            PartKind.PostgreSql => ["restorePoint", "lsn", "timeline", "transaction"],
            PartKind.MongoDb => ["opTime", "clusterTime"],
            _ => ["marker", FileTreeFacts.Checksum, FileTreeFacts.Directory, FileTreeFacts.Unreadable, FileTreeFacts.Unsettled],
        };
        return new UnifiedBackupPart
        {
            Kind = part.Kind,
            Name = part.Name,
            Backup = Backup(state, part),
            Repositories = part.Repositories,
            Point = point.Where(fact => kept.Contains(fact.Key)).ToImmutableSortedDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal),
            LogicalBytes = long.TryParse((part.Kind == PartKind.Files ? point : copy).GetValueOrDefault("bytes"), CultureInfo.InvariantCulture, out var bytes) ? bytes : 0,
        };
    }
}
