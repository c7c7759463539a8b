namespace DrMesh.Contracts.Regions;

/// <summary>One silo.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.silo-health")]
public sealed record SiloHealth
{
    /// <summary>The node it stands for; also its name in the cluster.</summary>
    [Id(0)]
    public required NodeId Node { get; init; }

    /// <summary>Address and port other silos reach it at.</summary>
    [Id(1)]
    public required string Address { get; init; }

    /// <summary>Its standing in the cluster.</summary>
    [Id(2)]
    public required SiloState State { get; init; }

    /// <summary>When its process started.</summary>
    [Id(3)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it has run, by its monotonic clock; null when it did not answer.</summary>
    [Id(4)]
    public TimeSpan? Uptime { get; init; }

    /// <summary>Its role label; null when it did not answer.</summary>
    [Id(5)]
    public string? Role { get; init; }

    /// <summary>Its program's version; null when it did not answer.</summary>
    [Id(6)]
    public string? Version { get; init; }

    /// <summary>The control store as this silo sees it; null when it did not answer.</summary>
    [Id(7)]
    public Reachability? ControlStore { get; init; }
}
