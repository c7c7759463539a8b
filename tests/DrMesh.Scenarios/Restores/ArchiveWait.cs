using System.Text.Json;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;

namespace DrMesh.Scenarios.Restores;

/// <summary>Waits for the continuous archive of the cluster <c>orders</c>.</summary>
internal static class ArchiveWait
{
    /// <summary>Waits until every tier holds all the server has written by now.</summary>
    public static async Task AwaitArchivedAsync(this MeshFixture mesh, PostgresServer server, string cluster = "orders")
    {
        var position = Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var status = await mesh.RunAsync(Programs.Console, "archive", cluster, "--output", "json");
                last = status.Output + status.Error;
                return status.ExitCode == ExitCodes.Done && JsonDocument.Parse(status.Output).RootElement.GetProperty("tiers").EnumerateArray()
                    .All(tier => Lsn.Parse(tier.GetProperty("position").GetString()!) >= position);
            },
            TimeSpan.FromSeconds(60),
            () => $"the archive has not reached {position}: {last}",
            TestContext.Current.CancellationToken);
    }
}
