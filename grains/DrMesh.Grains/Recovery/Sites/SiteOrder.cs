using DrMesh.Grains.Agents;

namespace DrMesh.Grains.Recovery.Sites;

/// <summary>A member is to come up from the repository, or to replay what was archived since; see <see cref="Core.Recovery.INodeAgent.BringUpAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.site-order")]
internal sealed record SiteOrder : MemberOrder
{
    /// <summary>Whether a base backup may be restored, or only the archive replayed.</summary>
    [Id(0)]
    public required bool MayRestore { get; init; }
}
