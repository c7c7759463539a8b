using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Hosting;

public sealed class PostgresInstanceTests
{
    [Fact]
    public async Task KillAndStart_CommittedRow_IsThere()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await server.ExecuteAsync("create table t(i int); insert into t values (7)");

        await server.KillAsync();
        server.Instance.ReadPostmasterPid().ShouldBeNull();
        await server.StartAsync();

        (await server.ScalarAsync<int>("select i from t")).ShouldBe(7);
        (await server.ScalarAsync<string>("show data_checksums")).ShouldBe("on");
    }

    [Fact]
    public async Task StartAsync_BrokenConfiguration_QuotesTheServersLog()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await server.StopAsync();
        await server.Instance.ConfigureAsync(new Dictionary<string, string> { ["no_such_setting"] = "1" }, TestContext.Current.CancellationToken);

        var failure = await Should.ThrowAsync<DrMesh.Contracts.Errors.DrMeshException>(server.StartAsync);

        failure.Hint.ShouldContain("no_such_setting");
    }
}
