using System.Collections.Immutable;
using System.CommandLine;
using DrMesh.Console.Commands.Backups;
using DrMesh.Console.Commands.Sessions;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Restores;

/// <summary><c>drmesh pitr windows|plan|run</c>.</summary>
internal static class PitrCommand
{
    private static readonly Argument<string> Cluster = new("cluster") { Description = "The cluster, as the estate names it" };
    private static readonly Argument<string?> ClusterOrNone = new("cluster") { Description = "The cluster, as the estate names it", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Application = new("--app") { Description = "A whole application instead of one cluster, or the parts of it that are named" };
    private static readonly ApplicationRestore Asked = new();
    private static readonly Option<string?> To = new("--to") { Description = TargetArgument.Help };
    private static readonly Option<bool> Exclusive = new("--exclusive") { Description = "Stop just before the target instead of just after it" };
    private static readonly Option<uint?> Timeline = new("--timeline") { Description = "Follow this timeline instead of the latest" };

    private static readonly Option<RecoveryAction> Action = new("--action")
    {
        Description = "What the server does at the target: promote, pause, shutdown",
        DefaultValueFactory = _ => RecoveryAction.Promote,
    };

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("pitr", "Point-in-time recovery: what is possible, how, and the recovery itself")
    {
        Windows(runner),
        Plan(runner),
        Run(runner),
    };

    private static Command Windows(CommandRunner runner) =>
        runner.Run(new Command("windows", "The stretches of time that can be restored to") { Cluster }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var windows = await mesh.Grains.GetGrain<IRestorePlannerGrain>(context.Arguments.GetRequiredValue(Cluster)).Windows(token);
            context.Show(windows, console => console.Write(PitrView.Draw(windows)));
            return ExitCodes.Done;
        });

    private static Command Plan(CommandRunner runner) =>
        runner.Run(
            new Command("plan", "Show how a target would be reached; changes nothing")
            {
                ClusterOrNone, Application, To, Exclusive, Timeline, Action, Asked.Before, Asked.Parts, Asked.Backup, Asked.Strategy, Asked.Overwrite, Asked.State,
            },
            async (context, token) =>
            {
                if (Whole(context, null) is { } request)
                {
                    return await ApplicationRestore.PlanAsync(context, request, token);
                }

                await using var mesh = await context.ConnectAsync(token);
                var plan = await mesh.Grains.GetGrain<IRestorePlannerGrain>(context.Arguments.GetValue(ClusterOrNone)!).Plan(Target(context), token);
                context.Show(plan, console => console.Write(PitrView.Draw(plan)));
                return plan.IsPossible ? ExitCodes.Done : ExitCodes.Failed;
            });

    private static Command Run(CommandRunner runner)
    {
        var node = new Option<string?>("--node") { Description = "The machine that gets the files, region/node" };
        var directory = new Option<string?>("--directory") { Description = "The directory there that becomes the data directory; absolute" };
        var port = new Option<int?>("--port") { Description = "The port the restored server listens on" };
        var delta = new Option<bool>("--delta") { Description = "The directory may hold files: write only differing blocks, remove what the backup does not know" };
        var tablespaces = new Option<string[]>("--tablespace") { Description = "Where a tablespace goes, original=new; may be repeated" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit trail" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var detach = NewSession.DetachOption();
        var command = new Command("run", "Restore and recover beside the running cluster, as a durable session")
        {
            ClusterOrNone, Application, To, Exclusive, Timeline, Action, Asked.Before, Asked.Parts, Asked.Backup, Asked.Strategy, Asked.Overwrite, Asked.State,
            node, directory, port, delta, tablespaces, reason, yes, detach,
        };
        return runner.Run(command, async (context, token) =>
        {
            var arguments = context.Arguments;
            if (Whole(context, arguments.GetValue(reason)) is { } whole)
            {
                return await ApplicationRestore.RunAsync(context, whole, !arguments.GetValue(yes), arguments.GetValue(detach), token);
            }

            var cluster = arguments.GetValue(ClusterOrNone)!;
            var request = new StartRestore
            {
                Cluster = new ClusterId(cluster),
                Target = Target(context),
                Node = Node(arguments.GetValue(node) ?? throw Missing(node)),
                Directory = arguments.GetValue(directory) ?? throw Missing(directory),
                Port = arguments.GetValue(port) ?? throw Missing(port),
                Backup = arguments.GetValue(Asked.Backup) is { } named ? new BackupId(named) : null,
                IsDelta = arguments.GetValue(delta),
                TablespaceMap = Map(arguments.GetValue(tablespaces)),
                Reason = arguments.GetValue(reason),
            };
            await using var mesh = await context.ConnectAsync(token);
            if (!arguments.GetValue(yes))
            {
                var plan = await mesh.Grains.GetGrain<IRestorePlannerGrain>(cluster).Plan(request.Target, token);
                context.Terminal.Console.Write(PitrView.Draw(plan));
                if (plan.IsPossible && !context.Confirm($"Restore {cluster} to {request.Node}:{request.Directory}?"))
                {
                    throw new DrMeshException(DrMeshError.ApprovalRequired, "nothing was restored", "repeat with --yes");
                }
            }

            var id = NewSession.Id(context, SessionKinds.Restore);
            var started = await mesh.Grains.GetGrain<IRestoreSessionGrain>(id.Value).Start(request, token);
            return await NewSession.FollowAsync(context, mesh, started, arguments.GetValue(detach), token);
        });
    }

    // What is asked of an application; null: a cluster is meant.
    private static StartUnifiedRestore? Whole(CommandContext context, string? reason)
    {
        ApplicationBackups.DemandOne(context.Arguments.GetValue(ClusterOrNone), context.Arguments.GetValue(Application));
        if (context.Arguments.GetValue(Application) is not { } application)
        {
            return context.Arguments.GetValue(Asked.Before) is null && context.Arguments.GetValue(Asked.Parts) is not { Length: > 0 }
                ? null
                : throw new DrMeshException(DrMeshError.UsageInvalid, "--before-xid and --part are of an application", "add --app; for a cluster alone write --to xid:N --exclusive");
        }

        return Asked.Request(context, application, context.Arguments.GetValue(To) is { } to ? Time(to) : null, reason);
    }

    private static DateTimeOffset Time(string to) => TargetArgument.Parse(to) is { Kind: RecoveryTargetKind.Time, Time: { } time }
        ? time
        : throw new DrMeshException(DrMeshError.UsageInvalid, $"--to {to} is no time, and what is one moment for a whole application is a time", "write for example --to 2026-11-24T06:50:38Z, or --before-xid CLUSTER:XID");

    private static DrMeshException Missing(Option option) => new(DrMeshError.UsageInvalid, $"{option.Name} is missing", $"see drmesh pitr run --help; what {option.Name} takes stands there");

    private static RecoveryTarget Target(CommandContext context) => TargetArgument.Parse(context.Arguments.GetValue(To) ?? throw Missing(To)) with
    {
        Inclusive = !context.Arguments.GetValue(Exclusive),
        Timeline = context.Arguments.GetValue(Timeline) is { } timeline ? new TimelineId(timeline) : null,
        Action = context.Arguments.GetValue(Action),
    };

    private static NodeId Node(string text) => NodeId.TryParse(text)
        ?? throw new DrMeshException(DrMeshError.UsageInvalid, $"--node {text} is not region/node", "write for example --node eu-west-1/db1");

    private static ImmutableSortedDictionary<string, string> Map(string[]? given)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var pair in given ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == pair.Length - 1)
            {
                throw new DrMeshException(DrMeshError.UsageInvalid, $"--tablespace {pair} is not original=new", "write for example --tablespace /data/fast=/restore/fast");
            }

            map[pair[..equals]] = pair[(equals + 1)..];
        }

        return map.ToImmutable();
    }
}
