using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Files;
using DrMesh.Engines.Processes;

namespace DrMesh.Engines.Files.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public async Task Snapshot_OfEveryKind_RestoresTheSameTree()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("a.txt", "hello");
        bench.Write("dir/b.bin", Pattern(5_000_000));
        bench.Write("dir/empty", []);
        Directory.CreateDirectory(bench.In("dir/nothing"));
        File.CreateSymbolicLink(bench.In("link"), "dir/b.bin");
        File.CreateSymbolicLink(bench.In("dangling"), "/no/such/place");
        File.SetUnixFileMode(bench.In("a.txt"), UnixFileMode.UserRead);
        File.SetUnixFileMode(bench.In("dir"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.StickyBit);

        var snapshot = await bench.SnapshotAsync();
        var report = await bench.RestoreAsync("b1");

        report.Warnings.ShouldBeEmpty();
        snapshot.Commit.Summary.Warnings.ShouldBeEmpty();
        (snapshot.Checksum.Files, snapshot.Checksum.Directories, snapshot.Checksum.SymbolicLinks).ShouldBe((3, 2, 2));
        snapshot.Commit.Summary.Facts[FileTreeFacts.Checksum].ShouldBe(snapshot.Checksum.Value);
        (await bench.ChecksumAsync(bench.Tree)).ShouldBe(snapshot.Checksum.Value);
        (await bench.ChecksumAsync(bench.Target)).ShouldBe(snapshot.Checksum.Value);
        (await ListAsync(bench.Target)).ShouldBe(await ListAsync(bench.Tree));
    }

    [Fact]
    public async Task Snapshot_Incremental_ReadsOnlyWhatChanged()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("same", Pattern(3_000_000));
        bench.Write("small", "x");
        bench.Write("changes", "before");
        // Whole seconds: exactly the same modification time can then be set again, and only the change time tells.
        var written = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(bench.In("changes"), written);
        await bench.LetTimesSettleAsync();
        var full = await bench.SnapshotAsync();
        File.WriteAllText(bench.In("changes"), "after!");
        File.SetLastWriteTimeUtc(bench.In("changes"), written);

        var incremental = await bench.SnapshotAsync("b1");

        incremental.Unchanged.ShouldBe(2);
        incremental.Checksum.Value.ShouldNotBe(full.Checksum.Value);
        await bench.RestoreAsync("b2");
        File.ReadAllText(bench.InTarget("changes")).ShouldBe("after!");
        (await bench.ChecksumAsync(bench.Target)).ShouldBe(incremental.Checksum.Value);
    }

    [Fact]
    public async Task Snapshot_FileWrittenAMomentBefore_IsReadAgainNextTime()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("fresh", "one");
        await bench.SnapshotAsync();

        (await bench.SnapshotAsync("b1")).Unchanged.ShouldBe(0, "a second change in the same clock tick would not show");
    }

    [Fact]
    public async Task Snapshot_HardLinks_StayOneFile()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("z/first", Pattern(10_000));
        await RunAsync("ln", bench.In("z/first"), bench.In("a"));
        await RunAsync("ln", bench.In("z/first"), bench.In("zz"));

        var snapshot = await bench.SnapshotAsync();
        var report = await bench.RestoreAsync("b1");

        snapshot.Commit.Summary.Facts[FileTreeFacts.HardLinks].ShouldBe("2");
        report.HardLinks.ShouldBe(2);
        (await InodesAsync(bench, "a", "z/first", "zz")).Distinct().ShouldHaveSingleItem();
        (await bench.ChecksumAsync(bench.Target)).ShouldBe(snapshot.Checksum.Value);
    }

    [Fact]
    public async Task Restore_ByPath_OfHardLinksWithoutTheirFirstName_LinksTheRest()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("a", "content");
        bench.Write("d/other", "not linked");
        await RunAsync("ln", bench.In("a"), bench.In("d/x"));
        await RunAsync("ln", bench.In("a"), bench.In("d/y"));
        await bench.SnapshotAsync();

        await bench.RestoreAsync("b1", false, "d");

        File.Exists(bench.InTarget("a")).ShouldBeFalse();
        File.ReadAllText(bench.InTarget("d/y")).ShouldBe("content");
        (await InodesAsync(bench, "d/x", "d/y")).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Snapshot_ExtendedAttributesAndNanoseconds_AreKept()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("f", "x");
        await RunAsync("touch", "-d", "2001-02-03 04:05:06.123456789", bench.In("f"));
        using (var root = Posix.TreeRoot.Open(bench.Tree))
        using (var handle = root.OpenName("f"))
        {
            Posix.ExtendedAttributes.Set(handle, "user.origin", [1, 0, 2]);
        }

        await bench.SnapshotAsync();
        await bench.RestoreAsync("b1");

        using var target = Posix.TreeRoot.Open(bench.Target);
        using var restored = target.OpenName("f");
        Posix.FileStatus.Of(restored).ModifiedAt.Nanoseconds.ShouldBe(123456789u);
        Posix.ExtendedAttributes.Read(restored).ShouldContain(attribute => attribute.Name == "user.origin" && attribute.Value.SequenceEqual(new byte[] { 1, 0, 2 }));
    }

    [Fact]
    public async Task Snapshot_SparseFile_StoresOnlyItsData()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        using (var file = new FileStream(bench.In("disk"), FileMode.Create))
        {
            file.SetLength(1L << 40);
            file.Position = 300_000_000_123;
            file.Write([1, 2, 3]);
        }

        var snapshot = await bench.SnapshotAsync();

        snapshot.Checksum.Bytes.ShouldBe(1L << 40);
        bench.Fake.ChunkBytes.ShouldBeLessThan(100_000);
        await bench.RestoreAsync("b1");
        (await bench.ChecksumAsync(bench.Target)).ShouldBe(snapshot.Checksum.Value);
    }

    [Fact]
    public async Task Snapshot_SpecialFiles_AreNamedAndLeftOut()
    {
        await using var bench = await Workbench.CreateAsync();
        await RunAsync("mkfifo", bench.In("pipe"));

        var snapshot = await bench.SnapshotAsync();

        snapshot.Commit.Summary.Warnings.ShouldBe(["pipe is a named pipe and is not recorded"]);
        snapshot.Unreadable.ShouldBe(0);
    }

    [Fact]
    public async Task Snapshot_Exclusions_AreNotEntered()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        foreach (var path in new[] { "keep/a.txt", "keep/a.tmp", "cache/x", "keep/cache/x", "logs/2024/a.log", "logs/b.log" })
        {
            bench.Write(path, path);
        }

        await bench.SnapshotAsync(exclude: ["*.tmp", "/cache", "logs/**/*.log"]);

        bench.Fake.FilesOf("b1").Values.Where(file => file.Kind == BackupFileKind.File).Select(file => file.Path)
            .ShouldBe(["keep/a.txt", "keep/cache/x"]);
    }

    [Fact]
    public async Task Snapshot_MissingTree_IsOneClearError()
    {
        await using var bench = await Workbench.CreateAsync();
        Directory.Delete(bench.Tree);

        var error = await Should.ThrowAsync<DrMeshException>(() => bench.SnapshotAsync());

        error.Code.ShouldBe(DrMeshError.FileTreeUnreadable);
        error.Message.ShouldContain("No such file or directory");
    }

    [Fact]
    public async Task Snapshot_CancelledInTheMiddle_LeavesNoBackupAndTheNextOneIsWhole()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        for (var i = 0; i < 50; i++)
        {
            bench.Write($"d{i % 5}/f{i}", Pattern(400_000 + i));
        }

        using var cancel = new CancellationTokenSource();
        bench.Fake.OnChunk = count =>
        {
            if (count >= 20)
            {
                cancel.Cancel();
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => bench.SnapshotUntilAsync(cancel.Token));
        (await bench.Fake.FindAsync(new("b1"), TestContext.Current.CancellationToken)).ShouldBeNull();
        bench.Fake.OnChunk = _ => { };

        var snapshot = await bench.SnapshotAsync();

        await bench.RestoreAsync("b2");
        (await bench.ChecksumAsync(bench.Target)).ShouldBe(snapshot.Checksum.Value);
    }

    [Fact]
    public async Task Snapshot_StoreFails_TellsTheStoresFailure()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        bench.Write("big", Pattern(4_000_000));
        bench.Fake.OnChunk = _ => throw new DrMeshException(DrMeshError.RepositoryStoreFull, "the store is full", "free some space");

        var error = await Should.ThrowAsync<DrMeshException>(() => bench.SnapshotAsync());

        error.Code.ShouldBe(DrMeshError.RepositoryStoreFull);
    }

    internal static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await ToolProcess.RunAsync(new ToolCommand { Program = program, Arguments = arguments });
        result.EnsureSuccess("it is part of every Debian");
        return result.Output;
    }

    // Paths, types, modes, owners, sizes, link counts, times to the nanosecond, link targets.
    private static Task<string> ListAsync(string directory) =>
        RunAsync("sh", "-c", "cd \"$1\" && find . -mindepth 1 -printf '%p %y %m %U:%G %n %T@ %l\\n' | sort", "sh", directory);

    private static async Task<string[]> InodesAsync(Workbench bench, params string[] paths) =>
        (await RunAsync("stat", ["-c", "%i", .. paths.Select(bench.InTarget)])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
