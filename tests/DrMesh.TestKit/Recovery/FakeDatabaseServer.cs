using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;

namespace DrMesh.TestKit.Recovery;

/// <summary>One fake server: what a server and its agent's memory would hold. Guarded by <see cref="FakeDatabaseServers"/>.</summary>
internal sealed class FakeDatabaseServer(ClusterId cluster, string member, int port)
{
    public ClusterId Cluster { get; } = cluster;

    public string Member { get; } = member;

    public int Port { get; } = port;

    public bool IsRunning { get; set; } = true;

    public bool IsShutDown { get; set; }

    public bool IsPrimary { get; set; }

    public bool IsFenced { get; set; }

    public long Epoch { get; set; }

    public TimelineId Timeline { get; set; } = new(1);

    public Lsn Lsn { get; set; } = new(0x3000000);

    public AcknowledgingSet Set { get; set; } = AcknowledgingSet.Nobody;

    /// <summary>Whether its agent hears no order.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>What its agent granted.</summary>
    public LeaseGrants Grants { get; set; } = LeaseGrants.None;

    /// <summary>Whether its lease ran out.</summary>
    public bool HasLapsed { get; set; }

    /// <summary>The port of the server it follows; null: nobody.</summary>
    public int? Follows { get; set; }
}
