using System.CommandLine;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;

namespace DrMesh.Console.Commands.Backups;

/// <summary><c>drmesh catalogue rebuild</c>.</summary>
internal static class CatalogueCommand
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("catalogue", "The catalogue of all backups in the control store")
    {
        runner.Run(new Command("rebuild", "Write the catalogue anew from the repositories alone"), RebuildAsync),
    };

    private static async Task<int> RebuildAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var mesh = await context.ConnectAsync(cancellationToken);
        var catalogue = mesh.Grains.GetGrain<ICatalogueGrain>(0);
        var state = await catalogue.Rebuild(cancellationToken);
        while (state.IsRunning)
        {
            context.Progress($"{state.Read} of {state.Repositories} repositories read, {state.Backups} backups");
            await Task.Delay(Poll, context.Time, cancellationToken);
            // The silo that read may be gone; asking again begins again, which changes nothing twice.
            state = await catalogue.Rebuilding(cancellationToken) ?? await catalogue.Rebuild(cancellationToken);
        }

        if (state.Failure is { } failure)
        {
            throw new DrMeshException(DrMeshError.RepositoryStoreFailed, $"the catalogue was not rebuilt: {failure}", "nothing was changed; mend what is named, then repeat it");
        }

        context.Show(state, _ =>
        {
            context.Terminal.Output.WriteLine($"{state.Backups} backups in {state.Read - state.Unread.Length} repositories; {state.Added} rows were missing, {state.Removed} are gone");
            foreach (var unread in state.Unread)
            {
                context.Terminal.Output.WriteLine($"not read, its rows stay as they were: {unread}");
            }
        });
        return state.Unread.IsEmpty ? ExitCodes.Done : ExitCodes.Failed;
    }
}
