namespace DrMesh.Core.Backups.MongoDb;

/// <summary>One member of a replica set as observed.</summary>
public sealed record MongoMember
{
    /// <summary><c>host:port</c> as the set's configuration names it.</summary>
    public required string Host { get; init; }

    /// <summary>Its state.</summary>
    public required MongoMemberState State { get; init; }

    /// <summary>Whether it answered the observer itself; what others say of it is not enough to read from it.</summary>
    public required bool IsReachable { get; init; }

    /// <summary>How gladly it becomes primary.</summary>
    public double Priority { get; init; } = 1;

    /// <summary>How many votes it has: 0 or 1.</summary>
    public int Votes { get; init; } = 1;

    /// <summary>Hidden from clients: made for jobs such as backups.</summary>
    public bool IsHidden { get; init; }

    /// <summary>How far it stays behind on purpose.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The last operation it applied.</summary>
    public OpTime Applied { get; init; }

    /// <summary>How far it is behind the most advanced member.</summary>
    public TimeSpan Lag { get; init; }
}
