using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.Access;
using DrMesh.Grains.Audit;
using DrMesh.Grains.ControlStore;
using DrMesh.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace DrMesh.Grains.Tests.Audit;

/// <summary>The access check and the trail together, in the order the silo has them.</summary>
public sealed class RefusedCallTests : IAsyncLifetime
{
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
            silo.Services.AddSingleton(new AuditedTestGrain.Hook());
            silo.AddDrMeshRefusalAudit();
            silo.AddDrMeshAccess(new AccessOptions
            {
                MeshSecret = new string('s', AccessOptions.ShortestSecret),
                Grants =
                [
                    new AccessGrant("vera", AccessRole.Viewer, AccessGrant.Hash("viewer token")),
                    new AccessGrant("admin", AccessRole.Admin, AccessGrant.Hash("admin token")),
                    new AccessGrant("oskar", AccessRole.Operator, AccessGrant.Hash("operator token")),
                ],
            });
            silo.AddDrMeshAudit();
        });
        _cluster = builder.Build();
        // The test cluster asks the runtime about itself when it comes up.
        RequestContext.Set(AccessHeaders.Token, "admin token");
        await _cluster.DeployAsync();
        await Services.GetRequiredService<ControlStoreMigrator>().MigrateAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Change_ByAViewer_IsRefusedAndRecordedUnderItsName()
    {
        var fault = await Should.ThrowAsync<DrMeshException>(() => ChangeAsync("viewer token"));

        fault.Code.ShouldBe(DrMeshError.NotAuthorized);
        var row = (await RowsAsync()).ShouldHaveSingleItem();
        (row.Actor, row.Action, row.Target, row.Outcome).ShouldBe(("vera", "test.change", "here", AuditOutcome.Refused));
        row.Detail.ShouldContain("asks for operator");
    }

    [Fact]
    public async Task Change_ByAnOperator_IsRecordedUnderItsName()
    {
        await ChangeAsync("operator token");

        (await RowsAsync()).Select(row => (row.Actor, row.Outcome)).ShouldBe([("oskar", AuditOutcome.Done), ("oskar", AuditOutcome.Intended)]);
    }

    [Fact]
    public async Task Change_ByNobodyKnown_LeavesNoRow()
    {
        var fault = await Should.ThrowAsync<DrMeshException>(() => ChangeAsync("made up"));

        fault.Code.ShouldBe(DrMeshError.NotAuthenticated);
        (await RowsAsync()).ShouldBeEmpty();
    }

    private IServiceProvider Services => _cluster.GetSiloServiceProvider();

    private async Task ChangeAsync(string token)
    {
        RequestContext.Set(AccessHeaders.Token, token);
        await _cluster.Client.GetGrain<IAuditedTestGrain>("here").Change("because");
    }

    private Task<System.Collections.Immutable.ImmutableArray<AuditEntry>> RowsAsync() =>
        Services.GetRequiredService<AuditTrail>().ListAsync(new AuditQuery(), Cancellation);
}
