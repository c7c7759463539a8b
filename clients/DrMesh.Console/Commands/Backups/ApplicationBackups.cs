using System.Collections.Immutable;
using System.CommandLine;
using DrMesh.Console.Commands.Sessions;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Backups;

/// <summary>What <c>drmesh backup create|list|show|delete</c> do with <c>--app</c>.</summary>
internal static class ApplicationBackups
{
    /// <summary><c>--app</c>.</summary>
    public static Option<string?> AppOption() => new("--app") { Description = "A whole application instead of one cluster, at one consistency point" };

    /// <summary>Either a cluster or an application is named, and not both.</summary>
    /// <exception cref="DrMeshException">Neither is, or both are.</exception>
    public static void DemandOne(string? cluster, string? application)
    {
        if (cluster is null == application is null)
        {
            throw new DrMeshException(
                DrMeshError.UsageInvalid, cluster is null ? "neither a cluster nor --app is given" : $"both the cluster {cluster} and --app {application} are given", "name a cluster, or an application with --app");
        }
    }

    /// <summary>Begins one and follows it.</summary>
    public static async Task<int> CreateAsync(
        CommandContext context, string application, bool isFull, ImmutableSortedDictionary<string, string> labels, string? reason, bool detach, CancellationToken cancellationToken)
    {
        await using var mesh = await context.ConnectAsync(cancellationToken);
        var id = NewSession.Id(context, SessionKinds.UnifiedBackup);
        var request = new StartUnifiedBackup { Application = application, IsFull = isFull, Labels = labels, Reason = reason };
        var started = await mesh.Grains.GetGrain<IUnifiedBackupSessionGrain>(id.Value).Start(request, cancellationToken);
        return await NewSession.FollowAsync(context, mesh, started, detach, cancellationToken);
    }

    /// <summary>Lists them.</summary>
    public static async Task<int> ListAsync(CommandContext context, string application, BackupFilter filter, CancellationToken cancellationToken)
    {
        await using var mesh = await context.ConnectAsync(cancellationToken);
        var backups = await mesh.Grains.GetGrain<IApplicationBackupsGrain>(application).List(filter, cancellationToken);
        context.Show(backups, console =>
        {
            if (backups.IsEmpty)
            {
                context.Terminal.Output.WriteLine("no backup in the catalogue; drmesh catalogue rebuild reads the repositories");
                return;
            }

            console.Write(ApplicationBackupView.Draw(backups, context.Time.GetUtcNow()));
        });
        return ExitCodes.Done;
    }

    /// <summary>One.</summary>
    /// <exception cref="DrMeshException">No tier has it; the nearest is named.</exception>
    public static async Task<UnifiedBackupEntry> FindAsync(IApplicationBackupsGrain backups, string application, BackupId id, CancellationToken cancellationToken) =>
        await backups.Find(id, cancellationToken) ?? throw new DrMeshException(
            DrMeshError.RepositoryBackupUnknown,
            $"no tier has a unified backup {id} of {application}",
            Core.Errors.NearestName.Hint(id.Value, [.. (await backups.List(new BackupFilter(), cancellationToken)).Select(backup => backup.Id.Value)]));

    /// <summary>Shows one.</summary>
    public static async Task<int> ShowAsync(CommandContext context, string application, BackupId id, CancellationToken cancellationToken)
    {
        await using var mesh = await context.ConnectAsync(cancellationToken);
        var found = await FindAsync(mesh.Grains.GetGrain<IApplicationBackupsGrain>(application), application, id, cancellationToken);
        context.Show(found, console => console.Write(ApplicationBackupView.Draw(found)));
        return ExitCodes.Done;
    }
}
