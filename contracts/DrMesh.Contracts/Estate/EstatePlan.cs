using System.Collections.Immutable;

namespace DrMesh.Contracts.Estate;

/// <summary>What applying a file would do.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-plan")]
public sealed record EstatePlan
{
    /// <summary>The version the file was compared with; 0 when nothing was ever applied.</summary>
    [Id(0)]
    public required long BaseVersion { get; init; }

    /// <summary>Errors and warnings of the file, by line. With an error there are no changes.</summary>
    [Id(1)]
    public required ImmutableArray<EstateFinding> Findings { get; init; }

    /// <summary>The differences, by path; empty when there is nothing to change.</summary>
    [Id(2)]
    public required ImmutableArray<EstateChange> Changes { get; init; }
}
