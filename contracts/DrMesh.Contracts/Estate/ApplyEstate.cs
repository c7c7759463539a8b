using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Estate;

/// <summary>Asks for a file to become the estate.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.apply-estate")]
public sealed record ApplyEstate : IAuditedRequest
{
    /// <summary>The file.</summary>
    [Id(0)]
    public required EstateSource Source { get; init; }

    /// <summary>The version the person saw the plan against; another current version is a conflict.</summary>
    [Id(1)]
    public required long ExpectedVersion { get; init; }

    /// <summary>Makes a repeated call the same call.</summary>
    [Id(2)]
    public required Guid OperationId { get; init; }

    /// <summary>Why, as the person says it.</summary>
    [Id(3)]
    public string? Reason { get; init; }

    string? IAuditedRequest.AuditTarget => null;

    string? IAuditedRequest.AuditReason => Reason;
}
