namespace DrMesh.Grains.Agents;

/// <summary>What an agent answered, or why nothing is known.</summary>
/// <param name="Value">The answer; null: none came.</param>
/// <param name="Problem">Why none came; null: one did.</param>
internal sealed record AgentAnswer<T>(T? Value, string? Problem)
    where T : class;
