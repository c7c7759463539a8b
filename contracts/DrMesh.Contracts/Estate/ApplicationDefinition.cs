using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>What fails over, is backed up and is restored together.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-application")]
public sealed record ApplicationDefinition
{
    /// <summary>The application's name.</summary>
    [Id(0), EstateName("the application's name")]
    public required string Name { get; init; }

    /// <summary>The policy that holds for sessions of the whole application.</summary>
    [Id(1), EstateKey("the policy that holds for sessions of the whole application", RefersTo = "policies")]
    public required string Policy { get; init; }

    /// <summary>Its clusters, in the order they move; those of one kind that stand side by side move side by side.</summary>
    [Id(2), EstateKey("its clusters, in the order they move; those of one engine that stand side by side move side by side", RefersTo = "clusters")]
    public ImmutableArray<ClusterId> Clusters { get; init; } = [];

    /// <summary>Its file trees.</summary>
    [Id(3), EstateKey("its file trees", RefersTo = "fileTrees")]
    public ImmutableArray<string> FileTrees { get; init; } = [];

    /// <summary>Its services, in the order of the clusters they follow; their names move side by side once every cluster serves.</summary>
    [Id(4), EstateKey("its services, in the order of the clusters they follow; their names move side by side once every cluster serves", RefersTo = "services")]
    public ImmutableArray<string> Services { get; init; } = [];

    /// <summary>How one consistent point is taken across its parts.</summary>
    [Id(5), EstateKey("how one consistent point is taken across its parts")]
    public ConsistencyDefinition Consistency { get; init; } = new();

    /// <summary>How the application itself is held, captured and restored.</summary>
    [Id(6), EstateKey("how the application itself is held, captured and restored", Otherwise = "it is left alone")]
    public ApplicationStateHooks? State { get; init; }

    /// <summary>What is called around a failover.</summary>
    [Id(7), EstateKey("what is called around a failover, switchover or failback")]
    public SessionHooks Hooks { get; init; } = new();
}
