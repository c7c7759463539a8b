using System.Text.Json;
using DrMesh.Benchmarks.Frame;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Files;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.Files;
using DrMesh.Engines.MongoDb;
using DrMesh.Engines.Repository.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrMesh.Benchmarks.Unified;

/// <summary>What a child process of the benchmark does, so that its time, processor time and memory are its own and include the program's start, as a peer's do.</summary>
internal sealed record UnifiedStep
{
    /// <summary>The first word of the child's command line.</summary>
    public const string Word = "unified-step";

    /// <summary><c>tree-backup</c>, <c>tree-restore</c>, <c>mongo-backup</c>, <c>mongo-restore</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>The repository's URL.</summary>
    public required string Url { get; init; }

    /// <summary>The key's URL.</summary>
    public required string Key { get; init; }

    /// <summary>The directory or replica set that is read or written.</summary>
    public required string Place { get; init; }

    /// <summary>The backup.</summary>
    public required string Backup { get; init; }

    /// <summary>The backup it is incremental to; null: none.</summary>
    public string? Parent { get; init; }

    /// <summary>Runs this as a child process and measures it.</summary>
    public Task<MeasuredRun> MeasureAsync(CancellationToken cancellationToken) =>
        MeasuredRun.OfAsync(Environment.ProcessPath!, [Word, JsonSerializer.Serialize(this)], null, cancellationToken);

    /// <summary>The child's side.</summary>
    public static async Task<int> RunAsync(string json)
    {
        var step = JsonSerializer.Deserialize<UnifiedStep>(json)!;
        await using var repository = await RepositoryHosting.CreateFactory(TimeProvider.System)
            .OpenAsync(new RepositoryDescription { Tiers = [new TierAddress { Name = "hot", Url = step.Url, Key = step.Key }] });
        var trees = new FileTreeEngine(TimeProvider.System, NullLogger<FileTreeEngine>.Instance);
        var mongo = new MongoEngine(TimeProvider.System, NullLogger<MongoEngine>.Instance);
        var backup = new BackupId(step.Backup);
        switch (step.Verb)
        {
            case "tree-backup":
                await trees.SnapshotAsync(repository, new FileTreeSnapshotRequest { Draft = step.Draft(FileTreeFacts.Engine), Scan = new FileTreeScan { Directory = step.Place } }, null, CancellationToken.None);
                break;
            case "tree-restore":
                await trees.RestoreAsync(repository, new FileTreeRestoreRequest { Backup = backup, TargetDirectory = step.Place }, null, CancellationToken.None);
                break;
            case "mongo-backup":
                await mongo.BackupAsync(repository, new MongoBackupRequest { Draft = step.Draft(MongoFacts.Engine), Address = new MongoAddress(step.Place) }, null, CancellationToken.None);
                break;
            default:
                await mongo.RestoreAsync(repository, new MongoRestoreRequest { Backup = backup, Target = new MongoAddress(step.Place), DropExisting = true }, null, CancellationToken.None);
                break;
        }

        return 0;
    }

    private BackupDraft Draft(string engine) => new()
    {
        Id = new BackupId(Backup),
        Engine = engine,
        Source = "bench",
        Parent = Parent is { } parent ? new BackupId(parent) : null,
        StartedAt = TimeProvider.System.GetUtcNow(),
    };
}
