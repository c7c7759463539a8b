using System.CommandLine;
using DrMesh.Client;
using DrMesh.Console.Output;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using Spectre.Console;

namespace DrMesh.Console.Commands.Status;

/// <summary><c>drmesh status</c>: the mesh on one screen.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Refresh every second until interrupted" };
        return runner.Run(new Command("status", "Regions, silos, clusters and sessions on one screen") { watch }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            if (context.Arguments.GetValue(watch))
            {
                return await WatchAsync(context, mesh, token);
            }

            var report = await AskAsync(mesh, token);
            context.Show(report, console => console.Write(StatusView.Draw(report)));
            return report.Mesh.ControlStore.IsReachable ? ExitCodes.Done : ExitCodes.Unreachable;
        });
    }

    private static async Task<int> WatchAsync(CommandContext context, MeshConnection mesh, CancellationToken cancellationToken)
    {
        try
        {
            if (context.Format == OutputFormat.Json || !context.Terminal.IsInteractive)
            {
                while (true)
                {
                    var report = await AskAsync(mesh, cancellationToken);
                    context.Show(report, console => console.Write(StatusView.Draw(report)));
                    await Task.Delay(RefreshEvery, context.Time, cancellationToken);
                }
            }

            await context.Terminal.Console.Live(Text.Empty).StartAsync(async live =>
            {
                while (true)
                {
                    live.UpdateTarget(await DrawAsync(mesh, cancellationToken));
                    await Task.Delay(RefreshEvery, context.Time, cancellationToken);
                }
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }

        return ExitCodes.Done;
    }

    // A mesh that does not answer for a moment is what one watches for: it is shown, and the watch goes on.
    private static async Task<Spectre.Console.Rendering.IRenderable> DrawAsync(MeshConnection mesh, CancellationToken cancellationToken)
    {
        try
        {
            return StatusView.Draw(await AskAsync(mesh, cancellationToken));
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            return Tables.Bad($"the mesh does not answer: {lost.Message}");
        }
    }

    private static async Task<StatusReport> AskAsync(MeshConnection mesh, CancellationToken cancellationToken)
    {
        var overview = await mesh.Grains.GetGrain<IMeshGrain>(0).GetOverview(cancellationToken);
        var missing = new List<string>();
        var estate = TryAsync("the estate", () => mesh.Grains.GetGrain<IEstateGrain>(IEstateGrain.Key).Current(cancellationToken), missing);
        var sessions = TryAsync(
            "the list of sessions",
            async () => await mesh.Grains.GetGrain<ISessionListGrain>(0).List(new SessionFilter { UnfinishedOnly = true }, cancellationToken),
            missing);
        var clusters = await estate is { } applied ? await Task.WhenAll(applied.Estate.Clusters.Select(LineAsync)) : [];
        return new StatusReport
        {
            Mesh = overview,
            EstateVersion = (await estate)?.Version,
            Clusters = [.. clusters],
            Sessions = await sessions is { IsDefault: false } list ? list : [],
            Missing = [.. missing],
        };

        async Task<ClusterLine> LineAsync(ClusterDefinition cluster) => ClusterLine.From(cluster) with
        {
            Now = cluster is PostgreSqlCluster
                ? await TryAsync($"cluster {cluster.Name}", () => mesh.Grains.GetGrain<IDatabaseClusterGrain>(cluster.Name.Value).GetStatus(cancellationToken), missing)
                : null,
        };

        // What lives in the control store is asked with its own patience: the picture of the mesh does not wait for it.
        async Task<T?> TryAsync<T>(string what, Func<Task<T>> ask, List<string> unanswered)
        {
            if (!overview.ControlStore.IsReachable)
            {
                unanswered.Add($"{what} is not known while the control store is unreachable");
                return default;
            }

            try
            {
                return await ask().WaitAsync(StorePatience, cancellationToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                unanswered.Add($"{what} could not be asked: {failed.Message}");
                return default;
            }
        }
    }
}
