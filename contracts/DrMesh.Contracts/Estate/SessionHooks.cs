using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>What is called around a failover, switchover or failback, in this order.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-session-hooks")]
public sealed record SessionHooks
{
    /// <summary>Before anything is changed; a failure stops the session.</summary>
    [Id(0), EstateKey("before anything is changed; a failure stops the session", RefersTo = "hooks")]
    public ImmutableArray<string> Before { get; init; } = [];

    /// <summary>After the names have moved: CDN origins, external endpoints.</summary>
    [Id(1), EstateKey("after the names have moved: CDN origins, external endpoints", RefersTo = "hooks")]
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>Told of every phase; a failure is recorded and stops nothing.</summary>
    [Id(2), EstateKey("told of every phase; a failure is recorded and stops nothing", RefersTo = "hooks")]
    public ImmutableArray<string> Notify { get; init; } = [];
}
