using System.CommandLine;
using DrMesh.Console.Commands.Sessions;

namespace DrMesh.Console.Commands.Restores;

/// <summary><c>drmesh restore</c>: an application, whole or in part, beside what runs.</summary>
internal static class RestoreCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var asked = new ApplicationRestore();
        var application = new Option<string>("--app") { Description = "The application, as the estate names it", Required = true };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Go on from the backup's point to this moment; file trees stay at the point" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit trail" };
        var detach = NewSession.DetachOption();
        var command = new Command("restore", "Restore an application, or parts of it, to its consistency point or a time, as a durable session")
        {
            application, asked.Backup, to, asked.Before, asked.Parts, asked.Strategy, asked.Overwrite, asked.State, reason, detach,
        };
        return runner.Run(command, (context, token) => ApplicationRestore.RunAsync(
            context,
            asked.Request(context, context.Arguments.GetRequiredValue(application), context.Arguments.GetValue(to), context.Arguments.GetValue(reason)),
            asks: false,
            context.Arguments.GetValue(detach),
            token));
    }
}
