namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>What an agent must not forget.</summary>
/// <param name="Epoch">The highest epoch it saw.</param>
/// <param name="IsFenced">Whether its server must not serve as primary.</param>
internal sealed record AgentMemory(long Epoch, bool IsFenced);
