using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;

namespace DrMesh.Grains.Agents;

/// <summary>An order to the agent of one member.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-order")]
internal abstract record AgentOrder
{
    /// <summary>Its operation and epoch.</summary>
    [Id(0)]
    public required AgentCommand Command { get; init; }

    /// <summary>Whether commits may wait for nobody once it is carried out, so that the server's member must hold the cluster's lease before.</summary>
    public virtual bool MayNeedLease => false;
}

/// <summary>See <see cref="Core.Recovery.INodeAgent.FenceAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-fence")]
internal sealed record FenceServer : AgentOrder;

/// <summary>See <see cref="Core.Recovery.INodeAgent.UnfenceAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-unfence")]
internal sealed record UnfenceServer : AgentOrder
{
    /// <inheritdoc/>
    public override bool MayNeedLease => true;
}

/// <summary>See <see cref="Core.Recovery.INodeAgent.PromiseAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-promise")]
internal sealed record MakePromise : AgentOrder;

/// <summary>See <see cref="Core.Recovery.INodeAgent.StopAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-stop")]
internal sealed record StopServer : AgentOrder;

/// <summary>See <see cref="Core.Recovery.INodeAgent.CheckpointAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-checkpoint")]
internal sealed record MakeCheckpoint : AgentOrder;

/// <summary>See <see cref="Core.Recovery.INodeAgent.PromoteAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-promote")]
internal sealed record PromoteServer : AgentOrder
{
    /// <summary>Whom its commits wait for.</summary>
    [Id(0)]
    public required AcknowledgingSet Set { get; init; }

    /// <inheritdoc/>
    public override bool MayNeedLease => Set.Needed == 0;
}

/// <summary>See <see cref="Core.Recovery.INodeAgent.RepointAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-repoint")]
internal sealed record RepointServer : AgentOrder
{
    /// <summary>Whom to follow.</summary>
    [Id(0)]
    public required UpstreamServer Upstream { get; init; }
}

/// <summary>See <see cref="Core.Recovery.INodeAgent.SetAcknowledgingAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-acknowledging")]
internal sealed record AcknowledgeBy : AgentOrder
{
    /// <summary>Whom commits wait for.</summary>
    [Id(0)]
    public required AcknowledgingSet Set { get; init; }

    /// <inheritdoc/>
    public override bool MayNeedLease => Set.Needed == 0;
}

/// <summary>See <see cref="Core.Recovery.INodeAgent.ProveWriteAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-prove-write")]
internal sealed record WriteEpoch : AgentOrder
{
    /// <summary>Whether it waits for the standbys.</summary>
    [Id(0)]
    public required bool Waits { get; init; }
}

/// <summary>See <see cref="Core.Recovery.INodeAgent.GrantLeaseAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-grant-lease")]
internal sealed record GrantLease : AgentOrder
{
    /// <summary>The primary that asks.</summary>
    [Id(0)]
    public required string Holder { get; init; }

    /// <summary>The lease's length.</summary>
    [Id(1)]
    public required TimeSpan Length { get; init; }
}
