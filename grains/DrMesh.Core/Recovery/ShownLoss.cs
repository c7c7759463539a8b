using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>What a session showed before it promoted another member.</summary>
public sealed record ShownLoss
{
    /// <summary>The session.</summary>
    public required SessionId Session { get; init; }

    /// <summary>The primary it moved away from.</summary>
    public required string OldPrimary { get; init; }

    /// <summary>The most that could be lost, in bytes of WAL; null: nobody could tell.</summary>
    public long? Bytes { get; init; }
}
