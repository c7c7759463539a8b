using DrMesh.TestKit.Servers;

namespace DrMesh.Console.Tests.Setup;

/// <summary>A real primary and a standby of it, and a stranger beside them.</summary>
public sealed class TwoServers : IAsyncLifetime
{
    internal PostgresServer Primary { get; private set; } = null!;

    internal PostgresServer Standby { get; private set; } = null!;

    internal PostgresServer Stranger { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Primary = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["fsync"] = "on", ["max_wal_senders"] = "3" });
        Standby = await PostgresServer.StartStandbyAsync(Primary, "orders-us");
        Stranger = await PostgresServer.StartNewAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
        await Stranger.DisposeAsync();
    }

    internal static string Of(string region, PostgresServer server) => $"{region}=Host=127.0.0.1;Port={server.Port};Username=postgres";
}
