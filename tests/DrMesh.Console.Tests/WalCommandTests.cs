using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Engines.Repository.Hosting;
using DrMesh.Engines.Repository.Keys;
using DrMesh.TestKit;

namespace DrMesh.Console.Tests;

/// <summary>What PostgreSQL sees of <c>drmesh wal push</c> and <c>fetch</c>: exit codes and files.</summary>
public sealed class WalCommandTests : IAsyncLifetime
{
    private const string Segment = "000000010000000000000007";
    private TestDirectory _directory = null!;

    private string Store => $"file://{_directory.Path}/store";

    private string Key => $"file://{_directory.Path}/key";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _directory = await TestDirectory.CreateAsync();
        KeyFile.Create(Path.Combine(_directory.Path, "key"));
        await using var repository = await OpenAsync();
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task PushAndFetch_Segment_IsTheSameAndPushIsRepeatable()
    {
        var content = Content(1);
        var path = await WriteAsync(Segment, content);

        (await RunAsync("push", path)).ExitCode.ShouldBe(0);
        (await RunAsync("push", path)).ExitCode.ShouldBe(0, "PostgreSQL repeats after a crash");
        var target = Path.Combine(_directory.Path, "RECOVERYXLOG");
        (await RunAsync("fetch", Segment, target)).ExitCode.ShouldBe(0);

        (await File.ReadAllBytesAsync(target, Token)).ShouldBe(content);
    }

    [Fact]
    public async Task Push_OtherContentUnderTheSameName_IsRefused()
    {
        await RunAsync("push", await WriteAsync(Segment, Content(1)));

        var second = await RunAsync("push", await WriteAsync(Segment, Content(2)));

        second.ExitCode.ShouldBe(1);
        second.Error.ShouldContain(Segment);
    }

    [Fact]
    public async Task Fetch_FileTheArchiveLacks_IsTheEndOfTheLog() =>
        (await RunAsync("fetch", "00000002.history", Path.Combine(_directory.Path, "x"))).ExitCode.ShouldBe(1);

    [Fact]
    public async Task Fetch_TroubleWithTheRepository_StopsRecovery()
    {
        Directory.Move(Path.Combine(_directory.Path, "store"), Path.Combine(_directory.Path, "elsewhere"));

        (await RunAsync("fetch", Segment, Path.Combine(_directory.Path, "x"))).ExitCode.ShouldBe(200, "anything up to 125 would be taken for the end of the log");
    }

    [Fact]
    public async Task Fetch_SegmentStillBeingFilled_IsFilledWithZeros()
    {
        var content = Content(3);
        await using (var repository = await OpenAsync())
        {
            await repository.OpenLog("orders", "tier1").WritePartialAsync(new LogName("00000001", Segment), content.AsMemory(0, 8192), Token);
        }

        var target = Path.Combine(_directory.Path, "RECOVERYXLOG");
        (await RunAsync("fetch", Segment, target)).ExitCode.ShouldBe(0);

        var fetched = await File.ReadAllBytesAsync(target, Token);
        fetched.Length.ShouldBe(content.Length);
        fetched.AsSpan(0, 8192).SequenceEqual(content.AsSpan(0, 8192)).ShouldBeTrue();
        fetched.AsSpan(8192).ContainsAnyExcept((byte)0).ShouldBeFalse();
    }

    [Fact]
    public async Task Push_NoRepositoryNamed_IsAUsageError() =>
        (await ConsoleRun.Async("wal", "push", await WriteAsync(Segment, Content(1)))).ExitCode.ShouldBe(2);

    // A megabyte that says in its first page's header that segments are that long.
    private static byte[] Content(byte seed)
    {
        var bytes = new byte[1 << 20];
        new Random(seed).NextBytes(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(32), bytes.Length);
        return bytes;
    }

    private async Task<string> WriteAsync(string name, byte[] content)
    {
        var path = Path.Combine(_directory.Path, name);
        await File.WriteAllBytesAsync(path, content, Token);
        return path;
    }

    private Task<ConsoleRun> RunAsync(string verb, params string[] arguments) =>
        ConsoleRun.Async(["wal", verb, .. arguments, .. verb == "fetch" ? ["--prefetch", "false"] : Array.Empty<string>(), "--repo", Store, "--key", Key, "--cluster", "orders"]);

    private Task<IBackupRepository> OpenAsync() => RepositoryHosting.CreateFactory(TimeProvider.System).OpenAsync(
        new RepositoryDescription { Tiers = [new TierAddress { Name = "tier1", Url = Store, Key = Key }], Create = true }, Token);
}
