namespace DrMesh.Contracts.Agents;

/// <summary>What every order to an agent carries.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-command")]
public sealed record AgentCommand
{
    /// <summary>Makes a repeated order the same order; the session's step key.</summary>
    [Id(0)]
    public required string OperationId { get; init; }

    /// <summary>The cluster's epoch; an agent that saw a higher one refuses.</summary>
    [Id(1)]
    public required long Epoch { get; init; }

    /// <summary>An order under an epoch.</summary>
    public static AgentCommand Of(string operationId, long epoch) => new() { OperationId = operationId, Epoch = epoch };
}
