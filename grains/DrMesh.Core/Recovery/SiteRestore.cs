using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Recovery;

/// <summary>How an agent brings its server up from the repository.</summary>
public sealed record SiteRestore
{
    /// <summary>The cluster's name in the repository.</summary>
    public required string Source { get; init; }

    /// <summary>The base backup, where one must be restored; its line of history is the one that is followed.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>Whether a base backup may be restored; false: only what is archived beyond the copy that is there is replayed.</summary>
    public required bool MayRestore { get; init; }

    /// <summary>The port it listens on.</summary>
    public required int Port { get; init; }

    /// <summary>Settings that are this machine's own, name to value.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Workers; 0: one a processor.</summary>
    public int Parallelism { get; init; }
}
