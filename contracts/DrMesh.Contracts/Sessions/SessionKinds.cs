using System.Collections.Immutable;

namespace DrMesh.Contracts.Sessions;

/// <summary>The kinds of durable session. A kind is the first part of a <see cref="SessionId"/> and names the grain type (<c>session-KIND</c>).</summary>
public static class SessionKinds
{
    /// <summary>One backup of a cluster or a file tree.</summary>
    public const string Backup = "backup";

    /// <summary>One backup of everything an application uses, tied by a consistency point.</summary>
    public const string UnifiedBackup = "unified";

    /// <summary>One restore of an application, or of some of its parts, to a consistency point or a time.</summary>
    public const string UnifiedRestore = "apprestore";

    /// <summary>One restore or point-in-time recovery.</summary>
    public const string Restore = "restore";

    /// <summary>One failover, switchover or failback of an application; the ids begin with this, whichever of the three it is.</summary>
    public const string Recovery = "recovery";

    /// <summary>One recovery test.</summary>
    public const string Drill = "drill";

    /// <summary>Every kind there is; an id that begins with none of them is no session's.</summary>
    public static readonly ImmutableArray<string> All = [Backup, UnifiedBackup, UnifiedRestore, Restore, Recovery, Drill];
}
