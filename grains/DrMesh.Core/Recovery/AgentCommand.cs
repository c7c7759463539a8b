namespace DrMesh.Core.Recovery;

/// <summary>What every order to an agent carries.</summary>
/// <param name="OperationId">Makes a repeated order the same order; the session's step key.</param>
/// <param name="Epoch">The cluster's epoch; an agent that saw a higher one refuses.</param>
public sealed record AgentCommand(string OperationId, long Epoch);
