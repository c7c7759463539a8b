using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>What is promised for the clusters, file trees and applications that name this policy.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-policy")]
public sealed record PolicyDefinition
{
    /// <summary>The policy's name.</summary>
    [Id(0), EstateName("the policy's name")]
    public required string Name { get; init; }

    /// <summary>The most data, as a time, that may be lost.</summary>
    [Id(1), EstateKey("recovery point objective: the most data, as a time, that may be lost")]
    public TimeSpan Rpo { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest time until the service answers again.</summary>
    [Id(2), EstateKey("recovery time objective: the longest time until the service answers again", AtLeast = "1s")]
    public TimeSpan Rto { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How a failover is decided and limited.</summary>
    [Id(3), EstateKey("how a failover is decided and limited")]
    public FailoverPolicy Failover { get; init; } = new();

    /// <summary>When a primary counts as down.</summary>
    [Id(4), EstateKey("when a primary counts as down")]
    public DetectionPolicy Detection { get; init; } = new();

    /// <summary>How backups are made.</summary>
    [Id(5), EstateKey("how backups and archives are made")]
    public BackupPolicy Backup { get; init; } = new();

    /// <summary>Which backups stay.</summary>
    [Id(6), EstateKey("which backups stay (grandfather, father, son), and the window any time of which can be restored")]
    public RetentionPolicy Retention { get; init; } = new();
}
