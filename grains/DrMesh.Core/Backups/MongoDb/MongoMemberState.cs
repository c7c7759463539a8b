namespace DrMesh.Core.Backups.MongoDb;

/// <summary>A member's state as it says of itself; the numbers are MongoDB's (replSetGetStatus).</summary>
public enum MongoMemberState
{
    /// <summary>Starting up.</summary>
    Startup = 0,

    /// <summary>Takes writes.</summary>
    Primary = 1,

    /// <summary>Follows the primary.</summary>
    Secondary = 2,

    /// <summary>Not readable: catching up or repaired.</summary>
    Recovering = 3,

    /// <summary>Initial sync.</summary>
    Startup2 = 5,

    /// <summary>Not known.</summary>
    Unknown = 6,

    /// <summary>Votes, holds no data.</summary>
    Arbiter = 7,

    /// <summary>Does not answer.</summary>
    Down = 8,

    /// <summary>Rolling back.</summary>
    Rollback = 9,

    /// <summary>Not in the configuration any more.</summary>
    Removed = 10,
}
