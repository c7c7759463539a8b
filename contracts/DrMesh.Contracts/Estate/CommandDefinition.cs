using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A program of a silo's machine.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-command")]
public sealed record CommandDefinition
{
    /// <summary>The program.</summary>
    [Id(0), EstateKey("the program", Format = ValueFormat.Path)]
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    [Id(1), EstateKey("its arguments; no secret belongs here, every user of the machine can see them")]
    public ImmutableArray<string> Arguments { get; init; } = [];
}
