using System.Collections.Immutable;

namespace DrMesh.Contracts.Estate;

/// <summary>What became of <see cref="ApplyEstate"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-apply-result")]
public sealed record ApplyResult
{
    /// <summary>What became of it.</summary>
    [Id(0)]
    public required ApplyOutcome Outcome { get; init; }

    /// <summary>The estate's version now.</summary>
    [Id(1)]
    public required long Version { get; init; }

    /// <summary>What was changed, when it was applied.</summary>
    [Id(2)]
    public required ImmutableArray<EstateChange> Changes { get; init; }

    /// <summary>Errors and warnings of the file.</summary>
    [Id(3)]
    public required ImmutableArray<EstateFinding> Findings { get; init; }
}
