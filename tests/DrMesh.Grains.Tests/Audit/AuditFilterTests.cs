using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.Audit;
using DrMesh.Grains.ControlStore;
using DrMesh.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace DrMesh.Grains.Tests.Audit;

/// <summary>Calls through a real silo to a grain, with the trail on a PostgreSQL that can be killed.</summary>
public sealed class AuditFilterTests : IAsyncLifetime
{
    private readonly AuditedTestGrain.Hook _hook = new();
    private PostgresServer _server = null!;
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddDrMeshControlStore(options => options.ConnectionString = _server.ConnectionString);
            silo.Services.AddSingleton<ICallerIdentity>(new FixedCaller());
            silo.Services.AddSingleton(_hook);
            silo.AddDrMeshAudit();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        await Services.GetRequiredService<ControlStoreMigrator>().MigrateAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Call_Done_HasIntentAndOutcomeUnderOneOperation()
    {
        (await Grain.Change("because")).ShouldBe(1);

        var rows = await RowsAsync();
        rows.Select(row => row.Outcome).ShouldBe([AuditOutcome.Intended, AuditOutcome.Done]);
        rows.ShouldAllBe(row => row.Actor == "ann" && row.Action == "test.change" && row.Target == "here" && row.Reason == "because");
        rows[0].Operation.ShouldBe(rows[1].Operation);
    }

    [Fact]
    public async Task Call_Unmarked_IsNotAudited()
    {
        await Grain.Read();

        (await RowsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("open", AuditOutcome.Done, "session 7")]
    [InlineData("closed", AuditOutcome.Refused, "not today")]
    public async Task Call_WithAuditedRequestAndResult_RecordsWhatTheySay(string target, AuditOutcome outcome, string detail)
    {
        await Grain.Ask(new AskRequest { Target = target });

        var last = (await RowsAsync())[^1];
        (last.Target, last.Reason, last.Outcome, last.Detail).ShouldBe((target, "asked for", outcome, detail));
    }

    [Theory]
    [InlineData(true, AuditOutcome.Refused, "the estate changed meanwhile")]
    [InlineData(false, AuditOutcome.Failed, "InvalidOperationException: a bug")]
    public async Task Call_Throws_RecordsItAndTheCallerSeesTheFault(bool refuses, AuditOutcome outcome, string detail)
    {
        var fault = await Should.ThrowAsync<Exception>(() => Grain.Fail(refuses));

        fault.Message.ShouldBe(refuses ? detail : "a bug");
        var last = (await RowsAsync())[^1];
        (last.Outcome, last.Detail).ShouldBe((outcome, detail));
    }

    [Fact]
    public async Task Call_IntentCannotBeWritten_IsNotMade()
    {
        await _server.StopAsync();

        var fault = await Should.ThrowAsync<DrMeshException>(() => Grain.Change("because"));

        fault.Code.ShouldBe(DrMeshError.ControlStoreUnreachable);
        (await Grain.Read()).ShouldBe(0);
        await _server.StartAsync();
        (await Grain.Change("because")).ShouldBe(1);
    }

    [Fact]
    public async Task Call_OutcomeCannotBeWritten_AnswersAndLeavesTheIntentOpen()
    {
        _hook.DuringCall = _server.StopAsync;

        (await Grain.Change("because")).ShouldBe(1);

        await _server.StartAsync();
        (await RowsAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(AuditOutcome.Intended);
    }

    [Fact]
    public async Task Grain_ListsAndVerifies()
    {
        await Grain.Change("one");
        await Grain.Change("two");
        var audit = _cluster.Client.GetGrain<IAuditGrain>(0);

        var rows = await audit.List(new AuditQuery { Limit = 2 }, Cancellation);
        var verification = await audit.Verify(AuditPosition.Begin, rows[1].Hash, Cancellation);

        rows.Select(row => row.Sequence).ShouldBe([4, 3]);
        verification.ShouldBe(new AuditVerification
        {
            Rows = 4, Reached = new AuditPosition { Sequence = 4, Hash = rows[0].Hash }, IsComplete = true, HasExpected = true,
        });
    }

    private IAuditedTestGrain Grain => _cluster.Client.GetGrain<IAuditedTestGrain>("here");

    private IServiceProvider Services => _cluster.GetSiloServiceProvider();

    private async Task<List<AuditEntry>> RowsAsync() =>
        [.. (await Services.GetRequiredService<AuditTrail>().ListAsync(new AuditQuery(), Cancellation)).Reverse()];

    private sealed class FixedCaller : ICallerIdentity
    {
        public string Actor => "ann";
    }
}
