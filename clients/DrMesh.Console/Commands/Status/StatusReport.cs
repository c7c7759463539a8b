using System.Collections.Immutable;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Status;

/// <summary>What one <c>drmesh status</c> found.</summary>
internal sealed record StatusReport
{
    /// <summary>Regions and silos.</summary>
    public required MeshOverview Mesh { get; init; }

    /// <summary>The applied estate's version; 0: none is applied; null: the control store could not be asked.</summary>
    public required long? EstateVersion { get; init; }

    /// <summary>The estate's database clusters.</summary>
    public required ImmutableArray<ClusterLine> Clusters { get; init; }

    /// <summary>Unfinished sessions, newest first.</summary>
    public required ImmutableArray<SessionEntry> Sessions { get; init; }

    /// <summary>What could not be asked, one sentence each; empty when the picture is whole.</summary>
    public required ImmutableArray<string> Missing { get; init; }
}
