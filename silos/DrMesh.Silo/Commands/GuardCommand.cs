using System.CommandLine;
using System.Runtime.InteropServices;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;

namespace DrMesh.Silo.Commands;

/// <summary>The hidden command of the process that ends a database when its agent is gone.</summary>
internal static class GuardCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo>("DATA") { Description = "The server's data directory" };
        var guard = new Command(ServerGuard.Command, "End a database when its agent is gone") { directory };
        guard.Hidden = true;
        guard.SetAction(async (arguments, _) =>
        {
            // Its only reason to end is the agent's end.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
            await ServerGuard.ServeAsync(new PostgresInstance(PostgresInstall.Find(), arguments.GetRequiredValue(directory).FullName), Console.In, Console.Out, TimeProvider.System);
            return ExitCodes.Done;
        });
        return guard;
    }
}
