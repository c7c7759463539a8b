namespace DrMesh.Core.Recovery;

/// <summary>What a database server is, as it says itself.</summary>
public enum MemberRole
{
    /// <summary>Its process does not run.</summary>
    Stopped,

    /// <summary>It runs and does not answer.</summary>
    Unresponsive,

    /// <summary>It accepts writes.</summary>
    Primary,

    /// <summary>It follows, or waits for someone to follow.</summary>
    Standby,
}
