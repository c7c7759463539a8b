using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;

namespace DrMesh.Silo.Tests;

/// <summary>The companion that ends a real server when its agent is gone or says nothing in time.</summary>
public sealed class GuardCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Armed_NobodyProlongsIt_ServerEndsAtTheMomentAndIsNoPrimaryAfterwards()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var guard = Guard(server);
        await guard.ArmAsync(In(30), Cancellation);
        await guard.ArmAsync(In(1.5), Cancellation);
        var armed = TimeProvider.System.GetTimestamp();

        await EndsAsync(server);
        guard.Dispose();
        await GoesAsync(server);

        TimeProvider.System.GetElapsedTime(armed).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.4));
        File.Exists(Path.Combine(server.DataDirectory, "standby.signal")).ShouldBeTrue("whoever starts it by hand gets a standby");
        (await File.ReadAllTextAsync(server.DataDirectory + ".drmesh-lease.json", Cancellation)).ShouldContain("\"HasLapsed\":true");
    }

    [Fact]
    public async Task Armed_AgentIsGone_ServerEndsAtOnce()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var guard = Guard(server);
        await guard.ArmAsync(long.MaxValue, Cancellation);

        // What the kernel does with the pipe of a process that dies.
        guard.Dispose();

        await EndsAsync(server);
        await GoesAsync(server);
    }

    [Fact]
    public async Task Armed_PipeBreaks_ServerEndsAsIfTheAgentWereGone()
    {
        await using var server = await PostgresServer.StartNewAsync();

        var serving = ServerGuard.ServeAsync(server.Instance, new BreakingPipe($"{long.MaxValue}"), TextWriter.Null, TimeProvider.System);

        await EndsAsync(server);
        await serving.WaitAsync(Patience, TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task NotBound_OrAStandby_AgentIsGone_ServerGoesOn()
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await using var standby = await PostgresServer.StartStandbyAsync(primary, "standby");
        var (first, second) = (Guard(primary), Guard(standby));
        await first.ArmAsync(In(30), Cancellation);
        await first.ArmAsync(null, Cancellation);
        await second.ArmAsync(In(0), Cancellation);
        first.Dispose();
        second.Dispose();

        // The two companions end with their input; whatever they do, they have done by then.
        await GoesAsync(primary);
        await GoesAsync(standby);
        primary.Instance.ReadPostmasterPid().ShouldNotBeNull();
        standby.Instance.ReadPostmasterPid().ShouldNotBeNull();
    }

    [Fact]
    public async Task Companion_DoesNotStand_IsSaidWithWhatToTry()
    {
        using var guard = new ServerGuard(["/bin/false"], "/nowhere", TimeProvider.System);

        var refused = await Should.ThrowAsync<DrMeshException>(() => guard.ArmAsync(In(1), Cancellation));

        refused.Message.ShouldContain("the guard of /nowhere does not stand");
        refused.Hint.ShouldContain("/bin/false /nowhere");
    }

    private static ServerGuard Guard(PostgresServer server) => new([Programs.Silo, ServerGuard.Command], server.DataDirectory, TimeProvider.System);

    private static long In(double seconds) => TimeProvider.System.GetTimestamp() + (long)(seconds * TimeProvider.System.TimestampFrequency);

    private static Task<TimeSpan> EndsAsync(PostgresServer server) =>
        Eventually.HoldsAsync(() => Task.FromResult(server.Instance.ReadPostmasterPid() is null), Patience, () => "the server goes on", Cancellation);

    private static Task<TimeSpan> GoesAsync(PostgresServer server) =>
        Eventually.HoldsAsync(() => Task.FromResult(!IsGuarded(server)), Patience, () => "the companion stays", Cancellation);

    private static bool IsGuarded(PostgresServer server) => Directory.EnumerateDirectories("/proc").Any(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).EndsWith($"{ServerGuard.Command}\0{server.DataDirectory}\0", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    /// <summary>Gives one line, then breaks.</summary>
    private sealed class BreakingPipe(string line) : TextReader
    {
        private bool _isBroken;

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task<string?> ReadLineAsync()
        {
            if (_isBroken)
            {
                throw new IOException("broken pipe");
            }

            _isBroken = true;
            return Task.FromResult<string?>(line);
        }
    }
}
