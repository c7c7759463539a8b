using DrMesh.Contracts.Agents;

namespace DrMesh.Grains.Agents;

/// <summary>A former primary or a lost standby is to follow the primary again, by whatever it takes: repoint, <c>pg_rewind</c>, or a new copy.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.rejoin-order")]
internal sealed record RejoinOrder : MemberOrder
{
    /// <summary>Whom to follow.</summary>
    [Id(0)]
    public required UpstreamServer Upstream { get; init; }
}
