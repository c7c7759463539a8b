using System.Diagnostics;
using DrMesh.Client;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Mesh;

/// <summary>Calls to regions, as these scenarios need them.</summary>
internal static class RegionCalls
{
    /// <summary>The silo that carries a region's grain now.</summary>
    public static async Task<MeshSilo> HostOfAsync(this MeshConnection connection, MeshFixture mesh, string region)
    {
        var grain = connection.Grains.GetGrain<IRegionGrain>(region);
        await grain.GetHealth(TestContext.Current.CancellationToken);
        var address = await connection.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        var overview = await connection.OverviewAsync();
        var node = overview.Regions.SelectMany(known => known.Silos).Single(silo => silo.Address == address!.Endpoint.ToString()).Node;
        return mesh.Silo(node.ToString());
    }

    /// <summary>Asks until the region answers; returns how long that took.</summary>
    public static async Task<TimeSpan> AwaitAnswerAsync(this MeshConnection connection, string region, TimeSpan limit)
    {
        string last = "nothing yet";
        return await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                    patience.CancelAfter(TimeSpan.FromSeconds(1));
                    await connection.Grains.GetGrain<IRegionGrain>(region).GetHealth(patience.Token);
                    return true;
                }
                catch (Exception refused) when (refused is DrMeshException or TimeoutException or OperationCanceledException)
                {
                    last = refused.Message;
                    return false;
                }
            },
            limit,
            () => $"region {region} does not answer: {last}",
            TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until calls to a region are refused with the region's name.</summary>
    public static Task<TimeSpan> AwaitUnavailableAsync(this MeshConnection connection, string region)
    {
        var last = "nothing yet";
        return Eventually.HoldsAsync(
            async () =>
            {
                var (_, fault) = await FailureOfAsync(() => connection.Grains.GetGrain<IRegionGrain>(region).GetHealth(TestContext.Current.CancellationToken));
                last = fault.Message;
                return fault is RegionUnavailableException { Region.Value: var named } && named == region;
            },
            TimeSpan.FromSeconds(10),
            () => last,
            TestContext.Current.CancellationToken);
    }

    /// <summary>The mesh at a glance.</summary>
    public static Task<MeshOverview> OverviewAsync(this MeshConnection connection) =>
        connection.Grains.GetGrain<IMeshGrain>(0).GetOverview(TestContext.Current.CancellationToken);

    /// <summary>Waits until the answering silo sees every region up.</summary>
    public static Task<TimeSpan> AwaitAllUpAsync(this MeshConnection connection)
    {
        var seen = "nothing yet";
        return Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    var overview = await connection.OverviewAsync();
                    seen = string.Join("; ", overview.Regions.Select(region => $"{region.Region} {region.State} {region.Problem}"));
                    return overview.Regions.All(region => region.State == RegionState.Up);
                }
                catch (TimeoutException late)
                {
                    // On a loaded machine a silo that has just started may need longer than a call lasts.
                    seen = late.Message;
                    return false;
                }
            },
            TimeSpan.FromSeconds(60),
            () => seen,
            TestContext.Current.CancellationToken);
    }

    /// <summary>How long <paramref name="call"/> took to fail, and how.</summary>
    public static async Task<(TimeSpan After, Exception Fault)> FailureOfAsync(Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        var fault = await Should.ThrowAsync<Exception>(call);
        return (Stopwatch.GetElapsedTime(started), fault);
    }
}
