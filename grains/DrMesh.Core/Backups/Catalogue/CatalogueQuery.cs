using System.Collections.Immutable;
using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups.Catalogue;

/// <summary>Which rows; what is null or empty does not narrow.</summary>
public sealed record CatalogueQuery
{
    /// <summary>Only of this cluster, tree or application.</summary>
    public string? Source { get; init; }

    /// <summary>Only of this engine.</summary>
    public string? Engine { get; init; }

    /// <summary>Only those completed at or after this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those that carry all of these labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>At most so many.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>What a person's filter asks of one source.</summary>
    public static CatalogueQuery Of(string source, BackupFilter filter) => new() { Source = source, Since = filter.Since, Labels = filter.Labels, Limit = filter.Limit };
}
