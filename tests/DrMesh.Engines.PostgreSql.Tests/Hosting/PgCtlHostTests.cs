using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Hosting;

public sealed class PgCtlHostTests
{
    [Fact]
    public async Task PgCtl_DoesWhatAHostMust()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var host = new PgCtlHost(server.Instance);

        await DatabaseHostConformance.StopsAndStartsAsync(host, server, ShutdownMode.Immediate, TestContext.Current.CancellationToken);
        await DatabaseHostConformance.StopsAndStartsAsync(host, server, ShutdownMode.Fast, TestContext.Current.CancellationToken);
        await DatabaseHostConformance.StartsAsTheDirectorySaysAsync(host, server, TestContext.Current.CancellationToken);
        await DatabaseHostConformance.LeavesAStoppedServerAloneAsync(host, TestContext.Current.CancellationToken);
    }
}
