namespace DrMesh.Silo.Store;

/// <summary>One host of the control store.</summary>
internal sealed record StoreHostStatus
{
    /// <summary>host:port.</summary>
    public required string Host { get; init; }

    /// <summary><c>primary</c>, <c>standby</c> or <c>unreachable</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The server's version as it says it; null when unreachable.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Why it is unreachable; null when it answers.</summary>
    public string? Error { get; init; }
}
