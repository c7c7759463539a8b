using System.Net;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Silo.Tests.Endpoints;

/// <summary>What monitoring and systemd see of one silo.</summary>
public sealed class HealthEndpointsTests
{
    [Fact]
    public async Task OneSilo_HealthReadinessAndMetrics_AnswerWhatMonitoringReads()
    {
        await using var mesh = await MeshFixture.StartNewAsync("a");
        var silo = mesh.Silo("a");

        (await silo.GetAsync("/healthz")).ShouldBe((HttpStatusCode.OK, "alive\n"));
        var ready = (await silo.GetAsync("/readyz")).ShouldNotBeNull();
        ready.Status.ShouldBe(HttpStatusCode.OK);
        ready.Body.ShouldContain("\"node\":\"a/node-1\"");
        var metrics = "";
        string[] expected = ["drmesh_control_store_reachable", "drmesh_control_store_roundtrip_seconds", "drmesh_region_silos", "orleans_", "npgsql_"];
        await Eventually.HoldsAsync(
            async () =>
            {
                metrics = (await silo.GetAsync("/metrics"))?.Body ?? "";
                return expected.All(name => metrics.Contains(name, StringComparison.Ordinal));
            },
            TimeSpan.FromSeconds(30),
            () => metrics,
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task SecondSilo_StoreGone_SaysInOneSentenceWhyItDoesNotStart()
    {
        await using var mesh = await MeshFixture.StartNewAsync("a");
        await mesh.Silo("a").StopAsync();
        await mesh.KillStoreAsync();

        var run = await mesh.RunAsync(Programs.Silo, "silo", "run", "--config", mesh.Silo("a").Config);

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldStartWith("drmesh: control store 127.0.0.1:");
        run.Error.ShouldContain("does not answer");
        run.Error.Trim().ShouldNotContain("\n");
    }
}
