using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Console.Commands.Traffic;

/// <summary><c>drmesh traffic show|switch|reconcile</c>.</summary>
internal static class TrafficCommand
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("traffic", "Which region a service's names answer with")
    {
        OnService(runner, new Command("show", "Where a service's traffic goes, and how its last switch went"), async (context, traffic, token) =>
        {
            var status = await traffic.GetStatus(token);
            context.Show(status, console => console.Write(TrafficView.Draw(status, context.Time.GetUtcNow())));
            return ExitCodes.Done;
        }),
        OnService(runner, new Command("reconcile", "Compare the DNS provider with the wanted state now"), async (context, traffic, token) =>
        {
            var status = await traffic.Reconcile(token);
            context.Show(status, console => console.Write(TrafficView.Draw(status, context.Time.GetUtcNow())));
            return status.Drift.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        }),
        Switch(runner),
    };

    private static Command Switch(CommandRunner runner)
    {
        var to = new Option<string>("--to") { Description = "The region", Required = true };
        var plan = new Option<bool>("--plan") { Description = "Show what would change and touch nothing" };
        var adopt = new Option<bool>("--adopt") { Description = "Take over records that something else wrote" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var reason = new Option<string>("--reason") { Description = "Why, for the record", DefaultValueFactory = _ => "ordered from the console" };
        var operation = new Option<string?>("--operation") { Description = "An id of your own: repeated after an interruption it takes up the same switch" };
        return OnService(runner, new Command("switch", "Let a service's names answer with another region; it moves no database") { to, plan, adopt, yes, reason, operation }, async (context, traffic, token) =>
        {
            var order = new SwitchTraffic
            {
                OperationId = context.Arguments.GetValue(operation) ?? $"console-{Guid.NewGuid():N}",
                To = new RegionId(context.Arguments.GetRequiredValue(to)),
                Reason = context.Arguments.GetValue(reason)!,
                Adopt = context.Arguments.GetValue(adopt),
            };
            var planned = await traffic.Plan(order, token);
            if (context.Arguments.GetValue(plan))
            {
                context.Show(planned, console => console.Write(TrafficView.Draw(planned)));
                return planned.Refusals.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
            }

            if (planned.Refusals.Count == 0 && !context.Arguments.GetValue(yes))
            {
                context.Terminal.Console.Write(TrafficView.Draw(planned));
                if (!context.Confirm($"Send the traffic of {traffic.GetPrimaryKeyString()} to {order.To}?"))
                {
                    throw new DrMeshException(DrMeshError.ApprovalRequired, "nothing was switched", "repeat with --yes to switch without a question");
                }
            }

            var outcome = await FollowAsync(context, traffic, order, token);
            context.Show(outcome, console => console.Write(TrafficView.Draw(outcome, context.Time.GetUtcNow())));
            return outcome.Phase == TrafficPhase.Switched ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static async Task<TrafficOperation> FollowAsync(CommandContext context, ITrafficGrain traffic, SwitchTraffic order, CancellationToken cancellationToken)
    {
        var operation = await traffic.Switch(order, cancellationToken);
        while (operation.EndedAt is null)
        {
            await Task.Delay(AskEvery, context.Time, cancellationToken);
            var last = (await traffic.GetStatus(cancellationToken)).Last;
            // Another order may have followed this one's end; asked by its id, the end is still known.
            operation = last?.OperationId == order.OperationId ? last : await traffic.Switch(order, cancellationToken);
        }

        return operation;
    }

    private static Command OnService(CommandRunner runner, Command command, Func<CommandContext, ITrafficGrain, CancellationToken, Task<int>> action)
    {
        var service = new Argument<string>("service") { Description = "The service's name in the estate" };
        command.Arguments.Add(service);
        return runner.Run(command, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            return await action(context, mesh.Grains.GetGrain<ITrafficGrain>(context.Arguments.GetRequiredValue(service)), token);
        });
    }
}
