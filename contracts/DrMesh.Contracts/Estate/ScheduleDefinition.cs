using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>What happens by the clock.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-schedule"), EstateOneOf("application", "cluster", "fileTree", "repository")]
public sealed record ScheduleDefinition
{
    /// <summary>The schedule's name.</summary>
    [Id(0), EstateName("the schedule's name")]
    public required string Name { get; init; }

    /// <summary>What is done.</summary>
    [Id(1), EstateKey("what is done")]
    public required ScheduledAction Action { get; init; }

    /// <summary>When.</summary>
    [Id(2), EstateKey("when", Format = ValueFormat.Cron)]
    public required string Cron { get; init; }

    /// <summary>The time zone of <see cref="Cron"/>.</summary>
    [Id(3), EstateKey("the time zone of cron", Format = ValueFormat.TimeZone)]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>To a whole application.</summary>
    [Id(4), EstateKey("to a whole application", RefersTo = "applications")]
    public string? Application { get; init; }

    /// <summary>To one cluster.</summary>
    [Id(5), EstateKey("to one cluster", RefersTo = "clusters")]
    public ClusterId? Cluster { get; init; }

    /// <summary>To one file tree.</summary>
    [Id(6), EstateKey("to one file tree", RefersTo = "fileTrees")]
    public string? FileTree { get; init; }

    /// <summary>To one repository.</summary>
    [Id(7), EstateKey("to one repository", RefersTo = "repositories")]
    public string? Repository { get; init; }

    /// <summary>How much of a backup is read again.</summary>
    [Id(8), EstateKey("backup: how much is read again")]
    public BackupKind Backup { get; init; } = BackupKind.Incremental;

    /// <summary>What goes first when two are due; higher first.</summary>
    [Id(9), EstateKey("what goes first when two are due; the higher first", AtLeast = "0", AtMost = "100")]
    public int Priority { get; init; } = 50;

    /// <summary>What it may use.</summary>
    [Id(10), EstateKey("what it may use of its machine")]
    public ResourceLimits Limits { get; init; } = new();

    /// <summary>What happens when resources are short at the due time.</summary>
    [Id(11), EstateKey("what happens when resources are short at the due time")]
    public WhenBusy WhenBusy { get; init; } = WhenBusy.Delay;
}
