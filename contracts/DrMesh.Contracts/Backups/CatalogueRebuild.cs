using System.Collections.Immutable;

namespace DrMesh.Contracts.Backups;

/// <summary>How a rebuild of the catalogue stands.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.catalogue-rebuild")]
public sealed record CatalogueRebuild
{
    /// <summary>Whether it still reads.</summary>
    [Id(0)]
    public required bool IsRunning { get; init; }

    /// <summary>Repositories to read.</summary>
    [Id(1)]
    public int Repositories { get; init; }

    /// <summary>Repositories read.</summary>
    [Id(2)]
    public int Read { get; init; }

    /// <summary>Backups found so far.</summary>
    [Id(3)]
    public int Backups { get; init; }

    /// <summary>Rows that were missing.</summary>
    [Id(4)]
    public int Added { get; init; }

    /// <summary>Rows that were removed: no repository has their backup.</summary>
    [Id(5)]
    public int Removed { get; init; }

    /// <summary>Repositories that could not be read, one sentence each; rows that name one of them stay as they were.</summary>
    [Id(6)]
    public ImmutableArray<string> Unread { get; init; } = [];

    /// <summary>Why it could not be carried through; null: it could.</summary>
    [Id(7)]
    public string? Failure { get; init; }
}
