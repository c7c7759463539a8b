using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Sessions;

/// <summary>Whether a session honours a cancel.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.cancel-result")]
public sealed record CancelResult : IAuditedResult
{
    /// <summary>True: the session stops and undoes what it must; watch it to see the end.</summary>
    [Id(0)]
    public required bool Accepted { get; init; }

    /// <summary>What happens now, or why cancelling is no longer safe.</summary>
    [Id(1)]
    public required string Reason { get; init; }

    /// <summary>The session stops.</summary>
    public static CancelResult Stopping(string what) => new() { Accepted = true, Reason = what };

    /// <summary>The session goes on.</summary>
    public static CancelResult Refused(string reason) => new() { Accepted = false, Reason = reason };

    bool IAuditedResult.IsRefusal => !Accepted;

    string IAuditedResult.AuditDetail => Reason;
}
