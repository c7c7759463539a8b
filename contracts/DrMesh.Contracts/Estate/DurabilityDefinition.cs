using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>When a commit is acknowledged.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-durability")]
public sealed record DurabilityDefinition
{
    /// <summary>Whether standbys of other regions must have it first.</summary>
    [Id(0), EstateKey("whether standbys of other regions must have a commit before it is acknowledged")]
    public DurabilityMode Mode { get; init; } = DurabilityMode.Quorum;

    /// <summary>In <c>quorum</c>: how many of them.</summary>
    [Id(1), EstateKey("quorum: how many standbys of other regions must have it", AtLeast = "1", AtMost = "15")]
    public int Acknowledgements { get; init; } = 1;

    /// <summary>In <c>quorum</c>: what happens when too few standbys are left to acknowledge.</summary>
    [Id(2), EstateKey("quorum: what writes do when too few standbys are left")]
    public QuorumLost WhenQuorumLost { get; init; } = QuorumLost.Wait;
}
