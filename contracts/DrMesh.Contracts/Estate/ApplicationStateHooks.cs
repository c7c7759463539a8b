using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>How an application is held, captured and restored.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-state-hooks")]
public sealed record ApplicationStateHooks
{
    /// <summary>Asks the application to stop writing.</summary>
    [Id(0), EstateKey("asks the application to stop writing", RefersTo = "hooks")]
    public string? Quiesce { get; init; }

    /// <summary>Lets it write again.</summary>
    [Id(1), EstateKey("lets it write again", RefersTo = "hooks")]
    public string? Resume { get; init; }

    /// <summary>Hands out its own state as a file.</summary>
    [Id(2), EstateKey("hands out the application's own state", RefersTo = "hooks")]
    public string? Capture { get; init; }

    /// <summary>Takes its own state back.</summary>
    [Id(3), EstateKey("takes the application's own state back", RefersTo = "hooks")]
    public string? Restore { get; init; }

    /// <summary>After how long the application resumes by itself.</summary>
    [Id(4), EstateKey("after how long the application resumes by itself if nobody tells it to; it is told with quiesce", AtLeast = "1s", AtMost = "1h")]
    public TimeSpan DeadManLimit { get; init; } = TimeSpan.FromSeconds(30);
}
