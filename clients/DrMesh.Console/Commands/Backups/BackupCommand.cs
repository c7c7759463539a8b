using System.Collections.Immutable;
using System.CommandLine;
using DrMesh.Console.Commands.Sessions;
using DrMesh.Console.Output;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Backups;

/// <summary><c>drmesh backup create|list|show|verify|delete</c>.</summary>
internal static class BackupCommand
{
    private static readonly TimeSpan VerifyPoll = TimeSpan.FromSeconds(1);

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("backup", "Make, list, check and remove backups of a cluster or an application")
    {
        Make(runner),
        List(runner),
        Show(runner),
        Verify(runner),
        Delete(runner),
    };

    private static Argument<string> ClusterArgument() => new("cluster") { Description = "The cluster, as the estate names it" };

    private static Argument<string?> OptionalCluster() => new("cluster") { Description = "The cluster, as the estate names it", Arity = ArgumentArity.ZeroOrOne };

    private static Argument<string> BackupArgument() => new("backup") { Description = "The backup's name" };

    private static Command Make(CommandRunner runner)
    {
        var (cluster, application) = (OptionalCluster(), ApplicationBackups.AppOption());
        var full = new Option<bool>("--full") { Description = "Read and store everything, whatever earlier backups hold" };
        var labels = new Option<string[]>("--label") { Description = "A label kept with the backup, name=value; may be repeated" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit trail" };
        var detach = NewSession.DetachOption();
        var command = new Command("create", "Back a cluster, or with --app an application, up and follow the session") { cluster, application, full, labels, reason, detach };
        return runner.Run(command, async (context, token) =>
        {
            ApplicationBackups.DemandOne(context.Arguments.GetValue(cluster), context.Arguments.GetValue(application));
            if (context.Arguments.GetValue(application) is { } app)
            {
                return await ApplicationBackups.CreateAsync(
                    context, app, context.Arguments.GetValue(full), Labels(context.Arguments.GetValue(labels)), context.Arguments.GetValue(reason), context.Arguments.GetValue(detach), token);
            }

            var request = new StartBackup
            {
                Cluster = new ClusterId(context.Arguments.GetValue(cluster)!),
                IsFull = context.Arguments.GetValue(full),
                Labels = Labels(context.Arguments.GetValue(labels)),
                Reason = context.Arguments.GetValue(reason),
            };
            await using var mesh = await context.ConnectAsync(token);
            var id = NewSession.Id(context, SessionKinds.Backup);
            var started = await mesh.Grains.GetGrain<IBackupSessionGrain>(id.Value).Start(request, token);
            return await NewSession.FollowAsync(context, mesh, started, context.Arguments.GetValue(detach), token);
        });
    }

    private static Command List(CommandRunner runner)
    {
        var (cluster, application) = (OptionalCluster(), ApplicationBackups.AppOption());
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only those completed at or after this time" };
        var labels = new Option<string[]>("--label") { Description = "Only those with this label, name=value; may be repeated" };
        var limit = new Option<int>("--limit") { Description = "At most so many, the newest first", DefaultValueFactory = _ => 20 };
        var command = new Command("list", "The backups of a cluster, or with --app of an application, the newest first") { cluster, application, since, labels, limit };
        return runner.Run(command, async (context, token) =>
        {
            ApplicationBackups.DemandOne(context.Arguments.GetValue(cluster), context.Arguments.GetValue(application));
            var filter = new BackupFilter
            {
                Since = context.Arguments.GetValue(since),
                Labels = Labels(context.Arguments.GetValue(labels)),
                Limit = context.Arguments.GetValue(limit),
            };
            if (context.Arguments.GetValue(application) is { } app)
            {
                return await ApplicationBackups.ListAsync(context, app, filter, token);
            }

            await using var mesh = await context.ConnectAsync(token);
            var backups = await mesh.Grains.GetGrain<IBackupCatalogueGrain>(context.Arguments.GetValue(cluster)!).List(filter, token);
            context.Show(backups, console =>
            {
                if (backups.IsEmpty)
                {
                    context.Terminal.Output.WriteLine("no backup in the catalogue; drmesh catalogue rebuild reads the repositories");
                    return;
                }

                console.Write(BackupView.Draw(backups, context.Time.GetUtcNow()));
            });
            return ExitCodes.Done;
        });
    }

    private static Command Show(CommandRunner runner)
    {
        var names = new Argument<string[]>("names") { Description = "The cluster and the backup; with --app the backup alone", Arity = new ArgumentArity(1, 2) };
        var application = ApplicationBackups.AppOption();
        return runner.Run(new Command("show", "All that is known of one backup") { names, application }, async (context, token) =>
        {
            var given = context.Arguments.GetRequiredValue(names);
            ApplicationBackups.DemandOne(given.Length == 2 ? given[0] : null, context.Arguments.GetValue(application));
            var id = new BackupId(given[^1]);
            if (context.Arguments.GetValue(application) is { } app)
            {
                return await ApplicationBackups.ShowAsync(context, app, id, token);
            }

            await using var mesh = await context.ConnectAsync(token);
            var catalogue = mesh.Grains.GetGrain<IBackupCatalogueGrain>(given[0]);
            var found = await catalogue.Find(id, token) ?? throw await UnknownAsync(catalogue, id, token);
            context.Show(found, console => console.Write(BackupView.Draw(found)));
            return ExitCodes.Done;
        });
    }

    private static Command Verify(CommandRunner runner)
    {
        var (cluster, backup) = (ClusterArgument(), BackupArgument());
        return runner.Run(new Command("verify", "Read and check every object of a backup, in every tier") { cluster, backup }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var id = new BackupId(context.Arguments.GetRequiredValue(backup));
            var catalogue = mesh.Grains.GetGrain<IBackupCatalogueGrain>(context.Arguments.GetRequiredValue(cluster));
            _ = await catalogue.Find(id, token) ?? throw await UnknownAsync(catalogue, id, token);
            var state = await catalogue.Verify(id, token);
            while (state.IsRunning)
            {
                context.Progress($"{ByteCount.Of(state.DoneBytes)} of {ByteCount.Of(state.TotalBytes)} checked");
                await Task.Delay(VerifyPoll, context.Time, token);
                // The silo that verified may be gone; asking again begins again, it changes nothing.
                state = await catalogue.Verification(id, token) ?? await catalogue.Verify(id, token);
            }

            context.Show(state, console => console.Write(BackupView.Draw(state)));
            return state.IsSound ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static Command Delete(CommandRunner runner)
    {
        var names = new Argument<string[]>("names") { Description = "The cluster and the backup; with --app the backup alone", Arity = new ArgumentArity(1, 2) };
        var application = ApplicationBackups.AppOption();
        var reason = new Option<string>("--reason") { Description = "Why, for the audit trail", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        return runner.Run(new Command("delete", "Remove a backup from every tier") { names, application, reason, yes }, async (context, token) =>
        {
            var given = context.Arguments.GetRequiredValue(names);
            ApplicationBackups.DemandOne(given.Length == 2 ? given[0] : null, context.Arguments.GetValue(application));
            var request = new DeleteBackup { Id = new BackupId(given[^1]), Reason = context.Arguments.GetRequiredValue(reason) };
            await using var mesh = await context.ConnectAsync(token);
            DeleteBackupResult result;
            if (context.Arguments.GetValue(application) is { } app)
            {
                var backups = mesh.Grains.GetGrain<IApplicationBackupsGrain>(app);
                var found = await ApplicationBackups.FindAsync(backups, app, request.Id, token);
                Agree(context, yes, request.Id, $"{found.TakenAt:u} with {string.Join(", ", found.Parts.Select(part => part.Name))}");
                result = await backups.Delete(request, token);
            }
            else
            {
                var catalogue = mesh.Grains.GetGrain<IBackupCatalogueGrain>(given[0]);
                var found = await catalogue.Find(request.Id, token) ?? throw await UnknownAsync(catalogue, request.Id, token);
                Agree(context, yes, request.Id, $"{found.CompletedAt:u} from {string.Join(", ", found.Tiers)}");
                result = await catalogue.Delete(request, token);
            }

            if (!result.IsRemoved)
            {
                throw new DrMeshException(DrMeshError.SessionConflict, $"backup {request.Id} stays: {result.Reason}", "drmesh backup show tells what it is");
            }

            context.Show(result, _ => context.Terminal.Output.WriteLine($"backup {request.Id} is removed; its space is freed by the next garbage collection"));
            return ExitCodes.Done;
        });
    }

    private static void Agree(CommandContext context, Option<bool> yes, BackupId id, string what)
    {
        if (!context.Arguments.GetValue(yes) && !context.Confirm($"Remove backup {id} of {what}?"))
        {
            throw new DrMeshException(DrMeshError.ApprovalRequired, $"backup {id} was not removed", "repeat with --yes");
        }
    }

    private static async Task<DrMeshException> UnknownAsync(IBackupCatalogueGrain catalogue, BackupId id, CancellationToken cancellationToken)
    {
        var known = await catalogue.List(new BackupFilter(), cancellationToken);
        return new DrMeshException(
            DrMeshError.RepositoryBackupUnknown, $"no tier has a backup {id}", Core.Errors.NearestName.Hint(id.Value, [.. known.Select(backup => backup.Id.Value)]));
    }

    private static ImmutableSortedDictionary<string, string> Labels(string[]? given)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var label in given ?? [])
        {
            var equals = label.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new DrMeshException(DrMeshError.UsageInvalid, $"--label {label} is not name=value", "write for example --label release=42");
            }

            labels[label[..equals]] = label[(equals + 1)..];
        }

        return labels.ToImmutable();
    }
}
