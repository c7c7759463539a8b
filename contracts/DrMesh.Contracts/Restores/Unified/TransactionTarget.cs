using DrMesh.Contracts.Databases;

namespace DrMesh.Contracts.Restores.Unified;

/// <summary>A transaction of one PostgreSQL cluster of an application.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.transaction-target")]
public sealed record TransactionTarget
{
    /// <summary>The cluster it was in.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>Its id as <c>pg_current_xact_id()</c> gives it.</summary>
    [Id(1)]
    public required ulong Transaction { get; init; }
}
