using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.Files.Tests;

public sealed class RestoreTests
{
    [Fact]
    public async Task Restore_ByPath_BringsTheSubtreeOnly()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("a/b/one", "1");
        bench.Write("a/bc/two", "2");
        bench.Write("three", "3");
        await bench.SnapshotAsync();

        await bench.RestoreAsync("b1", false, "/a/b/");

        Directory.EnumerateFiles(bench.Target, "*", SearchOption.AllDirectories).ShouldBe([bench.InTarget("a/b/one")]);
    }

    [Fact]
    public async Task Restore_UnknownPath_WritesNothing()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("a", "1");
        await bench.SnapshotAsync();

        var error = await Should.ThrowAsync<DrMeshException>(() => bench.RestoreAsync("b1", false, "a", "b"));

        error.Code.ShouldBe(DrMeshError.FileTreePathUnknown);
        Directory.Exists(bench.Target).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("a/../../out")]
    [InlineData("/etc/out")]
    [InlineData("a//b")]
    [InlineData("./a")]
    public async Task Restore_PathOutsideTheTop_WritesNothing(string path)
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        bench.Write("good", "1");
        await bench.SnapshotAsync();
        bench.Fake.Plant("b1", new BackupFile { Path = path });

        var error = await Should.ThrowAsync<DrMeshException>(() => bench.RestoreAsync("b1"));

        error.Code.ShouldBe(DrMeshError.FileTreeUnsafePath);
        Directory.Exists(bench.Target).ShouldBeFalse();
    }

    [Fact]
    public async Task Delta_SymbolicLinkInADirectorysPlace_IsNotFollowed()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("d/file", "backup");
        await bench.SnapshotAsync();
        bench.Write("../outside/file", "untouched");
        Directory.CreateDirectory(bench.Target);
        File.CreateSymbolicLink(bench.InTarget("d"), bench.In("../outside"));

        await bench.RestoreAsync("b1", delta: true);

        File.ReadAllText(bench.In("../outside/file")).ShouldBe("untouched");
        File.ReadAllText(bench.InTarget("d/file")).ShouldBe("backup");
    }

    [Fact]
    public async Task Delta_TargetFileIsHardLinkedElsewhere_TheOtherNameIsNotWrittenThrough()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("one", "1");
        bench.Write("two", "2");
        await bench.SnapshotAsync();
        bench.Write("../outside", "untouched");
        Directory.CreateDirectory(bench.Target);
        await SnapshotTests.RunAsync("ln", bench.In("../outside"), bench.InTarget("one"));
        File.WriteAllText(bench.InTarget("two"), "x");

        await bench.RestoreAsync("b1", delta: true);

        File.ReadAllText(bench.In("../outside")).ShouldBe("untouched");
        File.ReadAllText(bench.InTarget("one")).ShouldBe("1");
    }

    [Fact]
    public async Task Delta_OverTheSameTree_KeepsItsHardLinksAndChecksum()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Write("a", "linked");
        await SnapshotTests.RunAsync("ln", bench.In("a"), bench.In("b"));
        bench.Write("c", "alone");
        var snapshot = await bench.SnapshotAsync();
        await bench.RestoreAsync("b1");
        var inode = await SnapshotTests.RunAsync("stat", "-c", "%i", bench.InTarget("b"));
        File.WriteAllText(bench.InTarget("c"), "changed");

        var report = await bench.RestoreAsync("b1", delta: true);

        report.Warnings.ShouldBeEmpty();
        (await SnapshotTests.RunAsync("stat", "-c", "%i", bench.InTarget("a"))).ShouldBe(inode);
        (await bench.ChecksumAsync(bench.Target)).ShouldBe(snapshot.Checksum.Value);
    }

    [Fact]
    public async Task Restore_BackupOfAnotherEngine_IsRefused()
    {
        await using var bench = await Workbench.CreateWithFakeAsync();
        await using (var writer = await bench.Fake.BeginAsync(
            new BackupDraft { Id = new("pg"), Engine = "postgresql", Source = "orders", StartedAt = TimeProvider.System.GetUtcNow() },
            TestContext.Current.CancellationToken))
        {
            await writer.CommitAsync(new BackupCompletion { CompletedAt = TimeProvider.System.GetUtcNow() }, TestContext.Current.CancellationToken);
        }

        (await Should.ThrowAsync<DrMeshException>(() => bench.RestoreAsync("pg"))).Message.ShouldContain("postgresql");
    }
}
