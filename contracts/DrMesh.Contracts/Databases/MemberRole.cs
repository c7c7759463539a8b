namespace DrMesh.Contracts.Databases;

/// <summary>What a database server is, as it says itself. Numbers are part of the wire: they never change.</summary>
public enum MemberRole
{
    /// <summary>Its process does not run.</summary>
    Stopped = 0,

    /// <summary>It runs and does not answer.</summary>
    Unresponsive = 1,

    /// <summary>It accepts writes.</summary>
    Primary = 2,

    /// <summary>It follows, or waits for someone to follow.</summary>
    Standby = 3,
}
