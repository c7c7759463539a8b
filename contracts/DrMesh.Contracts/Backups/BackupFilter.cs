using System.Collections.Immutable;
using DrMesh.Contracts.Databases;

namespace DrMesh.Contracts.Backups;

/// <summary>Which backups to list; what is null or empty does not narrow.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.backup-filter")]
public sealed record BackupFilter
{
    /// <summary>Only of this cluster.</summary>
    [Id(0)]
    public ClusterId? Cluster { get; init; }

    /// <summary>Only those completed at or after this.</summary>
    [Id(1)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those that carry all of these labels.</summary>
    [Id(2)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>At most so many, the newest first.</summary>
    [Id(3)]
    public int Limit { get; init; } = 50;
}
