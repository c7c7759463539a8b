using System.CommandLine;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;

namespace DrMesh.Console.Commands.Clusters;

/// <summary><c>drmesh cluster show|set-durability</c>.</summary>
internal static class ClusterCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("cluster", "Who leads and who follows in a PostgreSQL cluster, and when a commit is acknowledged")
    {
        Show(runner),
        SetDurability(runner),
    };

    private static Argument<string> ClusterArgument() => new("cluster") { Description = "The cluster, as the estate names it" };

    private static Command Show(CommandRunner runner)
    {
        var cluster = ClusterArgument();
        return runner.Run(new Command("show", "Members, roles, lag, epoch, and what is found wrong") { cluster }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var status = await mesh.Grains.GetGrain<IDatabaseClusterGrain>(context.Arguments.GetRequiredValue(cluster)).GetStatus(token);
            context.Show(status, console => console.Write(ClusterView.Draw(status)));
            return ExitCodes.Done;
        });
    }

    private static Command SetDurability(CommandRunner runner)
    {
        var cluster = ClusterArgument();
        var mode = new Argument<string>("mode") { Description = "quorum, async, or estate: back to what the estate says" }.AcceptOnlyFromAmong("quorum", "async", "estate");
        var acknowledgements = new Option<int>("--acknowledgements") { Description = "quorum: how many standbys of other regions must have a commit", DefaultValueFactory = _ => 1 };
        var whenLost = new Option<QuorumLost>("--when-quorum-lost") { Description = "quorum: what writes do when too few standbys are left: wait or async" };
        var reason = new Option<string>("--reason") { Description = "Why, for the audit trail", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        return runner.Run(
            new Command("set-durability", "Choose whether commits wait for standbys of other regions") { cluster, mode, acknowledgements, whenLost, reason, yes },
            async (context, token) =>
            {
                var name = context.Arguments.GetRequiredValue(cluster);
                DurabilityDefinition? wanted = context.Arguments.GetRequiredValue(mode) switch
                {
                    "estate" => null,
                    "async" => new DurabilityDefinition { Mode = DurabilityMode.Async },
                    _ => new DurabilityDefinition
                    {
                        Mode = DurabilityMode.Quorum,
                        Acknowledgements = context.Arguments.GetValue(acknowledgements),
                        WhenQuorumLost = context.Arguments.GetValue(whenLost),
                    },
                };
                if (wanted?.Mode == DurabilityMode.Async && !context.Arguments.GetValue(yes)
                    && !context.Confirm($"In async a failover of {name} may lose acknowledged writes. Change it?"))
                {
                    throw new DrMeshException(DrMeshError.ApprovalRequired, $"the durability of {name} was not changed", "repeat with --yes");
                }

                await using var mesh = await context.ConnectAsync(token);
                var request = new SetDurability { Durability = wanted, Reason = context.Arguments.GetRequiredValue(reason) };
                var status = await mesh.Grains.GetGrain<IDatabaseClusterGrain>(name).SetDurability(request, token);
                context.Show(status, console => console.Write(ClusterView.Draw(status)));
                return ExitCodes.Done;
            });
    }
}
