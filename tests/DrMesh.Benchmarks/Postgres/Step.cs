using System.Text.Json;
using DrMesh.Benchmarks.Frame;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.Engines.Repository.Hosting;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>What a child process of the benchmark does, so that its time, processor time and memory are its own and include the program's start.</summary>
internal sealed record Step
{
    /// <summary>The first word of the child's command line.</summary>
    public const string Word = "postgres-step";

    /// <summary><c>backup</c>, <c>restore</c>, <c>pitr</c>, <c>verify</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>The repository's URL.</summary>
    public required string Url { get; init; }

    /// <summary>The key's URL.</summary>
    public required string Key { get; init; }

    /// <summary>The server to back up.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>The backup.</summary>
    public string Backup { get; init; } = "";

    /// <summary>Whether it is a full one, or a restore is onto an existing directory.</summary>
    public bool Flag { get; init; }

    /// <summary>The directory to restore into.</summary>
    public string Target { get; init; } = "";

    /// <summary>The restore point to recover to, for <c>pitr</c>.</summary>
    public string RestorePoint { get; init; } = "";

    /// <summary>The restored server's port.</summary>
    public int Port { get; init; }

    /// <summary>How closely to verify.</summary>
    public VerifyDepth Depth { get; init; }

    /// <summary>Runs this as a child process and measures it.</summary>
    public Task<MeasuredRun> MeasureAsync(CancellationToken cancellationToken) =>
        MeasuredRun.OfAsync(Environment.ProcessPath!, [Word, JsonSerializer.Serialize(this)], null, cancellationToken);

    /// <summary>The child's side.</summary>
    public static async Task<int> RunAsync(string json)
    {
        var step = JsonSerializer.Deserialize<Step>(json)!;
        await using var repository = await step.OpenAsync(create: false);
        switch (step.Verb)
        {
            case "backup":
                await new PostgresBackup(step.ConnectionString, TimeProvider.System).RunAsync(
                    new PostgresBackupRequest { Id = new BackupId(step.Backup), Cluster = "bench", IsFull = step.Flag, Parallelism = 2 }, repository);
                break;
            case "restore":
                await Restore().RestoreFilesAsync(step.Request(RecoveryTarget.Latest), repository);
                break;
            case "pitr":
                var request = step.Request(RecoveryTarget.Named(step.RestorePoint));
                await Restore().RestoreFilesAsync(request, repository);
                await Restore().RecoverAsync(request, repository);
                break;
            default:
                var report = await repository.VerifyAsync(new VerifyRequest { Parallelism = 2, Depth = step.Depth });
                return report.Damages.Count;
        }

        return 0;
    }

    /// <summary>Opens the repository.</summary>
    public Task<IBackupRepository> OpenAsync(bool create) => RepositoryHosting.CreateFactory(TimeProvider.System).OpenAsync(
        new RepositoryDescription { Tiers = [new TierAddress { Name = "hot", Url = Url, Key = Key }], Create = create });

    private static PostgresRestore Restore() =>
        new(PostgresInstall.Find(), "Host=127.0.0.1;Username=postgres;Database=postgres", TimeProvider.System);

    private PostgresRestoreRequest Request(RecoveryTarget target) => new()
    {
        Backup = new BackupId(Backup),
        TargetDirectory = Target,
        Target = target,
        IsDelta = Flag,
        Port = Port == 0 ? null : Port,
        Parallelism = 2,
        Settings = new Dictionary<string, string> { ["unix_socket_directories"] = Path.GetDirectoryName(Target)! },
    };
}
