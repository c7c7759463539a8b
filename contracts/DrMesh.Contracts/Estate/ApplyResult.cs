using System.Collections.Immutable;
using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Estate;

/// <summary>What became of <see cref="ApplyEstate"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-apply-result")]
public sealed record ApplyResult : IAuditedResult
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

    bool IAuditedResult.IsRefusal => Outcome is ApplyOutcome.Refused or ApplyOutcome.Conflict;

    string IAuditedResult.AuditDetail => Outcome switch
    {
        ApplyOutcome.Applied => $"version {Version}: {string.Join(", ", Changes.Select(change => change.Path))}",
        ApplyOutcome.NothingToChange => $"version {Version} was already so",
        ApplyOutcome.Refused => $"the file has errors; {Findings.FirstOrDefault()?.Message}",
        _ => $"another estate was applied meanwhile: version {Version}",
    };
}
