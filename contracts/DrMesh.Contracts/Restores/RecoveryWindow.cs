namespace DrMesh.Contracts.Restores;

/// <summary>A stretch of time every moment of which can be restored to: from the end of a base backup to where its log ends or has a hole.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.recovery-window")]
public sealed record RecoveryWindow
{
    /// <summary>The base backup.</summary>
    [Id(0)]
    public required string Backup { get; init; }

    /// <summary>The line of history the window is on, for PostgreSQL its newest timeline; empty where there is none.</summary>
    [Id(1)]
    public required string Timeline { get; init; }

    /// <summary>The first position, in the system's own notation (an LSN, an opTime).</summary>
    [Id(2)]
    public required string FromPosition { get; init; }

    /// <summary>The last position.</summary>
    [Id(3)]
    public required string ToPosition { get; init; }

    /// <summary>The first moment.</summary>
    [Id(4)]
    public required DateTimeOffset From { get; init; }

    /// <summary>The last moment.</summary>
    [Id(5)]
    public required DateTimeOffset To { get; init; }

    /// <summary>Why it ends there: <c>head</c> (the newest archived log), <c>hole</c> (log is missing), <c>fork</c> (the timeline ended).</summary>
    [Id(6)]
    public required string EndsAt { get; init; }
}
