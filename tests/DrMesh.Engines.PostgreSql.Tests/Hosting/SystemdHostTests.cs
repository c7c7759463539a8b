using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Hosting;

/// <summary>The unit host against a fake <c>systemctl</c>, first on PATH, that starts a real server by <c>pg_ctl</c> and sends it real signals; no systemd runs where the tests do.</summary>
[Collection(nameof(FakeSystemctl))]
public sealed class SystemdHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ShutdownMode.Fast, "shut down")]
    [InlineData(ShutdownMode.Immediate, "in production")]
    public async Task StopAndStart_SayHowToTheServerAndWaitForIt(ShutdownMode mode, string left)
    {
        await using var server = await PostgresServer.StartNewAsync();
        using var systemctl = await FakeSystemctl.PutFirstAsync(server.Instance);
        var host = new SystemdHost(server.Instance, "postgresql@15-main.service", TimeProvider.System);
        host.IsRunning.ShouldBeTrue();

        await host.StopAsync(mode, Cancellation);

        host.IsRunning.ShouldBeFalse();
        (await server.Instance.ReadControlDataAsync(Cancellation))["Database cluster state"].ShouldBe(left);
        systemctl.Calls.ShouldBe(
        [
            "--no-ask-password stop --no-block postgresql@15-main.service",
            $"--no-ask-password kill --kill-whom=main --signal={(mode == ShutdownMode.Fast ? "SIGINT" : "SIGQUIT")} postgresql@15-main.service",
        ]);
        await host.StopAsync(mode, Cancellation);

        await host.StartAsync(Cancellation);
        await server.ExecuteAsync("select 1");
        await host.StartAsync(Cancellation);
        host.IsRunning.ShouldBeTrue();
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
