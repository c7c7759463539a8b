using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Sessions;

/// <summary>What became of an approval.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.approve-result")]
public sealed record ApproveResult : IAuditedResult
{
    /// <summary>True: it counts (also when the same person had approved before).</summary>
    [Id(0)]
    public required bool Accepted { get; init; }

    /// <summary>How many more people must approve before the session goes on.</summary>
    [Id(1)]
    public required int StillNeeded { get; init; }

    /// <summary>Why it does not count; null when it does.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>It counts.</summary>
    public static ApproveResult Given(int stillNeeded) => new() { Accepted = true, StillNeeded = stillNeeded };

    /// <summary>It does not count.</summary>
    public static ApproveResult Refused(string reason) => new() { Accepted = false, StillNeeded = 0, Reason = reason };

    bool IAuditedResult.IsRefusal => !Accepted;

    string IAuditedResult.AuditDetail => Reason ?? "";
}
