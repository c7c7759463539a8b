using System.Collections.Immutable;

namespace DrMesh.Contracts.Sessions;

/// <summary>What a session waits for a person to approve.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.approval-request")]
public sealed record ApprovalRequest
{
    /// <summary>Its name within the session, for example <c>AcceptLoss</c>; what <see cref="ISessionGrain.Approve"/> takes.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>What is approved and what follows from it, with values.</summary>
    [Id(1)]
    public required string Question { get; init; }

    /// <summary>Since when the session waits.</summary>
    [Id(2)]
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>How many different people must approve.</summary>
    [Id(3)]
    public required int ApproversNeeded { get; init; }

    /// <summary>Who approved so far.</summary>
    [Id(4)]
    public required ImmutableArray<string> ApprovedBy { get; init; }
}
