using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Keys;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;
using DrMesh.TestKit;

namespace DrMesh.Engines.Repository.Tests.Harness;

/// <summary>A repository in a temporary directory, with as many local tiers as asked for, under one key.</summary>
internal sealed class TestRepository : IDisposable
{
    private readonly TestDirectory _directory;
    private readonly int _tiers;

    private TestRepository(TestDirectory directory, int tiers, (string Id, byte[] Key) key)
    {
        _directory = directory;
        _tiers = tiers;
        Key = key;
    }

    public (string Id, byte[] Key) Key { get; }

    public string Directory => _directory.Path;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Wraps each tier's store the next time it is opened.</summary>
    public Func<int, IObjectStore, IObjectStore> Wrap { get; set; } = (_, store) => store;

    public static async Task<TestRepository> CreateAsync(int tiers = 1, TimeProvider? time = null, (string Id, byte[] Key)? key = null) =>
        new(await TestDirectory.CreateAsync(), tiers, key ?? KeyFile.Generate()) { Time = time ?? TimeProvider.System };

    public string TierPath(int tier) => Path.Combine(_directory.Path, $"tier{tier}");

    public string NewDirectory(string name) => Path.Combine(_directory.Path, name);

    public async Task<IBackupRepository> OpenAsync(OtherKey? key = null, bool create = true)
    {
        var chosen = key?.Key ?? Key;
        var tiers = Enumerable.Range(0, _tiers).Select(number =>
            new Tier($"t{number}", Wrap(number, new LocalStore(TierPath(number))), new FileKeySource(chosen.Id, chosen.Key), lockFor: null)).ToArray();
        return new BackupRepository(await TierSet.OpenAsync(tiers, create, Time, TestContext.Current.CancellationToken), Time);
    }

    /// <summary>Every object's file of a tier.</summary>
    public string[] Objects(int tier = 0) => [.. System.IO.Directory.EnumerateFiles(TierPath(tier), "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/.tmp/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public string KeyOf(string file, int tier = 0) => Path.GetRelativePath(TierPath(tier), file);

    public void Dispose() => _directory.Dispose();
}

/// <summary>Another key than the repository's own.</summary>
internal sealed record OtherKey((string Id, byte[] Key) Key);
