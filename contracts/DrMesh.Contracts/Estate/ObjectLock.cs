using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>How long objects of a bucket can be neither changed nor removed.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-object-lock")]
public sealed record ObjectLock
{
    /// <summary>Who may lift it.</summary>
    [Id(0), EstateKey("who may lift it: governance, a person with the right; compliance, nobody")]
    public ObjectLockMode Mode { get; init; } = ObjectLockMode.Governance;

    /// <summary>For how long.</summary>
    [Id(1), EstateKey("for how long; S3 counts whole days", AtLeast = "1d")]
    public required TimeSpan Duration { get; init; }
}
