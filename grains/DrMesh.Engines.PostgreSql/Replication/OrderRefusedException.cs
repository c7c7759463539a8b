namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>Ends an order inside the agent; it becomes a reply that says why.</summary>
internal sealed class OrderRefusedException(string reason) : Exception(reason);
