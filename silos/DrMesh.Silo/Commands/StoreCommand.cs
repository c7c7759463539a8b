using System.CommandLine;
using DrMesh.Client;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.ControlStore;
using DrMesh.Silo.Store;

namespace DrMesh.Silo.Commands;

/// <summary><c>drmesh store init|status|start|stop</c>. Without a connection string they serve the local store in the state folder.</summary>
internal static class StoreCommand
{
    private static readonly Option<string?> Connection = new("--connection", "--store")
    {
        Description = "A PostgreSQL connection string without a password (environment: DRMESH_STORE); default: the local store",
        HelpName = "string",
    };

    public static Command Create()
    {
        var init = new Command("init", "Create or update the store's schema; makes and starts the local store first") { Connection };
        init.SetAction(InitializeAsync);
        var status = new Command("status", "Show schema version, hosts and their roles, size and rows") { Connection };
        status.SetAction(ShowStatusAsync);
        var start = new Command("start", "Start the local store; makes it first if it is missing");
        start.SetAction(StartAsync);
        var stop = new Command("stop", "Stop the local store");
        stop.SetAction(StopAsync);
        return new Command("store", "The control store") { init, status, start, stop };
    }

    private static async Task<int> InitializeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var given = Given(arguments);
        if (given is null)
        {
            await Local().StartAsync(cancellationToken);
        }

        await using var store = StoreConnection.Open(given ?? Local().ReadConnectionString());
        var result = await new ControlStoreMigrator(store).MigrateAsync(cancellationToken);
        CommandOutput.Show(
            arguments,
            new { store = store.Options.Describe(), result.From, result.To, result.Applied },
            [.. result.Applied.Select(script => $"applied {script}"), Said(store, result)]);
        return ExitCodes.Done;
    }

    private static async Task<int> StartAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var local = Local();
        var isNew = !local.Exists;
        var started = await local.StartAsync(cancellationToken);
        await using var store = StoreConnection.Open(local.ReadConnectionString());
        if (isNew)
        {
            await new ControlStoreMigrator(store).MigrateAsync(cancellationToken);
        }

        CommandOutput.Show(
            arguments,
            new { store = store.Options.Describe(), started, connection = local.ReadConnectionString() },
            [$"control store {store.Options.Describe()}: {(started ? "started" : "already running")}"]);
        return ExitCodes.Done;
    }

    private static async Task<int> StopAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var stopped = await Local().StopAsync(cancellationToken);
        CommandOutput.Show(arguments, new { stopped }, [stopped ? "the local control store is stopped" : "the local control store was not running"]);
        return ExitCodes.Done;
    }

    private static async Task<int> ShowStatusAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = StoreConnection.Open(Given(arguments) ?? Local().ReadConnectionString());
        var status = await StoreInspection.InspectAsync(store, cancellationToken);
        CommandOutput.Show(arguments, status, StoreStatusText.Lines(status));
        return status.SchemaVersion is null ? ExitCodes.Unreachable : ExitCodes.Done;
    }

    private static string Said(ControlStoreDatabase store, MigrationResult result) => result.Applied.Count == 0
        ? $"control store {store.Options.Describe()} has schema version {result.To} already; nothing to do"
        : $"control store {store.Options.Describe()} has schema version {result.To} now";

    private static LocalControlStore Local() => new(new LocalStorePaths(StateFolder.Path));

    private static string? Given(ParseResult arguments) => StoreConnection.Given(arguments.GetValue(Connection));
}
