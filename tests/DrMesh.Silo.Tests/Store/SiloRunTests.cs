using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Silo.Tests.Settings;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;

namespace DrMesh.Silo.Tests.Store;

/// <summary><c>drmesh silo run</c> before a store it cannot work with: one sentence, an exit code, and no member of the mesh.</summary>
public sealed class SiloRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_StoreDown_IsUnreachable()
    {
        var port = LoopbackPort.Next();

        var run = await RunAsync($"Host=127.0.0.1;Port={port};Database=drmesh;Username=drmesh");

        run.ExitCode.ShouldBe(ExitCodes.Unreachable);
        run.Error.ShouldBe($"drmesh: control store 127.0.0.1:{port}/drmesh does not answer: Connection refused; "
            + "start it (drmesh store start starts the local one), or correct the connection string (DRMESH_STORE)\n");
    }

    [Fact]
    public async Task Run_SchemaMissingOlderOrNewer_SaysWhatToDoAndLeavesTheStoreAsItIs()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var store = $"Host=127.0.0.1;Port={server.Port};Database=postgres;Username=postgres";

        var missing = await RunAsync(store);
        missing.ExitCode.ShouldBe(ExitCodes.Failed);
        missing.Error.ShouldContain(" has no DrMesh schema; ");
        missing.Error.ShouldEndWith("; run: drmesh store init\n");
        (await server.ScalarAsync<bool>("select to_regnamespace('drmesh') is null")).ShouldBeTrue();

        await ToolProcess.RunAsync(Command(["store", "init", "--connection", store]), Cancellation);
        await server.ExecuteAsync("create table kept as select * from drmesh.schema_version; delete from drmesh.schema_version where version > 4");
        var older = await RunAsync(store);
        older.ExitCode.ShouldBe(ExitCodes.Failed);
        older.Error.ShouldContain("has schema version 4; this program needs ");
        older.Error.ShouldEndWith("; run: drmesh store init\n");

        await server.ExecuteAsync("truncate drmesh.schema_version; insert into drmesh.schema_version select * from kept; insert into drmesh.schema_version (version, script) values (9000, '9000-future.sql')");
        var newer = await RunAsync(store);
        newer.ExitCode.ShouldBe(ExitCodes.Failed);
        newer.Error.ShouldContain("has schema version 9000; this program knows versions up to ");
        (await server.ScalarAsync<long>("select count(*) from orleansmembershiptable")).ShouldBe(0);
    }

    private static async Task<ToolResult> RunAsync(string store)
    {
        using var folder = await ConfigFolder.CreateAsync();
        folder.WriteConfig(folder.Good.Replace("Host=127.0.0.1;Database=drmesh;Username=drmesh", store, StringComparison.Ordinal));
        return await ToolProcess.RunAsync(Command(["silo", "run", "--config", folder.File]), Cancellation);
    }

    private static ToolCommand Command(string[] arguments) => new() { Program = Path.Combine(AppContext.BaseDirectory, "DrMesh.Silo"), Arguments = arguments };
}
