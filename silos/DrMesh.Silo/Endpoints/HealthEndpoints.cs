using DrMesh.Contracts.Regions;
using DrMesh.Grains.ControlStore;
using DrMesh.Grains.Regions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DrMesh.Silo.Endpoints;

/// <summary>
/// <c>/healthz</c>: the process lives. <c>/readyz</c>: the silo is an active member of the mesh, else 503 and why. A control store that is away
/// makes no silo unready, since running silos go on without it; the body says so.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>Adds both.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods("/healthz", [HttpMethods.Get, HttpMethods.Head], () => TypedResults.Text("alive\n"));
        app.MapMethods("/readyz", [HttpMethods.Get, HttpMethods.Head], Ready);
    }

    private static JsonHttpResult<Readiness> Ready(ILocalSiloDetails local, IClusterMembershipService membership, SiloIdentity identity, ControlStoreMonitor store)
    {
        var status = membership.CurrentSnapshot.GetSiloStatus(local.SiloAddress);
        var isReady = status == SiloStatus.Active;
        var body = new Readiness(
            identity.Node.ToString(),
            isReady,
            isReady ? null : $"the silo is {SiloRoster.StateOf(status).ToString().ToLowerInvariant()}",
            store.Current);
        return TypedResults.Json(body, statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private sealed record Readiness(string Node, bool IsReady, string? Problem, Reachability ControlStore);
}
