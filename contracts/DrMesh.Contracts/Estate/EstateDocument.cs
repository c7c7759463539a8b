using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>Everything DrMesh guards, as one person wrote it down: regions, databases, files, services, and the policies that bind them.</summary>
/// <remarks>Entries with a name are kept sorted by it, so two files that differ in order only are the same estate.</remarks>
[GenerateSerializer, Immutable, Alias("drmesh.estate")]
public sealed record EstateDocument
{
    /// <summary>The estate nothing was ever applied to.</summary>
    public static EstateDocument Empty { get; } = new() { Regions = [] };

    /// <summary>The format's version.</summary>
    [Id(0), EstateKey("the version of this file's format", AtLeast = "1", AtMost = "1")]
    public int Version { get; init; } = 1;

    /// <summary>A title for people.</summary>
    [Id(1), EstateKey("a title for people")]
    public string? Title { get; init; }

    /// <summary>Where things run.</summary>
    [Id(2), EstateKey("where things run: each region with its nodes", AtLeast = "1")]
    public required ImmutableArray<RegionDefinition> Regions { get; init; }

    /// <summary>What is promised: objectives, failover, backup, retention.</summary>
    [Id(3), EstateKey("what is promised: objectives, failover, backup and retention, to be named by clusters, file trees and applications")]
    public ImmutableArray<PolicyDefinition> Policies { get; init; } = [];

    /// <summary>Where backups and archives are stored.</summary>
    [Id(4), EstateKey("where backups and archives are stored, one entry for each tier")]
    public ImmutableArray<RepositoryDefinition> Repositories { get; init; } = [];

    /// <summary>Database clusters.</summary>
    [Id(5), EstateKey("database clusters: PostgreSQL with streaming replication, MongoDB replica sets")]
    public ImmutableArray<ClusterDefinition> Clusters { get; init; } = [];

    /// <summary>Directories that are backed up and restored as a whole.</summary>
    [Id(6), EstateKey("directories that are backed up and restored as a whole")]
    public ImmutableArray<FileTreeDefinition> FileTrees { get; init; } = [];

    /// <summary>The DNS servers or services whose records DrMesh changes.</summary>
    [Id(7), EstateKey("the DNS servers or services whose records are changed")]
    public ImmutableArray<DnsProviderDefinition> DnsProviders { get; init; } = [];

    /// <summary>What clients find by a DNS name.</summary>
    [Id(8), EstateKey("what clients find by a DNS name, and what the name answers in each region")]
    public ImmutableArray<ServiceDefinition> Services { get; init; } = [];

    /// <summary>Calls to the outside: webhooks and commands.</summary>
    [Id(9), EstateKey("calls to the outside: webhooks and commands with time limits")]
    public ImmutableArray<HookDefinition> Hooks { get; init; } = [];

    /// <summary>What fails over, is backed up and is restored together.</summary>
    [Id(10), EstateKey("what fails over, is backed up and is restored together")]
    public ImmutableArray<ApplicationDefinition> Applications { get; init; } = [];

    /// <summary>What happens by the clock.</summary>
    [Id(11), EstateKey("what happens by the clock")]
    public ImmutableArray<ScheduleDefinition> Schedules { get; init; } = [];
}
