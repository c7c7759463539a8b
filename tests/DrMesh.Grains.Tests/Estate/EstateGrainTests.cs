using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Reading;
using DrMesh.Core.Estate.Writing;
using DrMesh.Grains.ControlStore;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Tests.ControlStore;
using Microsoft.Extensions.DependencyInjection;
using static DrMesh.Grains.Tests.Estate.EstateMesh;

namespace DrMesh.Grains.Tests.Estate;

/// <summary>The estate through a real silo on a real store.</summary>
public sealed class EstateGrainTests(ControlStoreFixture fixture) : IAsyncLifetime
{
    private StoreDatabase _database = null!;
    private EstateMesh _mesh = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEstateGrain Grain => _mesh.Grain;

    public async ValueTask InitializeAsync()
    {
        _database = await fixture.CreateDatabaseAsync();
        _mesh = await EstateMesh.StartAsync(_database.ConnectionString, 1, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Current_NothingApplied_IsVersionZeroAndEmpty()
    {
        var current = await Grain.Current(Cancellation);

        current.Version.ShouldBe(0);
        current.Estate.Regions.ShouldBeEmpty();
        (await Grain.History(10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_ThenAgain_ChangesOnceAndThenNothing()
    {
        var first = await Grain.Apply(Ask(Text(), 0), Cancellation);
        var again = await Grain.Apply(Ask(Text(), 0), Cancellation);

        first.Outcome.ShouldBe(ApplyOutcome.Applied);
        first.Changes.Select(change => change.Path).ShouldBe(["regions.eu", "regions.us"]);
        again.Outcome.ShouldBe(ApplyOutcome.NothingToChange);
        again.Version.ShouldBe(1);
        again.Changes.ShouldBeEmpty();
        var current = await Grain.Current(Cancellation);
        current.Version.ShouldBe(1);
        current.Hash.ShouldBe(EstateWriter.Hash(EstateReader.Read(Text()).Document!));
        EstateWriter.Canonical(current.Estate).ShouldBe(current.Text);
        (await _database.ScalarAsync<bool>("select sha256 = sha256(convert_to(document::text, 'UTF8')) from drmesh.estate_version")).ShouldBeTrue();
    }

    [Fact]
    public async Task Apply_Changed_IsTheNextVersionWithItsHistory()
    {
        await Grain.Apply(Ask(Text(), 0), Cancellation);

        var result = await Grain.Apply(Ask(Text("10.2.0.9"), 1) with { Reason = "moved" }, Cancellation);

        result.Outcome.ShouldBe(ApplyOutcome.Applied);
        result.Changes.ShouldHaveSingleItem().ShouldBe(new EstateChange
        {
            Kind = EstateChangeKind.Change, Path = "regions.us.nodes.a.address", Before = "10.2.0.1", After = "10.2.0.9",
        });
        var history = await Grain.History(10, Cancellation);
        history.Select(entry => (entry.Version, entry.Reason)).ShouldBe([(2, "moved"), (1, null)]);
        history[0].Hash.ShouldBe((await Grain.Current(Cancellation)).Hash);
    }

    [Fact]
    public async Task Apply_IsAudited()
    {
        await Grain.Apply(Ask(Text(), 0) with { Reason = "first" }, Cancellation);
        await Grain.Apply(Ask("regions: {}", 1), Cancellation);

        var rows = await _mesh.Cluster.Client.GetGrain<IAuditGrain>(0).List(new AuditQuery(), Cancellation);
        rows.Reverse().Select(row => (row.Action, row.Target, row.Reason, row.Outcome, row.Detail)).ShouldBe(
        [
            ("estate.apply", "estate", "first", AuditOutcome.Intended, ""),
            ("estate.apply", "estate", "first", AuditOutcome.Done, "version 1: regions.eu, regions.us"),
            ("estate.apply", "estate", "", AuditOutcome.Intended, ""),
            ("estate.apply", "estate", "", AuditOutcome.Refused, "the file has errors; expected at least one, found none: where things run: each region with its nodes"),
        ]);
    }

    [Fact]
    public async Task Plan_SaysWhatApplyWouldDoAndDoesNothing()
    {
        var plan = await Grain.Plan(new EstateSource { FileName = "estate.yaml", Text = Text() }, Cancellation);

        plan.BaseVersion.ShouldBe(0);
        plan.Findings.ShouldBeEmpty();
        plan.Changes.Select(change => change.Path).ShouldBe(["regions.eu", "regions.us"]);
        (await Grain.Current(Cancellation)).Version.ShouldBe(0);
    }

    [Fact]
    public async Task Apply_WithErrors_IsRefusedWhole()
    {
        var result = await Grain.Apply(Ask(Text() + "colour: red\n", 0), Cancellation);

        result.Outcome.ShouldBe(ApplyOutcome.Refused);
        result.Findings.ShouldHaveSingleItem().Path.ShouldBe("colour");
        (await RowsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Apply_AgainstAnOldVersion_IsAConflict()
    {
        await Grain.Apply(Ask(Text(), 0), Cancellation);

        var result = await Grain.Apply(Ask(Text("10.2.0.9"), 0), Cancellation);

        (result.Outcome, result.Version).ShouldBe((ApplyOutcome.Conflict, 1));
        (await RowsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Apply_RepeatedOperation_ReturnsWhatItDid()
    {
        var request = Ask(Text(), 0);
        var first = await Grain.Apply(request, Cancellation);
        await Grain.Apply(Ask(Text("10.2.0.9"), 1), Cancellation);

        var repeated = await Grain.Apply(request, Cancellation);

        repeated.ShouldBeEquivalentTo(first);
        (await RowsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Apply_ByTwoActivationsAtOnce_OneWins()
    {
        // Two activations of the grain, as the runtime allows for a moment: each asks the store for the next version.
        var store = new EstateStore(_mesh.Cluster.Silos[0].ServiceProvider.GetRequiredService<ControlStoreDatabase>());

        for (var version = 1; version <= 20; version++)
        {
            var won = await Task.WhenAll(
                Enumerable.Range(0, 2).Select(_ => store.TryAppendAsync(version, "{}", new string('0', 64), "ann", "", Guid.NewGuid(), Cancellation)));

            won.Count(first => first).ShouldBe(1);
        }

        (await RowsAsync()).ShouldBe(20);
    }

    [Fact]
    public async Task Current_AppliedByANewerRelease_SaysSo()
    {
        await _database.ExecuteAsync(
            """
            insert into drmesh.estate_version (version, document, sha256, applied_by, operation)
            values (1, '{"version": 1, "regions": {}, "moons": {}}', sha256(''), 'ann', gen_random_uuid())
            """);

        var failure = await Should.ThrowAsync<DrMeshException>(() => Grain.Current(Cancellation));

        failure.Code.ShouldBe(DrMeshError.EstateUnreadable);
        failure.Message.ShouldStartWith("version 1 of the estate cannot be read by this program: ");
    }

    private Task<long> RowsAsync() => _database.ScalarAsync<long>("select count(*) from drmesh.estate_version");
}
