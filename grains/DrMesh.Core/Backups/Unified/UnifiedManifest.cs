using System.Collections.Immutable;
using System.Text.Json;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Backups.Unified;

/// <summary>
/// What a unified backup is: its parts and where the point lies in each. Kept in the application's repositories as a backup of its own (engine <c>application</c>), so that it is sealed and
/// verified as every manifest is, and as the file <c>manifest.json</c> of that backup for whoever has nothing but <c>drmesh repo restore</c>.
/// </summary>
public sealed record UnifiedManifest
{
    /// <summary><see cref="BackupSummary.Engine"/> of unified backups.</summary>
    public const string Engine = "application";

    /// <summary>The name of the fact that carries it.</summary>
    public const string Fact = "manifest";

    /// <summary>The name of the file that carries it.</summary>
    public const string File = "manifest.json";

    /// <summary>Raised with every change that an older program could not read.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>How the point was taken.</summary>
    public required ConsistencyMode Mode { get; init; }

    /// <summary>The id that was written through each system.</summary>
    public required string Point { get; init; }

    /// <summary>When its taking began.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>From before the first marker to after the last, milliseconds.</summary>
    public required double WindowMilliseconds { get; init; }

    /// <summary>How long writes were held, milliseconds.</summary>
    public required double HeldMilliseconds { get; init; }

    /// <summary>From the beginning of the point to the last file read, milliseconds.</summary>
    public required double FilesReadMilliseconds { get; init; }

    /// <summary>The parts.</summary>
    public required ImmutableArray<UnifiedBackupPart> Parts { get; init; }

    /// <summary>What the application handed out of its own state.</summary>
    public string? ApplicationState { get; init; }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StateJson.Options);

    /// <summary>Reads a manifest's backup.</summary>
    /// <exception cref="FormatException">It carries none, or one of a newer program.</exception>
    public static UnifiedManifest Of(BackupSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var json = summary.Facts.GetValueOrDefault(Fact) ?? throw new FormatException($"backup {summary.Id} has no fact '{Fact}'");
        var manifest = JsonSerializer.Deserialize<UnifiedManifest>(json, StateJson.Options) ?? throw new FormatException($"the manifest of {summary.Id} is empty");
        return manifest.SchemaVersion == 1 ? manifest : throw new FormatException($"the manifest of {summary.Id} has schema {manifest.SchemaVersion}, this program reads 1");
    }

    /// <summary>The message that tells of it.</summary>
    public UnifiedBackupEntry ToEntry(BackupSummary summary) => new()
    {
        Id = summary.Id,
        Application = Application,
        Mode = Mode,
        Point = Point,
        TakenAt = TakenAt,
        Window = TimeSpan.FromMilliseconds(WindowMilliseconds),
        Held = TimeSpan.FromMilliseconds(HeldMilliseconds),
        FilesReadWithin = TimeSpan.FromMilliseconds(FilesReadMilliseconds),
        Parts = Parts,
        ApplicationState = ApplicationState,
        StartedAt = summary.StartedAt,
        CompletedAt = summary.CompletedAt,
        Labels = summary.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Warnings = [.. summary.Warnings],
        Tiers = [.. summary.Tiers],
    };
}
