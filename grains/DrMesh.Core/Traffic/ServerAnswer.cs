namespace DrMesh.Core.Traffic;

/// <summary>What one authoritative server answered.</summary>
public sealed record ServerAnswer
{
    /// <summary>The server.</summary>
    public required AuthoritativeServer Server { get; init; }

    /// <summary>The values it answered with; empty: the name or type does not exist there, or it gave no answer.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Why there is no answer to compare: a time-out, a refusal, an answer without authority; null: there is one.</summary>
    public string? Fault { get; init; }
}
