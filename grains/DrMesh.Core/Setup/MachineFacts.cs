using System.Collections.Immutable;

namespace DrMesh.Core.Setup;

/// <summary>What this machine has.</summary>
public sealed record MachineFacts
{
    /// <summary>Programs that a package brings, by name, and where each was found; null: nowhere.</summary>
    public required ImmutableDictionary<string, string?> Programs { get; init; }

    /// <summary>The major version of the PostgreSQL programs found; null: none.</summary>
    public int? PostgresMajor { get; init; }

    /// <summary>The folder this machine's state is kept in.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Why nothing can be written there; null: it can.</summary>
    public string? StateFolderProblem { get; init; }

    /// <summary>Files with a secret that others can read.</summary>
    public ImmutableArray<string> OpenSecrets { get; init; } = [];
}
