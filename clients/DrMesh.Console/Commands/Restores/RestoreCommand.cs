using System.CommandLine;
using DrMesh.Console.Commands.Sessions;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Restores;

/// <summary><c>drmesh restore</c>: an application, whole or in part, beside what runs.</summary>
internal static class RestoreCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var application = new Option<string>("--app") { Description = "The application, as the estate names it", Required = true };
        var backup = new Option<string?>("--backup") { Description = "The unified backup; else the newest, with --to the newest before it" };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Go on from the backup's point to this moment; file trees stay at the point" };
        var parts = new Option<string[]>("--part")
        {
            Description = "A part and where it goes, may be repeated: CLUSTER=NODE:DIRECTORY:PORT (PostgreSQL), TREE=NODE:DIRECTORY, SET=OTHER-SET (MongoDB)", Required = true,
        };
        var state = new Option<bool>("--with-state") { Description = "Hand the application its own captured state back in the end" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit trail" };
        var detach = NewSession.DetachOption();
        var command = new Command("restore", "Restore an application, or parts of it, to its consistency point or a time, as a durable session")
        {
            application, backup, to, parts, state, reason, detach,
        };
        return runner.Run(command, async (context, token) =>
        {
            var arguments = context.Arguments;
            await using var mesh = await context.ConnectAsync(token);
            var name = arguments.GetRequiredValue(application);
            var chosen = arguments.GetValue(backup) is { } id ? new BackupId(id) : (BackupId?)null;
            var request = new StartUnifiedRestore
            {
                Application = name,
                Backup = chosen,
                Until = arguments.GetValue(to),
                Parts = [.. arguments.GetRequiredValue(parts).Select(PartArgument.Parse)],
                WithState = arguments.GetValue(state),
                Reason = arguments.GetValue(reason),
            };
            var session = NewSession.Id(context, SessionKinds.UnifiedRestore);
            var started = await mesh.Grains.GetGrain<IUnifiedRestoreSessionGrain>(session.Value).Start(request, token);
            return await NewSession.FollowAsync(context, mesh, started, arguments.GetValue(detach), token);
        });
    }
}
