using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Hosting;

/// <summary>The unit host against a fake <c>systemctl</c>, first on PATH, that starts a real server by <c>pg_ctl</c> and sends it real signals; no systemd runs where the tests do.</summary>
[Collection(nameof(FakeSystemctl))]
public sealed class SystemdHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ShutdownMode.Fast, "SIGINT")]
    [InlineData(ShutdownMode.Immediate, "SIGQUIT")]
    public async Task StopAndStart_SayHowToTheServerAndWaitForIt(ShutdownMode mode, string signal)
    {
        await using var server = await PostgresServer.StartNewAsync();
        using var systemctl = await FakeSystemctl.PutFirstAsync(server.Instance);
        var host = new SystemdHost(server.Instance, "postgresql@15-main.service", TimeProvider.System);

        await DatabaseHostConformance.StopsAndStartsAsync(host, server, mode, Cancellation);

        systemctl.Calls.Take(2).ShouldBe(
        [
            "--no-ask-password stop --no-block postgresql@15-main.service", $"--no-ask-password kill --kill-whom=main --signal={signal} postgresql@15-main.service",
        ]);
        await DatabaseHostConformance.StartsAsTheDirectorySaysAsync(host, server, Cancellation);
        await DatabaseHostConformance.LeavesAStoppedServerAloneAsync(host, Cancellation);
    }

    [Fact]
    public async Task Start_NotAllowed_SaysWhatTheSiloNeeds()
    {
        await using var server = await PostgresServer.StartNewAsync();
        using var systemctl = await FakeSystemctl.PutFirstAsync(server.Instance, refuses: true);

        var refused = await Should.ThrowAsync<DrMeshException>(() => new SystemdHost(server.Instance, "pg.service", TimeProvider.System).StartAsync(Cancellation));

        refused.Message.ShouldContain("Interactive authentication required");
        refused.Hint.ShouldContain("polkit");
    }
}
