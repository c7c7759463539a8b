using System.Text.Json;
using System.Text.Json.Serialization;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.Repository.Manifests;

/// <summary>The readable part of a manifest, JSON.</summary>
internal sealed record ManifestHead
{
    public required string Id { get; init; }

    public required string Engine { get; init; }

    public required string Source { get; init; }

    public string? Parent { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public required long LogicalBytes { get; init; }

    public required long StoredBytes { get; init; }

    public required long FileCount { get; init; }

    public required long PathCount { get; init; }

    public required SortedDictionary<string, string> Labels { get; init; }

    public required SortedDictionary<string, string> Facts { get; init; }

    public required BackupRoot[] Roots { get; init; }

    public required string[] Warnings { get; init; }

    public BackupSummary ToSummary(IReadOnlyList<string> tiers) => new()
    {
        Id = new(Id),
        Engine = Engine,
        Source = Source,
        Parent = Parent is null ? null : new(Parent),
        StartedAt = StartedAt,
        CompletedAt = CompletedAt,
        LogicalBytes = LogicalBytes,
        StoredBytes = StoredBytes,
        FileCount = FileCount,
        Labels = Labels,
        Facts = Facts,
        Roots = Roots,
        Warnings = Warnings,
        Tiers = tiers,
    };
}

/// <summary>The JSON forms of the format.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ManifestHead))]
[JsonSerializable(typeof(RepositoryHead))]
[JsonSerializable(typeof(WriterMarker))]
internal sealed partial class FormatJson : JsonSerializerContext;

/// <summary>The object <c>repository</c>: what kind of repository this is; not secret.</summary>
internal sealed record RepositoryHead
{
    public required int Format { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A writer at work: what it writes, so that its packs are found again should it die.</summary>
internal sealed record WriterMarker
{
    public required string Backup { get; init; }

    public required string Source { get; init; }

    public required string Host { get; init; }

    public required int ProcessId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}
