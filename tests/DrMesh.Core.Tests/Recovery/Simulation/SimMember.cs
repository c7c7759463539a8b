using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Tests.Recovery.Simulation;

/// <summary>A database server with its agent: a log, a role, and the epoch its agent has stored.</summary>
internal sealed class SimMember(string name)
{
    public string Name { get; } = name;

    public bool IsAlive { get; set; } = true;

    public bool IsPrimary { get; set; }

    public bool IsFenced { get; set; }

    /// <summary>The highest epoch its agent stored; survives crashes.</summary>
    public long Epoch { get; set; }

    /// <summary>Whom it streams from; null: nobody.</summary>
    public string? Follows { get; set; }

    /// <summary>Whom its commits wait for while it is primary.</summary>
    public AcknowledgingSet Set { get; set; } = AcknowledgingSet.Nobody;

    /// <summary>The timeline its writes are on while it is primary.</summary>
    public uint Timeline { get; set; } = 1;

    /// <summary>What it has on disk, oldest first.</summary>
    public List<SimWrite> Log { get; } = [];

    public uint LastTimeline => Log.Count == 0 ? 0 : Log[^1].Timeline;

    /// <summary>Becomes a copy of another log, as streaming and rewind make it.</summary>
    public void CopyFrom(SimMember primary)
    {
        Log.Clear();
        Log.AddRange(primary.Log);
    }
}

/// <summary>A write: its number and the timeline it was made on.</summary>
internal sealed record SimWrite(int Number, uint Timeline);
