namespace DrMesh.Contracts.Sessions;

/// <summary>Which sessions to list; what is null does not narrow.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.session-filter")]
public sealed record SessionFilter
{
    /// <summary>Only this kind; see <see cref="SessionKinds"/>.</summary>
    [Id(0)]
    public string? Kind { get; init; }

    /// <summary>Only sessions about this.</summary>
    [Id(1)]
    public string? Subject { get; init; }

    /// <summary>Only those that have not ended.</summary>
    [Id(2)]
    public bool UnfinishedOnly { get; init; }

    /// <summary>Only those begun at or after this.</summary>
    [Id(3)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>At most so many, the newest first.</summary>
    [Id(4)]
    public int Limit { get; init; } = 50;
}
