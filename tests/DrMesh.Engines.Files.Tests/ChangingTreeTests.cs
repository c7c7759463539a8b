using DrMesh.Core.Backups;

namespace DrMesh.Engines.Files.Tests;

/// <summary>Somebody writes to the tree while it is read.</summary>
public sealed class ChangingTreeTests
{
    [Fact]
    public async Task FileChangesOnce_IsReadAgain_AndRecordedWhole()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        bench.Write("f", new byte[] { 1, 2, 3 }.Concat(SnapshotTests.Pattern(3_000_000)).ToArray());
        var after = SnapshotTests.Pattern(3_100_000);
        var changed = 0;
        bench.Fake.OnChunk = _ =>
        {
            if (Interlocked.Exchange(ref changed, 1) == 0)
            {
                File.WriteAllBytes(bench.In("f"), after);
            }
        };

        var snapshot = await bench.SnapshotAsync();

        snapshot.Unsettled.ShouldBe(0);
        await bench.RestoreAsync("b1");
        File.ReadAllBytes(bench.InTarget("f")).ShouldBe(after);
    }

    [Fact]
    public async Task FileAlwaysChanges_IsRecordedAndNamed()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        bench.Write("log/busy", SnapshotTests.Pattern(2_000_000));
        bench.Fake.OnChunk = _ => File.AppendAllText(bench.In("log/busy"), "line\n");

        var snapshot = await bench.SnapshotAsync();

        snapshot.Unsettled.ShouldBe(1);
        snapshot.Commit.Summary.Warnings.ShouldBe(["log/busy changed each of the 3 times it was read; what is recorded may mix two states"]);
        bench.Fake.FilesOf("b1").ShouldContainKey("log/busy");
    }

    [Fact]
    public async Task FileMovedToADirectoryReadBefore_IsFoundAgain()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        bench.Write("a/one", "1");
        bench.Write("m", SnapshotTests.Pattern(2_000_000));
        bench.Write("z/moves", "2");
        bench.Write("z/new/inner", "3");
        var moved = 0;
        bench.Fake.OnChunk = _ =>
        {
            if (Interlocked.Exchange(ref moved, 1) == 0)
            {
                File.Move(bench.In("z/moves"), bench.In("a/moved"));
                Directory.Move(bench.In("z/new"), bench.In("a/new"));
            }
        };

        var snapshot = await bench.SnapshotAsync();

        snapshot.Unsettled.ShouldBe(0);
        bench.Fake.FilesOf("b1").Keys.ShouldContain("a/moved");
        bench.Fake.FilesOf("b1").Keys.ShouldContain("a/new/inner");
    }

    [Fact]
    public async Task FilesReplacedAllTheTime_EachIsOneOfItsStates()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        const int Files = 40;
        byte[] Content(int file, int version) => [.. Enumerable.Repeat((byte)((file + version) % 251 + 1), 200_000)];
        for (var i = 0; i < Files; i++)
        {
            bench.Write($"d{i % 4}/f{i}", Content(i, 0));
        }

        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                for (var version = 1; !stop.IsCancellationRequested; version++)
                {
                    var file = version % Files;
                    bench.Write($"d{file % 4}/f{file}.new", Content(file, version));
                    File.Move(bench.In($"d{file % 4}/f{file}.new"), bench.In($"d{file % 4}/f{file}"), overwrite: true);
                }
            },
            TestContext.Current.CancellationToken);
        var snapshot = await bench.SnapshotAsync(exclude: ["*.new"]);
        await stop.CancelAsync();
        await writer;

        await bench.RestoreAsync("b1");
        var mixed = Directory.EnumerateFiles(bench.Target, "*", SearchOption.AllDirectories)
            .Where(path => File.ReadAllBytes(path) is var bytes && (bytes.Length != 200_000 || bytes.AsSpan().IndexOfAnyExcept(bytes[0]) >= 0))
            .Select(path => Path.GetRelativePath(bench.Target, path));
        mixed.Where(path => !snapshot.Commit.Summary.Warnings.Any(warning => warning.StartsWith(path, StringComparison.Ordinal))).ShouldBeEmpty();
        bench.Fake.FilesOf("b1").Values.Count(file => file.Kind == BackupFileKind.File).ShouldBe(Files);
    }
}
