using System.CommandLine;
using DrMesh.Client;
using DrMesh.Console.Commands.Sessions;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Recovery;

/// <summary><c>drmesh failover|switchover|failback</c>.</summary>
internal static class RecoveryCommand
{
    private static readonly Dictionary<string, FailoverStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["automatic"] = FailoverStrategy.Automatic,
        ["manual"] = FailoverStrategy.Manual,
        ["pilot_light"] = FailoverStrategy.PilotLight,
        ["warm_standby"] = FailoverStrategy.WarmStandby,
        ["hot_standby"] = FailoverStrategy.HotStandby,
    };

    /// <summary>Creates the three commands.</summary>
    public static IEnumerable<Command> Create(CommandRunner runner) =>
    [
        Create(runner, RecoveryKind.Failover, "failover", "Promote a standby of an application whose primary is lost, or of every one in a region"),
        Create(runner, RecoveryKind.Switchover, "switchover", "Move an application's primary as planned; nothing is lost"),
        Create(runner, RecoveryKind.Failback, "failback", "Bring an application back to its own region"),
    ];

    private static Command Create(CommandRunner runner, RecoveryKind kind, string name, string description)
    {
        var application = new Argument<string?>("application") { Description = "The application, or a cluster that belongs to none", Arity = ArgumentArity.ZeroOrOne };
        var region = new Option<string?>("--region") { Description = "Every application that has a primary in this region" };
        var to = new Option<string?>("--to") { Description = "The region it goes to" };
        var strategy = new Option<string?>("--strategy") { Description = "In place of the policy's strategy" };
        strategy.AcceptOnlyFromAmong([.. Strategies.Keys]);
        var plan = new Option<bool>("--plan") { Description = "Show the steps, the expected loss and time, and what would block it; touch nothing" };
        var reason = new Option<string>("--reason") { Description = "Why, for the record", DefaultValueFactory = _ => "ordered from the console" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var detach = NewSession.DetachOption();
        var command = new Command(name, description) { application, region, to, strategy, plan, reason, yes, detach };
        return runner.Run(command, async (context, token) =>
        {
            var arguments = context.Arguments;
            await using var mesh = await context.ConnectAsync(token);
            var names = await NamesAsync(mesh, arguments.GetValue(application), arguments.GetValue(region), token);
            var requests = names.Select(one => new StartRecovery
            {
                Kind = kind,
                Application = one,
                To = arguments.GetValue(to) is { } target ? new RegionId(target) : null,
                Strategy = arguments.GetValue(strategy) is { } chosen ? Strategies[chosen] : null,
                Reason = arguments.GetValue(reason)!,
            }).ToArray();
            var planner = mesh.Grains.GetGrain<IRecoveryPlannerGrain>(IRecoveryPlannerGrain.Key);
            var previews = await Task.WhenAll(requests.Select(request => planner.Preview(request, token)));
            if (arguments.GetValue(plan))
            {
                context.Show(previews.Length == 1 ? previews[0] : previews, console => console.Write(RecoveryView.Draw(previews)));
                return previews.All(preview => preview.Blocks.IsEmpty) ? ExitCodes.Done : ExitCodes.Failed;
            }

            if (!arguments.GetValue(yes))
            {
                if (context.Terminal.IsInteractive)
                {
                    context.Terminal.Console.Write(RecoveryView.Draw(previews));
                }

                if (!context.Confirm($"Begin the {name} of {string.Join(", ", names)}?"))
                {
                    throw new DrMeshException(DrMeshError.ApprovalRequired, "nothing was begun", "repeat with --yes to begin without a question");
                }
            }

            return await BeginAsync(context, mesh, requests, arguments.GetValue(detach), token);
        });
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(MeshConnection mesh, string? application, string? region, CancellationToken cancellationToken)
    {
        if (application is null == region is null)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, "name either an application or a --region", "drmesh status lists both");
        }

        if (application is not null)
        {
            return [application];
        }

        var names = await mesh.Grains.GetGrain<IRecoveryPlannerGrain>(IRecoveryPlannerGrain.Key).ApplicationsIn(new RegionId(region!), cancellationToken);
        return names.IsEmpty
            ? throw new DrMeshException(DrMeshError.RecoveryBlocked, $"no application has a primary in {region}", "drmesh status shows where the primaries are")
            : names;
    }

    // All begin before any is followed: a region's applications must not wait for each other.
    private static async Task<int> BeginAsync(CommandContext context, MeshConnection mesh, StartRecovery[] requests, bool detach, CancellationToken cancellationToken)
    {
        var started = await Task.WhenAll(requests.Select(request =>
            mesh.Grains.GetGrain<IDrSessionGrain>(NewSession.Id(context, SessionKinds.Recovery).Value).Start(request, cancellationToken)));
        var worst = ExitCodes.Done;
        foreach (var result in started)
        {
            worst = Math.Max(worst, await NewSession.FollowAsync(context, mesh, result, detach, cancellationToken));
        }

        return worst;
    }
}
