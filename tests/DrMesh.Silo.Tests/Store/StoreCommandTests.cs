using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;

namespace DrMesh.Silo.Tests.Store;

/// <summary>The real program, started as a person starts it.</summary>
public sealed class StoreCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LocalStore_StartStatusStop_IsOneLife()
    {
        using var state = await TestDirectory.CreateAsync();
        try
        {
            var start = await StoreAsync(state, "start");
            start.ExitCode.ShouldBe(ExitCodes.Done, start.Error);
            start.Output.ShouldEndWith(": started\n");

            var again = await StoreAsync(state, "start");
            again.ExitCode.ShouldBe(ExitCodes.Done);
            again.Output.ShouldEndWith(": already running\n");

            var init = await StoreAsync(state, "init");
            init.Output.ShouldContain("already; nothing to do");

            var status = await StoreAsync(state, "status", "--output", "json");
            status.ExitCode.ShouldBe(ExitCodes.Done, status.Error);
            var shown = JsonDocument.Parse(status.Output).RootElement;
            shown.GetProperty("schemaVersion").GetInt32().ShouldBe(shown.GetProperty("neededVersion").GetInt32());
            shown.GetProperty("hosts")[0].GetProperty("role").GetString().ShouldBe("primary");
            shown.GetProperty("sizeBytes").GetInt64().ShouldBeGreaterThan(1_000_000);
            shown.GetProperty("rows").GetProperty("drmesh.audit").GetInt64().ShouldBe(0);
            shown.GetProperty("rows").GetProperty("public.orleansquery").GetInt64().ShouldBeGreaterThan(15);

            (await StoreAsync(state, "stop")).Output.ShouldBe("the local control store is stopped\n");
            (await StoreAsync(state, "stop")).Output.ShouldBe("the local control store was not running\n");

            var down = await StoreAsync(state, "status");
            down.ExitCode.ShouldBe(ExitCodes.Unreachable);
            down.Output.ShouldContain("unreachable  Connection refused");

            (await StoreAsync(state, "start")).Output.ShouldEndWith(": started\n");
            (await StoreAsync(state, "status")).Output.ShouldContain("current");
        }
        finally
        {
            await StoreAsync(state, "stop");
        }
    }

    [Fact]
    public async Task LocalStore_Init_KeepsTheSecretToItsOwner()
    {
        using var state = await TestDirectory.CreateAsync();
        try
        {
            var init = await StoreAsync(state, "init");

            init.ExitCode.ShouldBe(ExitCodes.Done, init.Error);
            init.Output.ShouldContain("applied 0001-membership.sql");
            var password = (await File.ReadAllTextAsync(Path.Combine(state.Path, "store.pgpass"), Cancellation)).Trim().Split(':')[^1];
            password.Length.ShouldBe(64);
            File.GetUnixFileMode(Path.Combine(state.Path, "store.pgpass")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(Path.Combine(state.Path, "store")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            (await File.ReadAllTextAsync(Path.Combine(state.Path, "store.connection"), Cancellation)).ShouldNotContain(password);
            var pid = new PostgresInstance(PostgresInstall.Find(), Path.Combine(state.Path, "store", "data")).ReadPostmasterPid().ShouldNotBeNull();
            (await File.ReadAllTextAsync($"/proc/{pid}/cmdline", Cancellation)).ShouldNotContain(password);
            if (Environment.IsPrivilegedProcess)
            {
                (await File.ReadAllTextAsync($"/proc/{pid}/status", Cancellation)).ShouldNotContain("Uid:\t0");
            }
        }
        finally
        {
            await StoreAsync(state, "stop");
        }
    }

    [Fact]
    public async Task LocalStore_TwoStartsAtOnce_MakeOneStore()
    {
        using var state = await TestDirectory.CreateAsync();
        try
        {
            var starts = await Task.WhenAll(StoreAsync(state, "start"), StoreAsync(state, "start"));

            starts.ShouldAllBe(start => start.ExitCode == ExitCodes.Done);
            starts.Count(start => start.Output.EndsWith(": started\n", StringComparison.Ordinal)).ShouldBe(1);
            (await StoreAsync(state, "status")).ExitCode.ShouldBe(ExitCodes.Done);
        }
        finally
        {
            await StoreAsync(state, "stop");
        }
    }

    [Fact]
    public async Task Status_NoStoreYet_SaysHowToMakeOne()
    {
        using var state = await TestDirectory.CreateAsync();

        var status = await StoreAsync(state, "status");

        status.ExitCode.ShouldBe(ExitCodes.Unreachable);
        status.Error.ShouldBe($"drmesh: there is no local control store in {state.Path}; run: drmesh store init, or name another store with --connection or DRMESH_STORE\n");
    }

    [Fact]
    public async Task GivenStore_InitAndStatus_ServeIt()
    {
        using var state = await TestDirectory.CreateAsync();
        await using var server = await PostgresServer.StartNewAsync();
        var unused = LoopbackPort.Next();
        var connection = $"Host=127.0.0.1:{server.Port},127.0.0.1:{unused};Database=postgres;Username=postgres";

        var before = await StoreAsync(state, "status", "--connection", connection);
        var init = await StoreAsync(state, "init", "--connection", connection);
        var status = await StoreAsync(state, "status", "--connection", connection);

        before.ExitCode.ShouldBe(ExitCodes.Done, before.Error);
        before.Output.ShouldContain("none; run drmesh store init");
        init.ExitCode.ShouldBe(ExitCodes.Done, init.Error);
        status.Output.ShouldContain($"127.0.0.1:{server.Port}  primary");
        status.Output.ShouldContain($"127.0.0.1:{unused}  unreachable  Connection refused");
        Directory.Exists(Path.Combine(state.Path, "store")).ShouldBeFalse();
    }

    [Fact]
    public async Task GivenStore_InitByTwoProcessesAtOnce_OneMigratesAndTheOtherFindsNothingToDo()
    {
        using var state = await TestDirectory.CreateAsync();
        await using var server = await PostgresServer.StartNewAsync();
        var connection = $"Host=127.0.0.1;Port={server.Port};Database=postgres;Username=postgres";

        var inits = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StoreAsync(state, "init", "--connection", connection)));

        inits.ShouldAllBe(init => init.ExitCode == ExitCodes.Done, string.Join('\n', inits.Select(init => init.Error)));
        inits.Count(init => init.Output.Contains("applied 0001-membership.sql", StringComparison.Ordinal)).ShouldBe(1);
        inits.Count(init => init.Output.Contains("already; nothing to do", StringComparison.Ordinal)).ShouldBe(2);
        (await server.ScalarAsync<long>("select count(*) - count(distinct version) from drmesh.schema_version")).ShouldBe(0);
    }

    [Fact]
    public async Task PasswordOnTheCommandLine_IsRefused()
    {
        using var state = await TestDirectory.CreateAsync();

        var init = await StoreAsync(state, "init", "--connection", "Host=127.0.0.1;Password=secret");

        init.ExitCode.ShouldBe(ExitCodes.Usage);
        init.Error.ShouldContain("holds a password");
        init.Error.ShouldNotContain("secret");
    }

    [Fact]
    public async Task StateFolderTooLongForASocket_IsRefusedBeforeAnythingIsMade()
    {
        using var state = await TestDirectory.CreateAsync();
        var longer = Path.Combine(state.Path, new string('x', 100));

        var start = await StoreAsync(longer, "start");

        start.ExitCode.ShouldBe(ExitCodes.Usage);
        start.Error.ShouldContain("set DRMESH_STATE to a shorter path");
        Directory.Exists(Path.Combine(longer, "store")).ShouldBeFalse();
    }

    private static Task<ToolResult> StoreAsync(TestDirectory state, params string[] arguments) => StoreAsync(state.Path, arguments);

    private static Task<ToolResult> StoreAsync(string state, params string[] arguments) => ToolProcess.RunAsync(
        new ToolCommand
        {
            Program = Path.Combine(AppContext.BaseDirectory, "DrMesh.Silo"),
            Arguments = ["store", .. arguments],
            Environment = new Dictionary<string, string?> { ["DRMESH_STATE"] = state, ["DRMESH_STORE"] = null },
        },
        Cancellation);
}
