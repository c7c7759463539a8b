using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.Repository.Tests.Harness;

/// <summary>A random tree of files in memory that grows, shrinks and changes page by page, and how an engine backs it up.</summary>
internal sealed class TestTree(Random random)
{
    private const int Page = 8192;
    private static readonly DateTimeOffset Origin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly HashSet<(string Path, int Page)> _changed = [];
    private HashSet<string> _old = [];

    public SortedDictionary<string, byte[]> Files { get; private init; } = new(StringComparer.Ordinal);

    public static TestTree Create(Random random, int files = 12)
    {
        var tree = new TestTree(random);
        for (var i = 0; i < files; i++)
        {
            tree.AddFile();
        }

        return tree;
    }

    public SortedDictionary<string, byte[]> Snapshot() => new(Files.ToDictionary(file => file.Key, file => file.Value.ToArray()), StringComparer.Ordinal);

    /// <summary>Changes pages, adds, removes, lengthens and shortens files.</summary>
    public void Change()
    {
        foreach (var path in Files.Keys.ToArray())
        {
            switch (random.Next(6))
            {
                case 0:
                    Files.Remove(path);
                    break;
                case 1:
                    Resize(path, random.Next(0, 40) * Page);
                    break;
                case 2 or 3:
                    for (var i = random.Next(1, 6); i > 0 && Files[path].Length >= Page; i--)
                    {
                        ChangePage(path, random.Next(Files[path].Length / Page));
                    }

                    break;
            }
        }

        AddFile();
    }

    /// <summary>Backs the tree up with some workers; with a parent only changed pages are handed over.</summary>
    public async Task<BackupCommit> BackupAsync(IBackupRepository repository, string id, string? parent = null, Action<IBackupWriter>? beforeCommit = null)
    {
        var token = TestContext.Current.CancellationToken;
        await using var before = parent is null ? null : await repository.OpenAsync(new BackupId(parent), token);
        await using var writer = await repository.BeginAsync(Draft(id, parent), token);
        await Parallel.ForEachAsync(Files.Chunk(3), new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (files, _) =>
        {
            var gatherer = new PieceGatherer(writer);
            foreach (var (path, content) in files)
            {
                await AddAsync(writer, gatherer, path, content, before);
            }

            await gatherer.FlushAsync(token);
        });
        await writer.AddFileAsync(new BackupFile { Path = "dir/empty", Kind = BackupFileKind.Directory, Mode = (UnixFileMode)0b111_101_000, ModifiedAt = Origin }, token);
        await writer.AddFileAsync(new BackupFile { Path = "dir/link", Kind = BackupFileKind.SymbolicLink, LinkTarget = "../f0", ModifiedAt = Origin }, token);
        beforeCommit?.Invoke(writer);
        var commit = await writer.CommitAsync(new BackupCompletion { CompletedAt = Origin.AddMinutes(1), Facts = new Dictionary<string, string> { ["stop"] = id } }, token);
        _changed.Clear();
        _old = [.. Files.Keys];
        return commit;
    }

    public static BackupDraft Draft(string id, string? parent = null) => new()
    {
        Id = new BackupId(id),
        Engine = "files",
        Source = "tree",
        Parent = parent is null ? null : new BackupId(parent),
        StartedAt = Origin,
    };

    private async Task AddAsync(IBackupWriter writer, PieceGatherer gatherer, string path, byte[] bytes, IBackupReader? before)
    {
        var content = new FileContent();
        var file = new BackupFile { Path = path, Length = bytes.Length, Mode = (UnixFileMode)0b110_100_000, ModifiedAt = Origin };
        if (before is not null && _old.Contains(path) && await before.FindFileAsync(path) is { } old)
        {
            for (var page = 0; page * Page < bytes.Length; page++)
            {
                if (_changed.Contains((path, page)))
                {
                    await gatherer.AddAsync(bytes.AsMemory(page * Page, Math.Min(Page, bytes.Length - (page * Page))), content, page * (long)Page);
                }
            }

            await gatherer.FinishAsync(file with { Extents = old.Extents }, content);
            return;
        }

        const int cut = 128 << 10;
        for (var offset = 0; offset < bytes.Length; offset += cut)
        {
            var piece = bytes.AsMemory(offset, Math.Min(cut, bytes.Length - offset));
            if (piece.Length == cut)
            {
                content.Add(offset, new ChunkSlice(await writer.AddChunkAsync(piece), 0, piece.Length));
            }
            else
            {
                await gatherer.AddAsync(piece, content, offset);
            }
        }

        await gatherer.AddNotesAsync(BitConverter.GetBytes(bytes.Length), content);
        await gatherer.FinishAsync(file, content);
    }

    private void AddFile()
    {
        var path = random.Next(3) switch { 0 => $"f{random.Next(100)}", 1 => $"a/f{random.Next(100)}", _ => $"a/b/c/f{random.Next(100)}" };
        if (!Files.ContainsKey(path))
        {
            Files[path] = [];
            _old.Remove(path);
            Resize(path, random.Next(4) == 0 ? random.Next(2000) : random.Next(1, 60) * Page);
        }
    }

    private void Resize(string path, int length)
    {
        var bytes = Files[path];
        var from = bytes.Length;
        Array.Resize(ref bytes, length);
        Files[path] = bytes;
        for (var page = Math.Min(from, length) / Page; page * Page < length; page++)
        {
            ChangePage(path, page);
        }
    }

    private void ChangePage(string path, int page)
    {
        var bytes = Files[path].AsSpan(page * Page);
        bytes = bytes[..Math.Min(Page, bytes.Length)];
        switch (random.Next(4))
        {
            case 0:
                bytes.Clear();
                break;
            case 1:
                random.NextBytes(bytes);
                break;
            default:
                bytes.Fill((byte)random.Next(256));
                break;
        }

        _changed.Add((path, page));
    }
}
