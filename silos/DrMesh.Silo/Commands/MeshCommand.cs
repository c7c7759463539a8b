using System.CommandLine;
using DrMesh.Client;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Grains.ControlStore;
using DrMesh.Silo.Mesh;
using DrMesh.Silo.Store;

namespace DrMesh.Silo.Commands;

/// <summary><c>drmesh mesh up|down|ps</c>: a whole mesh on this machine.</summary>
internal static class MeshCommand
{
    private static readonly Option<string[]> Regions = new("--regions")
    {
        Description = "The regions, separated by commas",
        HelpName = "a,b,c",
        DefaultValueFactory = _ => ["us-east-1", "eu-west-1", "ap-southeast-1"],
        CustomParser = argument => [.. argument.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    private static readonly Option<int> SilosPerRegion = new("--silos-per-region") { Description = "Silos in each region", DefaultValueFactory = _ => 1 };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        SilosPerRegion.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 9)
            {
                result.AddError("--silos-per-region takes 1 to 9");
            }
        });
        var up = new Command("up", "Start the local control store and a silo in each region, as processes on loopback, and wait until they are ready") { Regions, SilosPerRegion };
        up.SetAction(UpAsync);
        var down = new Command("down", "End the local silos in an orderly way, then the local control store");
        down.SetAction(DownAsync);
        var list = new Command("ps", "List the local silos");
        list.SetAction(ListAsync);
        return new Command("mesh", "A mesh on this machine") { up, down, list };
    }

    private static async Task<int> UpAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var store = Store();
        await store.StartAsync(cancellationToken);
        await using (var opened = StoreConnection.Open(store.ReadConnectionString()))
        {
            await new ControlStoreMigrator(opened).MigrateAsync(cancellationToken);
        }

        var nodes = arguments.GetRequiredValue(Regions)
            .SelectMany(region => Enumerable.Range(1, arguments.GetValue(SilosPerRegion)).Select(number => new NodeId(new RegionId(region), $"node-{number}")))
            .ToList();
        var started = await Mesh().UpAsync(nodes, store.ReadConnectionString(), Environment.ProcessPath!, cancellationToken);
        CommandOutput.Show(
            arguments,
            new { started = started.Select(silo => silo.Node.ToString()), silos = nodes.Select(node => node.ToString()) },
            [started.Count == 0
                ? $"the mesh already runs: {string.Join(", ", nodes)}"
                : $"ready: {string.Join(", ", started.Select(silo => silo.Node))}; see drmesh status"]);
        return ExitCodes.Done;
    }

    private static async Task<int> DownAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var ended = await Mesh().DownAsync(cancellationToken);
        var stopped = await Store().StopAsync(cancellationToken);
        CommandOutput.Show(
            arguments,
            new { ended = ended.Select(silo => silo.Node.ToString()), storeStopped = stopped },
            [ended.Count == 0 ? "no local silo was running" : $"ended: {string.Join(", ", ended.Select(silo => silo.Node))}"]);
        return ExitCodes.Done;
    }

    private static async Task<int> ListAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var rows = await Task.WhenAll(Mesh().Silos().Select(async silo => new LocalSiloStatus(
            silo.Node.ToString(),
            silo.Pid,
            await silo.IsReadyAsync(http, cancellationToken),
            silo.Settings().GatewayPort,
            silo.Settings().Http.Port,
            silo.Log)));
        CommandOutput.Show(
            arguments,
            rows,
            rows.Length == 0
                ? ["no local mesh was started; see drmesh mesh up"]
                : rows.Select(row => $"{row.Node,-28} {(row.Pid is { } pid ? $"pid {pid}" : "stopped"),-12} {(row.IsReady ? "ready" : "not ready"),-10} gateway {row.GatewayPort,-6} http {row.HttpPort,-6} {row.Log}"));
        return ExitCodes.Done;
    }

    private static LocalMesh Mesh() => new(new LocalMeshPaths(StateFolder.Path), TimeProvider.System);

    private static LocalControlStore Store() => new(new LocalStorePaths(StateFolder.Path));
}
