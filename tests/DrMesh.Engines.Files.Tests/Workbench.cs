using System.Diagnostics;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Files;
using DrMesh.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrMesh.Engines.Files.Tests;

/// <summary>A tree to snapshot, a place to restore to, a repository and the engine.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    private readonly TestDirectory _directory;
    private int _count;

    private Workbench(TestDirectory directory)
    {
        _directory = directory;
        Directory.CreateDirectory(Tree);
    }

    public string Tree => Path.Combine(_directory.Path, "tree");

    public string Target => Path.Combine(_directory.Path, "target");

    public FakeRepository Repository { get; } = new();

    public IFileTreeEngine Engine { get; } = new FileTreeEngine(TimeProvider.System, NullLogger<FileTreeEngine>.Instance);

    public static async Task<Workbench> CreateAsync() => new(await TestDirectory.CreateAsync());

    /// <summary>A path of the tree, for the framework's own calls.</summary>
    public string In(string path) => Path.Combine(Tree, path);

    public string InTarget(string path) => Path.Combine(Target, path);

    public void Write(string path, string content) => Write(path, System.Text.Encoding.UTF8.GetBytes(content));

    public void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllBytes(In(path), content);
    }

    /// <summary>Lets the tree's files look as if they were last changed long ago, so that the next snapshot may trust their change times.</summary>
    public async Task LetTimesSettleAsync()
    {
        var newest = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(() => Task.FromResult(Stopwatch.GetElapsedTime(newest) > TimeSpan.FromSeconds(3.1)), TimeSpan.FromSeconds(30), () => "time passes");
    }

    public Task<FileTreeSnapshot> SnapshotAsync(string? parent = null, string[]? exclude = null, int attempts = 3) =>
        Engine.SnapshotAsync(Repository, Request($"b{++_count}", parent, exclude, attempts));

    /// <summary>A snapshot that is cancelled by <paramref name="stop"/>.</summary>
    public Task<FileTreeSnapshot> SnapshotUntilAsync(CancellationToken stop) =>
        Engine.SnapshotAsync(Repository, Request($"b{++_count}", null, null, 3), null, stop);

    public Task<FileTreeRestoreReport> RestoreAsync(string backup, bool delta = false, params string[] paths) =>
        Engine.RestoreAsync(
            Repository, new FileTreeRestoreRequest { Backup = new BackupId(backup), TargetDirectory = Target, Delta = delta, Paths = paths });

    public async Task<string> ChecksumAsync(string directory) => (await Engine.ChecksumAsync(new FileTreeScan { Directory = directory })).Value;

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private FileTreeSnapshotRequest Request(string id, string? parent, string[]? exclude, int attempts) => new()
    {
        Draft = new BackupDraft
        {
            Id = new BackupId(id),
            Engine = FileTreeFacts.Engine,
            Source = "tree",
            Parent = parent is null ? null : new BackupId(parent),
            StartedAt = TimeProvider.System.GetUtcNow(),
        },
        Scan = new FileTreeScan { Directory = Tree, Exclude = exclude ?? [], Attempts = attempts },
    };
}
