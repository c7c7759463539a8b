using System.Diagnostics;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Files;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrMesh.Engines.Files.Tests;

/// <summary>
/// A tree to snapshot, a place to restore to, a repository and the engine. The repository is a real one in a local directory, unless a test wants to look into it or make it fail: then
/// a fake in memory.
/// </summary>
internal sealed class Workbench : IAsyncDisposable
{
    private readonly TestDirectory _directory;
    private readonly IBackupRepository _repository;
    private int _count;

    private Workbench(TestDirectory directory, IBackupRepository repository)
    {
        _directory = directory;
        _repository = repository;
        Directory.CreateDirectory(Tree);
    }

    public string Tree => Path.Combine(_directory.Path, "tree");

    public string Target => Path.Combine(_directory.Path, "target");

    public FakeRepository Fake => (FakeRepository)_repository;

    public IFileTreeEngine Engine { get; } = new FileTreeEngine(TimeProvider.System, NullLogger<FileTreeEngine>.Instance);

    public static async Task<Workbench> CreateAsync()
    {
        var directory = await TestDirectory.CreateAsync();
        return new Workbench(directory, await LocalRepository.OpenAsync(Path.Combine(directory.Path, "repository")));
    }

    public static async Task<Workbench> CreateWithFakeAsync() => new(await TestDirectory.CreateAsync(), new FakeRepository());

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
        Engine.SnapshotAsync(_repository, Request($"b{++_count}", parent, exclude, attempts));

    /// <summary>A snapshot that is cancelled by <paramref name="stop"/>.</summary>
    public Task<FileTreeSnapshot> SnapshotUntilAsync(CancellationToken stop) =>
        Engine.SnapshotAsync(_repository, Request($"b{++_count}", null, null, 3), null, stop);

    public Task<FileTreeRestoreReport> RestoreAsync(string backup, bool delta = false, params string[] paths) =>
        Engine.RestoreAsync(
            _repository, new FileTreeRestoreRequest { Backup = new BackupId(backup), TargetDirectory = Target, Delta = delta, Paths = paths });

    public async Task<string> ChecksumAsync(string directory) => (await Engine.ChecksumAsync(new FileTreeScan { Directory = directory })).Value;

    public async ValueTask DisposeAsync()
    {
        await _repository.DisposeAsync();
        _directory.Dispose();
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
